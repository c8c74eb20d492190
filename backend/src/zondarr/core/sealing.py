"""Finds the columns with sealed values, and seals them again.

    api_key: Mapped[str] = mapped_column(info={"sealed": True})

is all that a model declares; the associated data is `place_of(table, column, row id)`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    MetaData,
    Table,
    and_,
    not_,
    or_,
    select,
    update,
)

from zondarr.core.crypto import Keyring, SealError, key_id_of, place_of
from zondarr.core.database import Database, Session
from zondarr.core.exceptions import ConfigurationError

BATCH = 100
"""Rows per transaction: other writers run in between."""


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """How many values were sealed again with the newest key, and how many no key could
    open.
    """

    changed: int = 0
    unreadable: int = 0

    def __add__(self, other: Rewrapped) -> Rewrapped:
        changed = self.changed + other.changed
        return Rewrapped(changed, self.unreadable + other.unreadable)


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One column of sealed values, in a table with the key `id`."""

    table: Table
    column: Column[Any]

    def place(self, id: UUID) -> str:
        return place_of(self.table.name, self.column.name, id)

    async def outdated(
        self, session: Session, keyring: Keyring, after: UUID | None
    ) -> Sequence[tuple[UUID, str]]:
        """The next rows that an older key sealed, in the order of their keys."""
        key = self.table.c.id
        rows = select(key, self.column).where(
            not_(self.column.startswith(keyring.current_prefix, autoescape=True))
        )
        if after is not None:
            rows = rows.where(key > after)
        found = await session.execute(rows.order_by(key).limit(BATCH))
        return [(row[0], row[1]) for row in found]

    async def foreign(self, session: Session, keyring: Keyring) -> str | None:
        """The id of a key that a value here needs and that we do not have."""
        sealed = select(self.column).where(self._needs_another(keyring))
        found = await session.scalar(sealed.limit(1))
        return None if found is None else key_id_of(found)

    async def forget(self, session: Session, keyring: Keyring) -> int:
        """Clear the cells that need such a key; returns their number."""
        change = update(self.table).where(self._needs_another(keyring))
        change = change.values({self.column.name: None if self.column.nullable else ""})
        changed = await session.execute(change.returning(self.table.c.id))
        return len(changed.all())

    def _needs_another(self, keyring: Keyring) -> ColumnElement[bool]:
        ours = [
            self.column.startswith(one, autoescape=True) for one in keyring.prefixes
        ]
        return and_(self.column != "", not_(or_(*ours)))

    async def replace(self, session: Session, id: UUID, old: str, new: str) -> bool:
        """Replace the value, unless it has changed since."""
        table = self.table
        values: dict[str, Any] = {self.column.name: new}
        if "updated_at" in table.c:  # no visible value changes
            values["updated_at"] = table.c.updated_at
        change = update(table).where(table.c.id == id, self.column == old)
        changed = await session.scalar(change.values(values).returning(table.c.id))
        return changed is not None


def sealed_columns(metadata: MetaData) -> Iterator[SealedColumn]:
    """Every column that is declared as sealed."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.info.get("sealed"):
                yield SealedColumn(table, column)


async def require_keys(
    database: Database, keyring: Keyring, metadata: MetaData
) -> None:
    """Raises `ConfigurationError` when a stored value needs a key that we do not have.

    Called at start: with a wrong key the program would consider all values lost, and
    give up redemptions that the right key could finish or undo.
    """
    async with database.unscoped("key rotation", reading=True) as session:
        for column in sealed_columns(metadata):
            if await column.foreign(session, keyring) is None:
                continue
            keyring.reload()  # the key may just have been rotated
            missing = await column.foreign(session, keyring)
            if missing is not None:
                raise ConfigurationError(
                    f"What is stored was sealed with another secret key ({missing});"
                    + " SECRET_KEY or SECRET_KEY_FILE does not hold it. Put it back;"
                    + " if it is lost for good, run `zondarr keys abandon` and type"
                    + " the servers' API keys again."
                )


async def abandon(database: Database, keyring: Keyring, metadata: MetaData) -> int:
    """Clear what none of our keys can open; returns the number of values."""
    async with database.unscoped("key rotation") as session:
        columns = list(sealed_columns(metadata))
        return sum([await one.forget(session, keyring) for one in columns])


async def rewrap(database: Database, keyring: Keyring, metadata: MetaData) -> Rewrapped:
    """Seal again with the newest key, while others read and write.

    Repeats until nothing is left: a process that has not noticed the new key yet may
    have sealed with the old one meanwhile.
    """
    changed = 0
    while True:
        passed = Rewrapped()
        for column in sealed_columns(metadata):
            passed += await _rewrap_column(database, keyring, column)
        changed += passed.changed
        if not passed.changed:
            return Rewrapped(changed, passed.unreadable)


async def _rewrap_column(
    database: Database, keyring: Keyring, column: SealedColumn
) -> Rewrapped:
    done, after = Rewrapped(), None
    while True:
        async with database.unscoped("key rotation") as session:
            rows = await column.outdated(session, keyring, after)
            for row, sealed in rows:
                done += await _rewrap_value(session, keyring, column, row, sealed)
        if not rows:
            return done
        after = rows[-1][0]


async def _rewrap_value(
    session: Session, keyring: Keyring, column: SealedColumn, id: UUID, sealed: str
) -> Rewrapped:
    place = column.place(id)
    try:
        opened = keyring.open(sealed, place=place)
    except SealError:
        return Rewrapped(unreadable=1)
    fresh = keyring.seal(opened, place=place)
    return Rewrapped(changed=await column.replace(session, id, sealed, fresh))

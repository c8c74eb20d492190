"""Which columns hold sealed values, and how they are all sealed anew.

    api_key: Mapped[str] = mapped_column(info={"sealed": True})

is all that a model says; the value's place is `place_of(table, column, row id)`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, MetaData, Table, not_, select, update

from zondarr.core.crypto import Keyring, SealError, place_of
from zondarr.core.database import Database, Session

BATCH = 100
"""Rows per transaction: other writers get their turn in between."""


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """How many values the newest key sealed anew, and how many no key could open."""

    changed: int = 0
    unreadable: int = 0

    def __add__(self, other: Rewrapped) -> Rewrapped:
        changed = self.changed + other.changed
        return Rewrapped(changed, self.unreadable + other.unreadable)


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One column of sealed values, in a table whose key is `id`."""

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

    async def replace(self, session: Session, id: UUID, old: str, new: str) -> bool:
        """Put the new value in place of the old one, unless that has changed since."""
        table = self.table
        values: dict[str, Any] = {self.column.name: new}
        if "updated_at" in table.c:  # nobody changed anything that can be seen
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


async def rewrap(database: Database, keyring: Keyring, metadata: MetaData) -> Rewrapped:
    """Seal with the newest key what an older one sealed, while others read and write.

    Goes over it until there is nothing left: who has not noticed the new key yet may
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

"""The history of the schema, and how it is walked: up, down, or compared.

It lies inside the package, so that an installed wheel can migrate when it starts. A
walk is one transaction, and one process at a time takes it: on PostgreSQL by an
advisory lock, on SQLite by a lock file next to the database.

Alembic is imported only when there is a way to go: it takes 15 MiB and half a second
of each start, and on most starts there is none.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from zondarr.core.database import create_engine
from zondarr.core.database.url import sqlite_file
from zondarr.migrations.lock import alone

__all__ = [
    "alone",
    "check",
    "downgrade",
    "is_up_to_date",
    "known",
    "newest",
    "revision",
    "upgrade",
]

_REVISIONS = "SELECT version_num FROM alembic_version"
_VERSIONS = Path(__file__).parent / "versions"


async def upgrade(url: str, to: str = "head") -> None:
    """Bring the schema up to a revision; nothing happens if it is there already."""
    if to == "head" and await is_up_to_date(url):
        return
    from zondarr.migrations import history  # noqa: PLC0415

    await history.up(url, to)


async def downgrade(url: str, to: str) -> None:
    """Bring the schema down to a revision (`-1`: by one, `base`: to nothing)."""
    from zondarr.migrations import history  # noqa: PLC0415

    await history.down(url, to)


async def check(url: str) -> None:
    """Compare the schema with the tables; raises Alembic's `CommandError` if unlike."""
    from zondarr.migrations import history  # noqa: PLC0415

    await history.compare(url)


async def is_up_to_date(url: str) -> bool:
    """Whether the schema is the newest; problems are found and logged by the
    migration.
    """
    target = make_url(url)
    try:
        if target.get_backend_name() == "sqlite":
            return _revisions_in(sqlite_file(target)) == [newest()]
        return await _revisions_of(target) == [newest()]
    except SQLAlchemyError, sqlite3.Error, OSError:
        return False


def _revisions_in(file: Path) -> Sequence[str]:
    """Without a thread and without waiting, in a file that is there."""
    address = f"{file.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, timeout=0)) as connection:
        return [row[0] for row in connection.execute(_REVISIONS)]


async def _revisions_of(target: URL) -> Sequence[str]:
    engine = create_engine(target)
    try:
        async with engine.connect() as connection:
            return (await connection.scalars(text(_REVISIONS))).all()
    finally:
        await engine.dispose()


async def revision(url: str) -> str | None:
    """The schema's revision, null if there is none yet; raises what the database does.

    Nothing is created, not even the file.
    """
    target = make_url(url)
    if target.get_backend_name() != "sqlite":
        engine = create_engine(target)
        try:
            async with engine.connect() as connection:
                if await connection.scalar(
                    text("SELECT to_regclass('alembic_version')")
                ):
                    return await connection.scalar(text(_REVISIONS))
        finally:
            await engine.dispose()
        return None
    file = sqlite_file(target)
    if not file.exists():
        return None
    try:
        return next(iter(_revisions_in(file)), None)
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return None
        raise


def newest() -> str:
    """The newest revision: files are named after theirs, in the order of the walk."""
    return max(known())


def known() -> frozenset[str]:
    """All revisions that this program can walk to."""
    return frozenset(
        path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*.py")
    )

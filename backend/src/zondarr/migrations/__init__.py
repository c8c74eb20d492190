"""The history of the schema, and how it is walked: up, down, or compared.

It lies inside the package, so that an installed wheel can migrate when it starts. A
walk is one transaction, and one process at a time takes it: on PostgreSQL by an
advisory lock, on SQLite by a lock file next to the database.

Alembic is imported only when there is a way to go: it takes 15 MiB and half a second
of each start, and on most starts there is none.
"""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from zondarr.core.database import create_engine
from zondarr.migrations.lock import alone

__all__ = ["alone", "check", "downgrade", "newest", "upgrade"]

_VERSIONS = Path(__file__).parent / "versions"


async def upgrade(url: str, to: str = "head") -> None:
    """Bring the schema up to a revision; nothing happens if it is there already."""
    if to == "head" and await _is_at(url, newest()):
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


def newest() -> str:
    """The newest revision: files are named after theirs, in the order of the walk."""
    return max(path.name for path in _VERSIONS.glob("[0-9]*.py")).partition("_")[0]


async def _is_at(url: str, revision: str) -> bool:
    """Whether the schema is there; whatever is wrong, the walk finds and tells it."""
    engine = create_engine(make_url(url)).execution_options(zondarr_reading=True)
    try:
        async with engine.connect() as connection:
            found = await connection.scalars(
                text("SELECT version_num FROM alembic_version")
            )
            return found.all() == [revision]
    except SQLAlchemyError, OSError:
        return False
    finally:
        await engine.dispose()

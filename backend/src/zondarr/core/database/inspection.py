"""Questions about the database itself, for those who look after it."""

from datetime import datetime

from sqlalchemy import text

from zondarr.core.database.engine import Database


async def find_damage(database: Database) -> str | None:
    """What SQLite's own check finds first, null if nothing; PostgreSQL has no such."""
    if database.is_postgresql:
        return None
    async with database.reader.connect() as connection:
        found = await connection.scalar(text("PRAGMA quick_check(1)"))
    return None if found == "ok" else str(found)


async def read_clock(database: Database) -> datetime | None:
    """The time of PostgreSQL's machine; null on SQLite, which has ours."""
    if not database.is_postgresql:
        return None
    async with database.reader.connect() as connection:
        return (await connection.execute(text("SELECT now()"))).scalar_one()

"""All that is known of requests, to compare it before and after."""

from typing import Any

from sqlalchemy import select

from zondarr.core.database import Database
from zondarr.requests.models import MediaRequest, RequestedSeason, Requester

VOLATILE = {"updated_at", "created_at", "id", "requester_id", "request_id"}


async def snapshot(database: Database) -> dict[str, list[dict[str, Any]]]:
    """The rows of requests, their seasons and requesters."""
    found: dict[str, list[dict[str, Any]]] = {}
    async with database.unscoped("command line", reading=True) as session:
        for entity in (MediaRequest, RequestedSeason, Requester):
            table = entity.__table__
            rows = (await session.execute(select(table))).mappings()
            plain = [
                {key: value for key, value in row.items() if key not in VOLATILE}
                for row in rows
            ]
            found[entity.__tablename__] = sorted(plain, key=str)
    return found


async def requests_of(database: Database) -> dict[int, MediaRequest]:
    async with database.unscoped("command line", reading=True) as session:
        rows = (await session.scalars(select(MediaRequest))).all()
    return {row.external_id: row for row in rows}

"""Many people, written straight into a database; and the queries their list takes.

    python crowd.py fill URL WORKSPACE SERVER FROM TO
    python crowd.py queries URL WORKSPACE

A script, so that what it imports is in no process that is measured.
"""

import asyncio
import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid7

from sqlalchemy import event, insert

from questions import LIMIT, QUESTIONS
from zondarr import tables
from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.core.repository import PageRequest
from zondarr.users.models import Identity, User
from zondarr.users.service import PeopleService

BATCH = 1000

assert tables.Base


async def fill(
    database: Database, workspace: UUID, server: UUID, numbers: range
) -> None:
    for begin in range(numbers.start, numbers.stop, BATCH):
        part = range(begin, min(begin + BATCH, numbers.stop))
        people = [_person(number, workspace) for number in part]
        accounts = [_account(person, server) for person in people]
        async with database.unscoped("command line") as session:
            await session.execute(insert(Identity), people)
            await session.execute(insert(User), accounts)


def _person(number: int, workspace: UUID) -> dict[str, Any]:
    now = utc_now()
    return {
        "id": uuid7(),
        "workspace_id": workspace,
        # Far apart from the order in which they came.
        "display_name": f"guest {number * 7919 % 10_000:05}",
        "email": f"guest{number}@people.example",
        "expires_at": now + timedelta(days=number % 365) if number % 3 else None,
        "enabled": True,
        "created_at": now - timedelta(minutes=number),
        "updated_at": now,
    }


def _account(person: dict[str, Any], server: UUID) -> dict[str, Any]:
    same = ("workspace_id", "expires_at", "enabled", "created_at", "updated_at")
    return {
        **{name: person[name] for name in same},
        "id": uuid7(),
        "identity_id": person["id"],
        "media_server_id": server,
        "external_user_id": uuid7().hex,
        "username": person["display_name"],
    }


async def queries(database: Database, workspace: UUID) -> dict[str, int]:
    """How many statements each question takes, without that for the session."""
    counted: dict[str, int] = {}
    for name, asked in QUESTIONS.items():
        with _statements(database) as statements:
            async with database.scoped(workspace, reading=True) as session:
                page = PageRequest(limit=LIMIT, sort=asked.get("sort"))
                people = PeopleService(
                    session, Actor.job("bench", workspace_id=workspace)
                )
                await people.find(page, q=asked.get("q"))
        counted[name] = len(statements)
    return counted


@contextmanager
def _statements(database: Database) -> Generator[list[str]]:
    seen: list[str] = []

    def see(*arguments: Any) -> None:
        if not arguments[2].startswith("BEGIN"):
            seen.append(arguments[2])

    event.listen(database.reader.sync_engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(database.reader.sync_engine, "before_cursor_execute", see)


async def main(what: str, url: str, workspace: str, *rest: str) -> None:
    database = Database(url)
    if what == "fill":
        server, begin, end = rest
        numbers = range(int(begin), int(end))
        await fill(database, UUID(workspace), UUID(server), numbers)
    else:
        print(json.dumps(await queries(database, UUID(workspace))))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

"""Answers that are kept until something is written."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from zondarr.accounts.models import Workspace
from zondarr.core.database import Database
from zondarr.core.database.cache import AtRevision, UntilWrite


async def test_an_answer_is_kept_until_the_next_write_where_all_writes_are_ours(
    database: Database,
) -> None:
    cache: UntilWrite[str, UUID] = UntilWrite(database, size=2)
    asked = list[str]()

    async def ask(name: str) -> None:
        async def read() -> UUID:
            asked.append(name)
            return UUID(int=len(asked))

        await cache.get(name, read)

    async def write() -> None:
        async with database.unscoped("set-up") as session:
            session.add(Workspace(name="Home"))

    await ask("a")
    await ask("a")
    assert asked == (["a", "a"] if database.is_postgresql else ["a"])
    await write()
    asked.clear()
    for name in "aabbcca":
        await ask(name)
    kept = "aabbcca" if database.is_postgresql else "abca"
    assert "".join(asked) == kept


async def test_what_was_read_before_a_write_is_not_kept(database: Database) -> None:
    cache: UntilWrite[str, int] = UntilWrite(database, size=2)

    async def slow() -> int:
        async with database.unscoped("set-up") as session:
            session.add(Workspace(name="Home"))
        return 1

    async def quick() -> int:
        return 2

    assert await cache.get("a", slow) == 1
    assert await cache.get("a", quick) == 2


async def test_a_sum_is_kept_for_its_revision_and_a_while() -> None:
    cache = AtRevision(size=2, at_most=timedelta(minutes=1))
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    counted = list[str]()

    async def ask(key: str, revision: int, now: datetime) -> int:
        async def count() -> int:
            counted.append(f"{key}{revision}")
            return len(counted)

        return await cache.get(key, revision, now, count)

    assert await ask("a", 1, noon) == 1
    assert await ask("a", 1, noon + timedelta(seconds=59)) == 1
    assert await ask("a", 2, noon) == 2
    assert await ask("a", 2, noon + timedelta(seconds=60)) == 3
    # The third key takes the place of the one that was asked for least recently.
    for key in "aba":
        await ask(key, 2, noon + timedelta(seconds=60))
    await ask("c", 2, noon)
    await ask("a", 2, noon + timedelta(seconds=60))
    await ask("b", 2, noon + timedelta(seconds=60))
    assert counted == ["a1", "a2", "a2", "b2", "c2", "b2"]

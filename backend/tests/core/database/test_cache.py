"""Answers that are kept until something is written."""

from uuid import UUID

from zondarr.accounts.models import Workspace
from zondarr.core.database import Database
from zondarr.core.database.cache import UntilWrite


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

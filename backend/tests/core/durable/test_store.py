"""Where durable work is kept, derived from where everything else is."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from zondarr.core.database import Database
from zondarr.core.database.url import parse_database_url
from zondarr.core.durable import Durable, Timing, store
from zondarr.core.durable.store import store_of
from zondarr.core.exceptions import ConfigurationError


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            "postgresql+asyncpg://u:p%40ss@db.example:5433/zondarr",
            "postgresql+psycopg://u:p%40ss@db.example:5433/zondarr",
        ),
        (
            "postgresql+asyncpg://u@/zondarr?host=/var/run/postgresql",
            "postgresql+psycopg://u@/zondarr?host=%2Fvar%2Frun%2Fpostgresql",
        ),
        (
            "postgresql+asyncpg://u@h/z?ssl=require&prepared_statement_cache_size=0",
            "postgresql+psycopg://u@h/z?sslmode=require",
        ),
        (
            "postgresql+asyncpg://u@h/z?ssl=true",
            "postgresql+psycopg://u@h/z?sslmode=require",
        ),
    ],
)
def test_the_store_is_in_the_same_postgresql(ours: str, theirs: str) -> None:
    url, folder = store_of(parse_database_url(ours))
    assert url.render_as_string(hide_password=False) == theirs
    assert folder is None


def test_the_store_is_a_file_beside_our_sqlite(tmp_path: Path) -> None:
    url, folder = store_of(make_url(f"sqlite+aiosqlite:///{tmp_path}/zondarr.db"))
    assert url.database == str(tmp_path / "durable.db")
    assert folder == tmp_path


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.own_database
async def test_a_store_that_is_no_database_is_a_sentence(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "durable.db").write_text("this is no database, " * 100)
    with pytest.raises(ConfigurationError, match=r"durable\.db: .*not a database"):
        async with Durable(database):
            pass
    (tmp_path / "durable.db").unlink()
    async with Durable(database):
        pass


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_file_of_the_store_shrinks_when_much_of_it_is_empty(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "WORTH_BYTES", 100_000)
    kept = Timing(workflows_kept=timedelta(seconds=-60))
    durable = Durable(database, timing=kept)

    async def work(_text: str) -> None:
        pass

    workflow = durable.workflow("work", work)
    async with durable:
        for number in range(3):
            await workflow.start("x" * 300_000, id=str(number))
            await workflow.wait(str(number))
        file = store_of(database.url)[0].database
        assert file is not None
        async with asyncio.timeout(10):
            await durable.tidy()
        assert os.stat(file).st_size < 500_000  # noqa: PTH116
        await workflow.start("small", id="another")
        await workflow.wait("another")

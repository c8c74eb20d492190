"""Where durable work is kept, derived from where everything else is."""

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from zondarr.core.database import Database
from zondarr.core.durable import Durable
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
    url, folder = store_of(make_url(ours))
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

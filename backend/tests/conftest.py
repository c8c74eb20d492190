"""Databases for the tests: both kinds, real, and empty but for our schema."""

import asyncio
import gc
import json
import secrets
import shutil
import tempfile
from asyncio import AbstractEventLoop
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from typing import Any, cast

import aiosqlite
import hypothesis
import pytest
import uvloop
from sqlalchemy import make_url
from tests.databases import SharedDatabase, SharedPostgreSQL, SharedSQLite
from tests.postgresql import (
    TEMPLATE,
    PostgreSQL,
    roomy_memory,
    running_postgresql,
)

from zondarr.accounts.models import Workspace
from zondarr.config import Settings
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.core.logs import configure_logs
from zondarr.media.clients import register_clients
from zondarr.media.connections import ClientOptions
from zondarr.media.registry import ClientRegistry
from zondarr.migrations import upgrade

KINDS = ("sqlite", "postgresql")

# No test asserts a time: a busy machine takes as long as it takes.
hypothesis.settings.register_profile("zondarr", deadline=None)
hypothesis.settings.load_profile("zondarr")


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], AbstractEventLoop]]:
    """As `zondarr serve` does, the tests run on uvloop."""
    return {"uvloop": uvloop.new_event_loop}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest come first, so that no worker is left alone with them at the end."""
    items.sort(key=lambda item: "tests/killed" not in str(item.path))


def pytest_collection_finish() -> None:
    """What the imports made stays until the end: it is not looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20)


@pytest.fixture(autouse=True, scope="session")
def _known_server_types() -> None:
    """As the container does: facts about server types come from the registry."""
    register_clients(ClientRegistry())


@pytest.fixture(scope="session")
def postgresql(
    tmp_path_factory: pytest.TempPathFactory, testrun_uid: str, worker_id: str
) -> Iterator[PostgreSQL]:
    """The run's PostgreSQL server; it starts when the first test asks for it."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    # Not below pytest's own folder: that one is closed to the server's user.
    folder = roomy_memory() / f"zondarr-postgresql-{testrun_uid[:12]}"
    with running_postgresql(folder, shared / "postgresql.lock") as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "zondarr.db"
    _apart(_make_schema(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: PostgreSQL) -> str:
    with postgresql.template() as url:
        if url is not None:
            _apart(_make_schema(url))
    return TEMPLATE


@pytest.fixture(scope="session")
async def shared_sqlite(
    sqlite_template: Path, worker_id: str
) -> AsyncGenerator[SharedDatabase]:
    with tempfile.TemporaryDirectory(
        dir=roomy_memory(), prefix=f"zondarr-{worker_id}-"
    ) as folder:
        path = Path(folder) / "zondarr.db"
        shutil.copy(sqlite_template, path)
        shared = SharedSQLite(f"sqlite+aiosqlite:///{path}")
        yield shared
        await shared.database.close()


@pytest.fixture(scope="session")
async def shared_postgresql(
    postgresql: PostgreSQL, postgresql_template: str
) -> AsyncGenerator[SharedDatabase]:
    with postgresql.database(template=postgresql_template) as url:
        shared = SharedPostgreSQL(url, postgresql.admin_of(url))
        yield shared
        shared.close()
        await shared.database.close()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with our schema and no row, on each kind.

    It is the worker's, emptied after each test. A test that changes the schema, sets
    processes to work on it or looks at its file is marked `own_database`.
    """
    kind: str = request.param
    if request.node.get_closest_marker("own_database") is None:
        shared: SharedDatabase = request.getfixturevalue(f"shared_{kind}")
        yield shared.url
        shared.empty()
    elif kind == "sqlite":
        path = tmp_path / "zondarr.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite+aiosqlite:///{path}"
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        template: str = request.getfixturevalue("postgresql_template")
        with server.database(template=template) as url:
            yield url


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without anything in it, on each kind."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'zondarr.db'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with server.database() as url:
        yield url


@pytest.fixture(autouse=True)
def _clients_as_ever() -> Iterator[None]:
    """The registry is one for the process: no test inherits another's options."""
    yield
    ClientRegistry().configure(ClientOptions())


@pytest.fixture
async def database(
    request: pytest.FixtureRequest, database_url: str
) -> AsyncGenerator[Database]:
    """An open database with our schema and no row, on each kind."""
    if request.node.get_closest_marker("own_database") is None:
        kind = make_url(database_url).get_backend_name()
        shared: SharedDatabase = request.getfixturevalue(f"shared_{kind}")
        yield shared.database
        return
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def workspace(database: Database) -> Workspace:
    """A stored workspace."""
    row = Workspace(name="Home")
    async with database.unscoped("set-up") as session:
        session.add(row)
    return row


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """A configuration whose data lies in the test's own folder."""
    return Settings(
        secret_key=secrets.token_urlsafe(32),
        data_dir=tmp_path,
        database_url=database_url,
    )


@pytest.fixture
def keyring(settings: Settings) -> Keyring:
    return Keyring(settings.secret_keys)


@pytest.fixture(scope="session")
def _log_stream() -> StringIO:
    """Loggers remember where they write to, so this is arranged once for all tests."""
    stream = StringIO()
    configure_logs(level="debug", json=True, stream=stream)
    return stream


@pytest.fixture
def logs(_log_stream: StringIO) -> Callable[[], list[dict[str, Any]]]:
    """Gives the lines that were logged since the test began, as they are written."""
    _log_stream.seek(0)
    _log_stream.truncate()

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in _log_stream.getvalue().splitlines()]

    return read


async def _make_schema(url: str) -> None:
    await upgrade(url)
    database = Database(url)
    await _let_copy(database)
    await database.close()


async def _let_copy(database: Database) -> None:
    """Bring what is in SQLite's write-ahead log into the file that will be copied."""
    if not database.is_postgresql:
        async with database.engine.connect() as connection:
            raw = await connection.get_raw_connection()
            driver = cast("aiosqlite.Connection", raw.driver_connection)
            await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _apart[R](work: Coroutine[Any, Any, R]) -> R:
    """Run it in a loop of its own, whatever loop the test has."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()

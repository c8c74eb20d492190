"""The storage of durable work: a file beside our SQLite, a schema in
our PostgreSQL.
"""

import os
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path
from typing import IO, Self

import structlog
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from zondarr.core.database.url import for_psycopg, sqlite_file
from zondarr.core.exceptions import ConfigurationError, RepositoryError

SCHEMA = "dbos"
CONNECTIONS = 10
BUSY_TIMEOUT = timedelta(seconds=30)
WORTH_BYTES = 4 * 1024 * 1024
WORTH_SHARE = 0.5
"""The file is rewritten when at least this many bytes, and this share
of it, are empty.
"""
_DEFAULTS = {"connect_timeout": 10, "application_name": "zondarr durable"}


log: structlog.stdlib.BoundLogger = structlog.get_logger()


class Store:
    """Its database engine, and on SQLite the lock that excludes a second process."""

    def __init__(self, database_url: URL) -> None:
        self.url, self._folder = store_of(database_url)
        self._lock = None if self._folder is None else ProcessLock(self._folder)
        self.engine: Engine | None = None

    def open(self) -> Engine:
        """Raises `ConfigurationError` when another process uses the same file."""
        if self._lock is not None:
            self._lock.acquire()
        try:
            self.engine = _engine(self.url)
            self.engine.connect().close()
        except SQLAlchemyError as error:
            self.close()
            raise ConfigurationError(
                f"The store of durable work, {self.place}: {error.args[0]}."
            ) from error
        return self.engine

    @property
    def address(self) -> str:
        """Includes the password, if there is one: for the engine only."""
        return self.url.render_as_string(hide_password=False)

    @property
    def place(self) -> str:
        """For people: the file, or the database. The query is left out, since it may
        hold a password.
        """
        if self._lock:
            return self.url.database or ""
        return f"{self.url.database or ''} of DATABASE_URL"

    def ping(self) -> None:
        if self.engine is None:
            raise RepositoryError("durable work is not running")
        table = "dbos_migrations" if self._lock else f"{SCHEMA}.dbos_migrations"
        try:
            with self.engine.connect() as connection:
                connection.execute(text(f"SELECT 1 FROM {table}"))  # noqa: S608
        except SQLAlchemyError as error:
            raise RepositoryError(
                "the store of durable work does not answer"
            ) from error

    def shrink(self) -> None:
        """Release the space of deleted workflows, when it is worth a rewrite."""
        if self._lock is None or self.engine is None:
            return
        try:
            with self.engine.connect() as connection:
                free, size = _pages(connection)
                if free < WORTH_BYTES or free < size * WORTH_SHARE:
                    return
            driver = self.engine.raw_connection()
            try:
                driver.execute("VACUUM")
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                driver.close()
        except (SQLAlchemyError, sqlite3.Error) as error:
            log.warning("the store was not made smaller", cause=str(error))

    def close(self) -> None:
        if self.engine is not None:
            self.engine.dispose()
            self.engine = None
        if self._lock is not None:
            self._lock.release()


def store_of(database_url: URL) -> tuple[URL, Path | None]:
    """The store's address, and its folder if it is a file."""
    if database_url.get_backend_name() == "sqlite":
        folder = sqlite_file(database_url).absolute().parent
        return URL.create("sqlite", database=str(folder / "durable.db")), folder
    return for_psycopg(database_url), None


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    return create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={
            name: value for name, value in _DEFAULTS.items() if name not in url.query
        },
    )


def _pages(connection: Connection) -> tuple[int, int]:
    """The number of empty bytes, and of all bytes."""
    free, pages, size = (
        int(connection.scalar(text(f"PRAGMA {name}")) or 0)
        for name in ("freelist_count", "page_count", "page_size")
    )
    return free * size, pages * size


def _sqlite(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        connect_args={"timeout": BUSY_TIMEOUT.total_seconds()},
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        # Writers wait at BEGIN. With WAL and NORMAL a killed process loses nothing;
        # a power cut may lose the last records, and then their steps run twice.
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        connection.isolation_level = "IMMEDIATE"

    return engine


class ProcessLock:
    """A file lock that the process holds as long as it lives; the system
    releases it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "zondarr.lock"
        self._file: IO[str] | None = None

    def acquire(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("a+")
        except OSError as error:
            raise ConfigurationError(f"{self.path}: {error.strerror}.") from error
        if not _lock(self._file):
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self.release()
            raise ConfigurationError(
                f"Another Zondarr (process {holder}) works on {self.path.parent}. With"
                + " SQLite there can be one; stop it, or use PostgreSQL for several."
            )
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()
        return self

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> bool:
        # A byte far behind the content, so that the holder's process id can be read.
        file.seek(1 << 20)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        file.seek(0)
        return True

else:
    import fcntl

    def _lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

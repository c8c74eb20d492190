"""Databases that a worker keeps for all its tests, emptied after each one.

A database, its connections and the statements compiled for it cost more than most
tests do.
"""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from zondarr.core.database import Database
from zondarr.core.durable.store import SCHEMA, store_of

KEPT = ("alembic_version", "dbos_migrations")
"""Tables of migrations: their rows are part of the schema."""
WAIT_MS = 5_000


class SharedDatabase(ABC):
    """One that is there for the whole run."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database = Database(url)

    @abstractmethod
    def empty(self) -> None:
        """Delete all rows, also those of durable work."""


class SharedSQLite(SharedDatabase):
    @property
    def _files(self) -> Iterator[Path]:
        main = self.database.url
        for url in (main, store_of(main)[0]):
            path = Path(str(url.database))
            if path.exists():
                yield path

    def empty(self) -> None:
        for path in self._files:
            connection = sqlite3.connect(
                path, isolation_level=None, timeout=WAIT_MS / 1000
            )
            try:
                _empty_sqlite(connection)
            finally:
                connection.close()


def _empty_sqlite(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN IMMEDIATE")
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    for (name,) in names.fetchall():
        if name not in KEPT and not name.startswith("sqlite_"):
            connection.execute(f'DELETE FROM "{name}"')  # noqa: S608
    connection.execute("COMMIT")


class SharedPostgreSQL(SharedDatabase):
    """`admin` is the address of a superuser, whom foreign keys do not bind here."""

    def __init__(self, url: str, admin: str) -> None:
        super().__init__(url)
        self._admin = psycopg.connect(admin, autocommit=True)
        self._admin.execute("SET session_replication_role = replica")
        self._admin.execute(sql.SQL("SET lock_timeout = {}").format(WAIT_MS))

    def empty(self) -> None:
        found = self._admin.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname IN ('public', %s) AND tablename <> ALL (%s)",
            (SCHEMA, list(KEPT)),
        )
        delete = [
            sql.SQL("DELETE FROM {}").format(sql.Identifier(*table))
            for table in found.fetchall()
        ]
        self._admin.execute(sql.SQL("; ").join(delete))

    def close(self) -> None:
        self._admin.close()

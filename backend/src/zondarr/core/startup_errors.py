"""Explains in one sentence why the program cannot start or continue."""

import errno
import sqlite3
from collections.abc import Iterator
from ssl import SSLError

from zondarr.core.exceptions import ConfigurationError

_SQLITE = {
    sqlite3.SQLITE_BUSY: "The database is locked by another process.",
    sqlite3.SQLITE_LOCKED: "The database is locked by another process.",
    sqlite3.SQLITE_READONLY: "The database cannot be written: it is read-only.",
    sqlite3.SQLITE_PERM: "The database may not be opened: permission denied.",
    sqlite3.SQLITE_CANTOPEN: "The database file, which DATABASE_URL or"
    " ZONDARR_DATA_DIR names, cannot be opened.",
    sqlite3.SQLITE_FULL: "The disk is full.",
    sqlite3.SQLITE_IOERR: "The disk fails; it may be full, or the file unreadable.",
    sqlite3.SQLITE_NOTADB: "The database file is not one of SQLite's.",
    sqlite3.SQLITE_CORRUPT: "The database file is damaged.",
}
_SERVER = "The database server that DATABASE_URL names"
_SYSTEM = {
    errno.ENOSPC: "The disk is full.",
    errno.EFBIG: "The file has reached the largest size that is allowed.",
    errno.EDQUOT: "The disk quota is used up.",
    errno.EROFS: "The file system is read-only.",
    errno.EADDRINUSE: "The port is in use by another process.",
    errno.EADDRNOTAVAIL: "The address to listen on is none of this machine's.",
    errno.ECONNREFUSED: f"{_SERVER} refuses the connection.",
}
# No authorization, no such database, no resources, shutting down, no privilege.
_ACCESS = ("28", "3D", "53", "57", "42501")


def explain(error: BaseException, /) -> str | None:
    """A sentence, if the cause lies outside the program.

    That of a setting names the setting; what the system said of it does not.
    """
    chain = list(_chain(error))
    chain.sort(key=lambda each: not isinstance(each, ConfigurationError))
    for each in chain:
        if sentence := _sentence(each):
            return sentence
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """From the innermost cause outwards: the innermost is the most specific."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        context = None if error.__suppress_context__ else error.__context__
        error = error.__cause__ or context
    yield from reversed(seen)


def _sentence(error: BaseException) -> str | None:
    match error:
        case ConfigurationError():
            return str(error)
        case sqlite3.Error():
            # The lower byte is the kind, the rest its variant.
            return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        case SSLError():
            why = getattr(error, "verify_message", "") or error.reason or "no TLS"
            return f"{_SERVER} cannot be reached by TLS: {why}."
        case OSError():
            return _of_system(error)
        case _:
            return _of_postgresql(error)


def _of_postgresql(error: BaseException) -> str | None:
    """PostgreSQL's first line, if it is about access; further lines contain values."""
    if not str(getattr(error, "sqlstate", "")).startswith(_ACCESS):
        return None
    first, *_ = str(error).splitlines() or [""]
    return f"PostgreSQL, at DATABASE_URL, says: {first.rstrip('.')}."


def _of_system(error: OSError) -> str | None:
    known = _SYSTEM.get(error.errno or 0)
    if known is not None:
        return known
    if isinstance(error, TimeoutError):
        return f"{_SERVER} does not answer."
    if error.filename is not None:
        return f"{error.filename}: {error.strerror}."
    why = error.strerror or str(error) or type(error).__name__
    return f"{_SERVER} cannot be reached: {why}."

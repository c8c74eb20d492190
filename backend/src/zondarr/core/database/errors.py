"""Translates SQLAlchemy's exceptions into those of `core.exceptions`."""

import sqlite3
from collections.abc import Awaitable, Callable
from functools import wraps

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from zondarr.core.exceptions import DuplicateError, RefusedError, RepositoryError

UNIQUE_VIOLATION = "23505"
INSUFFICIENT_PRIVILEGE = "42501"
"""PostgreSQL's SQLSTATEs; the second is also that of a row-level security policy."""


class WorkspaceMissingError(RepositoryError):
    """A statement would have crossed workspaces: a bug of ours, never a
    user's mistake.
    """


def translated[**P, R](method: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Wraps a method of a session so that it raises `RepositoryError`s."""

    @wraps(method)
    async def translating(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await method(*args, **kwargs)
        except IntegrityError as error:
            if is_duplicate(error):
                raise DuplicateError("that value is there already") from error
            raise RefusedError("the database refused the change") from error
        except (SQLAlchemyError, OSError) as error:
            if _sqlstate(error) == INSUFFICIENT_PRIVILEGE:
                raise RefusedError("the database refused the change") from error
            raise RepositoryError("the database failed") from error

    return translating


def _sqlstate(error: BaseException) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def is_duplicate(error: IntegrityError) -> bool:
    """Whether a unique constraint was violated."""
    cause: BaseException | None = error.orig
    while cause is not None:
        if getattr(cause, "sqlstate", None) == UNIQUE_VIOLATION:
            return True
        if isinstance(cause, sqlite3.IntegrityError):
            return "UNIQUE" in str(cause)
        cause = cause.__cause__
    return False

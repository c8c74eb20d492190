"""What a server holds, compared with what we know of it.

A sync never deletes. What the server does not name any more is missing since then, and
back when it is named again; an empty answer where there was something says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from zondarr.core.database import Session
from zondarr.media.presence import is_doubtful
from zondarr.media.types import ExternalUser, LibraryInfo
from zondarr.servers.exceptions import ShrunkenAnswerError
from zondarr.servers.models import Library
from zondarr.servers.repository import LibraryRepository

ID_LENGTH, NAME_LENGTH, TYPE_LENGTH = 100, 300, 50


@dataclass(frozen=True, slots=True)
class LibrariesSeen:
    """How many libraries the server has, and how many came, went missing, came back."""

    present: int
    added: int
    missing: int
    back: int


@dataclass(frozen=True, slots=True)
class AccountsSeen:
    """How many accounts of the server are ours, how many of ours it has no more, and
    how many are not ours. Of `doubtful` ones nothing is known: the list lacks them, and
    so many others that it may be wrong."""

    known: int = 0
    missing: int = 0
    strangers: int = 0
    doubtful: int = 0


@dataclass(frozen=True, slots=True)
class Synced:
    libraries: LibrariesSeen
    accounts: AccountsSeen

    def __str__(self) -> str:
        seen, accounts = self.libraries, self.accounts
        return (
            f"libraries: {seen.present} (new {seen.added}, missing {seen.missing}, "
            f"back {seen.back}); accounts of people known here: {accounts.known} "
            f"(missing {accounts.missing}), others: {accounts.strangers}"
        )


class ReconcileAccounts(Protocol):
    """Refreshes what the floor above knows of a server's accounts."""

    async def __call__(
        self,
        session: Session,
        server_id: UUID,
        accounts: Sequence[ExternalUser],
        asked_at: datetime,
        *,
        accept_missing: bool = False,
    ) -> AccountsSeen:
        """`accounts` are all of the server, `asked_at` when it was asked for them."""
        ...


async def merge_libraries(
    session: Session,
    server_id: UUID,
    found: Sequence[LibraryInfo],
    *,
    now: datetime,
    accept_missing: bool = False,
) -> LibrariesSeen:
    """Bring our libraries of the server in line with what it named.

    Raises `ShrunkenAnswerError` when it lacks so many that the list may be wrong,
    unless an operator has confirmed it (`accept_missing`).
    """
    repository = LibraryRepository(session)
    known = {row.external_id: row for row in await repository.get_by_server(server_id)}
    named = {one.external_id: one for one in found if _is_storable(one)}
    expected = {key for key, row in known.items() if _is_expected(row, now)}
    still = len(expected & named.keys())
    if not accept_missing and is_doubtful(
        listed=len(found), known=len(expected), still_listed=still
    ):
        raise ShrunkenAnswerError(
            f"The server names {still} of {len(expected)} libraries that it had."
            " Nothing was changed. If that is right, sync it once more and accept what"
            " is missing."
        )
    new = [one for one in named.values() if one.external_id not in known]
    added = [await _add(repository, server_id, one) for one in new]
    back = [row for row in known.values() if _follow(row, named)]
    missing = [row for row in known.values() if _lose(row, named, now)]
    await session.flush()
    return LibrariesSeen(len(named), len(added), len(missing), len(back))


def _is_expected(row: Library, asked_at: datetime) -> bool:
    """Whether the server had it, as far as we knew when it was asked."""
    return row.missing_since is None and row.created_at <= asked_at


async def _add(
    repository: LibraryRepository, server_id: UUID, info: LibraryInfo
) -> Library:
    row = Library(
        media_server_id=server_id,
        external_id=info.external_id,
        name=_text(info.name, NAME_LENGTH),
        library_type=_text(info.library_type, TYPE_LENGTH),
    )
    return await repository.create(row)


def _follow(row: Library, named: dict[str, LibraryInfo]) -> bool:
    """Take over a new name; whether the library had been missing."""
    info = named.get(row.external_id)
    if info is None:
        return False
    was_missing = row.missing_since is not None
    row.missing_since = None
    row.name = _text(info.name, NAME_LENGTH)
    row.library_type = _text(info.library_type, TYPE_LENGTH)
    return was_missing


def _lose(row: Library, named: dict[str, LibraryInfo], now: datetime) -> bool:
    """Mark what is not named any more; whether it was there until now."""
    if row.external_id in named or row.missing_since is not None:
        return False
    row.missing_since = now
    return True


def _is_storable(info: LibraryInfo) -> bool:
    return len(info.external_id) <= ID_LENGTH and "\0" not in info.external_id


def _text(text: str, length: int) -> str:
    """As much of it as a column takes; PostgreSQL takes no NUL."""
    return text.replace("\0", "")[:length]

"""Compares a server's contents with what is stored.

A sync never deletes. What the server does not list any more is marked as missing, and
unmarked when it is listed again; an empty list where entries were known proves nothing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from zondarr.core.counting import counted, sentence
from zondarr.core.database import Session
from zondarr.media.presence import is_doubtful
from zondarr.media.types import ExternalUser, LibraryInfo
from zondarr.servers.exceptions import ShrunkenAnswerError
from zondarr.servers.models import Library
from zondarr.servers.repository import LibraryRepository

ID_LENGTH, NAME_LENGTH, TYPE_LENGTH = 100, 300, 50


@dataclass(frozen=True, slots=True)
class LibrariesSeen:
    """The number of libraries, and of added, missing and returned ones."""

    present: int
    added: int
    missing: int
    back: int


@dataclass(frozen=True, slots=True)
class AccountsSeen:
    """The number of accounts that are ours, of missing ones, and of others.

    `doubtful` accounts are missing from a list that lacks so many that it may be wrong.
    """

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
        libraries = counted(seen.present, "library", "libraries")
        changes = {"new": seen.added, "missing": seen.missing, "back": seen.back}
        changed = ", ".join(
            f"{number} {word}" for word, number in changes.items() if number
        )
        known = counted(accounts.known, "account of guests", "accounts of guests")
        others = counted(accounts.strangers, "other account")
        missing = counted(accounts.missing, "account")
        return sentence(
            f"read {libraries}, {known} and {others}",
            f"libraries: {changed}" if changed else "nothing new",
            f"{missing} missing" if accounts.missing else "",
        )


class ReconcileAccounts(Protocol):
    """Updates what the layer above stores of a server's accounts."""

    async def __call__(
        self,
        session: Session,
        server_id: UUID,
        accounts: Sequence[ExternalUser],
        asked_at: datetime,
        *,
        accept_missing: bool = False,
    ) -> AccountsSeen:
        """`accounts` are all of the server, `asked_at` when they were read."""
        ...


async def merge_libraries(
    session: Session,
    server_id: UUID,
    found: Sequence[LibraryInfo],
    *,
    now: datetime,
    accept_missing: bool = False,
) -> LibrariesSeen:
    """Update the stored libraries from the server's list.

    Raises `ShrunkenAnswerError` when it lacks so many that the list may be wrong,
    unless an operator has confirmed it (`accept_missing`).
    """
    repository = LibraryRepository(session)
    known = {row.external_id: row for row in await repository.get_by_server(server_id)}
    listed = {one.external_id: one for one in found if _is_storable(one)}
    renamed = _renamed(known, listed)
    known = {renamed.get(key, key): row for key, row in known.items()}
    expected = {key for key, row in known.items() if _is_expected(row, now)}
    still = len(expected & listed.keys())
    if not accept_missing and is_doubtful(
        listed=len(found), known=len(expected), still_listed=still
    ):
        raise ShrunkenAnswerError(
            f"The server names {still} of {len(expected)} libraries that it had."
            " Nothing was changed. If that is right, sync it once more and accept what"
            " is missing."
        )
    for own, row in known.items():
        row.external_id = own
    new = [one for one in listed.values() if one.external_id not in known]
    added = [await _add(repository, server_id, one) for one in new]
    back = [row for row in known.values() if _update_library(row, listed)]
    missing = [row for row in known.values() if _mark_missing(row, listed, now)]
    await session.flush()
    return LibrariesSeen(len(listed), len(added), len(missing), len(back))


def _renamed(
    known: Mapping[str, Library], listed: Mapping[str, LibraryInfo]
) -> dict[str, str]:
    """The new ids of libraries that are not listed under their old ones.

    Jellyfin makes a library's id from its name, and Plex numbers one that is made again
    anew: one of the same type with the same folders is the same library. Not one of
    an earlier server (see `identity.retire_libraries`).
    """
    lost = [row for key, row in known.items() if key not in listed and "@" not in key]
    new = [one for key, one in listed.items() if key not in known]
    found: dict[str, str] = {}
    for info in new:
        same = [row for row in lost if _is_same(row, info)]
        if len(same) == 1 and same[0].external_id not in found:
            found[same[0].external_id] = info.external_id
    return found


def _is_same(row: Library, info: LibraryInfo) -> bool:
    key = _location_key(info)
    same_type = row.library_type == _text(info.library_type, TYPE_LENGTH)
    return key is not None and row.location_key == key and same_type


def _is_expected(row: Library, asked_at: datetime) -> bool:
    """Whether the server should have the library, as known when it was read."""
    return row.missing_since is None and row.created_at <= asked_at


async def _add(
    repository: LibraryRepository, server_id: UUID, info: LibraryInfo
) -> Library:
    row = Library(
        media_server_id=server_id,
        external_id=info.external_id,
        name=_text(info.name, NAME_LENGTH),
        library_type=_text(info.library_type, TYPE_LENGTH),
        location_key=_location_key(info),
    )
    return await repository.create(row)


def _update_library(row: Library, listed: dict[str, LibraryInfo]) -> bool:
    """Update name and type; returns whether the library had been missing."""
    info = listed.get(row.external_id)
    if info is None:
        return False
    was_missing = row.missing_since is not None
    row.missing_since = None
    row.name = _text(info.name, NAME_LENGTH)
    row.library_type = _text(info.library_type, TYPE_LENGTH)
    row.location_key = _location_key(info) or row.location_key
    return was_missing


def _mark_missing(row: Library, listed: dict[str, LibraryInfo], now: datetime) -> bool:
    """Mark a library that is not listed any more; returns whether it was listed until
    now.
    """
    if row.external_id in listed or row.missing_since is not None:
        return False
    row.missing_since = now
    return True


def _is_storable(info: LibraryInfo) -> bool:
    return len(info.external_id) <= ID_LENGTH and "\0" not in info.external_id


def _location_key(info: LibraryInfo) -> str | None:
    if not info.locations:
        return None
    folders = "\n".join(sorted(info.locations)).encode(errors="replace")
    return hashlib.blake2b(folders, digest_size=16).hexdigest()


def _text(text: str, length: int) -> str:
    """Truncated to the column's length, without NUL, which PostgreSQL refuses."""
    return text.replace("\0", "")[:length]

"""Checks which libraries of an invitation its server still has.

Libraries are deleted and renamed on the server between two syncs, and on Jellyfin a
renamed library gets a new id. Some servers silently store an id that does not exist, so
the server is read before an account is created.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.protocol import MediaClient
from zondarr.media.types import LibraryInfo
from zondarr.servers.exceptions import ShrunkenAnswerError
from zondarr.servers.repository import LibraryRepository
from zondarr.servers.sync import merge_libraries

LIBRARY_UNKNOWN = "library_unknown"


@dataclass(frozen=True, slots=True)
class LibraryCheck:
    """`listed` are all libraries of the server, `granted` the ids that the account
    gets, `missing` the chosen ids that the server does not have.
    """

    listed: Sequence[LibraryInfo]
    granted: Sequence[str]
    missing: Sequence[str]


async def check_libraries(
    client: MediaClient, chosen: Sequence[str], *, all_libraries: bool
) -> LibraryCheck:
    """Read the server's libraries; raises `library_unknown` if none is left to grant.

    An empty list, if all libraries are wanted, is a failure of the server.
    """
    listed = await client.get_libraries()
    there = {library.external_id for library in listed}
    if all_libraries:
        if not there:
            raise MediaClientError("get_libraries", "", code="libraries_missing")
        return LibraryCheck(listed, sorted(there), ())
    granted = [one for one in chosen if one in there]
    if not granted:
        kind = ErrorKind.INVALID
        raise MediaClientError("get_libraries", "", kind, LIBRARY_UNKNOWN)
    return LibraryCheck(listed, granted, [one for one in chosen if one not in there])


async def record_missing(
    database: Database, workspace_id: UUID, server_id: UUID, check: LibraryCheck
) -> Sequence[str]:
    """Update the stored libraries; returns the names of the missing ones."""
    if not check.missing:
        return ()
    async with database.scoped(workspace_id) as session:
        # A doubtful list changes no rows; the account gets the listed libraries.
        with suppress(ShrunkenAnswerError):
            await merge_libraries(session, server_id, check.listed, now=utc_now())
        known = await LibraryRepository(session).get_by_server(server_id)
    names = {library.external_id: library.name for library in known}
    return [names.get(one, one) for one in check.missing]

"""The identity of a server: one row per server, and a new identity only
when confirmed.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

from zondarr.core.database import Session
from zondarr.media.types import LibraryInfo
from zondarr.servers.exceptions import ServerExistsError, ServerReplacedError
from zondarr.servers.models import Library, MediaServer
from zondarr.servers.repository import LibraryRepository, MediaServerRepository
from zondarr.servers.sync import ID_LENGTH
from zondarr.servers.verification import VerifiedServer

type OnReplacement = Callable[[Session, UUID, datetime], Awaitable[None]]
"""Called with a server's id when another server has replaced it."""


async def check_not_added(
    session: Session, verified: VerifiedServer, *, but: UUID | None = None
) -> None:
    """Raise `ServerExistsError` if the workspace has this server already."""
    same = await MediaServerRepository(session).find_same(
        verified.server_type, verified.info.id, but=but
    )
    if same is not None:
        raise ServerExistsError(same.id, same.name, enabled=same.enabled)


def is_another(server: MediaServer, verified: VerifiedServer) -> bool:
    """Whether another server than the stored one responded; never raises."""
    return server.machine_id not in {None, verified.info.id}


def check_confirmed(
    server: MediaServer, verified: VerifiedServer, *, confirmed: bool
) -> None:
    """Raise `ServerReplacedError` for another server, unless the operator
    confirmed it.
    """
    if is_another(server, verified) and not confirmed:
        raise ServerReplacedError(server.name, verified.info.name)


async def retire_libraries(
    session: Session, server: MediaServer, verified: VerifiedServer, *, now: datetime
) -> None:
    """Keep the earlier server's libraries as missing.

    Ids are unique within one server only: on Plex they are small numbers, and another
    server's `1` is another library. So the id of a library that does not exist on the
    new server with the same id, name and type is moved aside, together with the
    identity it belongs to, and restored when that server returns.
    """
    old, new = f"@{server.machine_id}", f"@{verified.info.id}"
    rows = await LibraryRepository(session).get_by_server(server.id)
    for row in rows:
        if "@" not in row.external_id and not _has(verified.libraries, row):
            row.external_id = f"{row.external_id}{old}"[:ID_LENGTH]
            row.missing_since = row.missing_since or now
    # Two rows may swap their ids.
    await session.flush()
    for row in rows:
        row.external_id = row.external_id.removesuffix(new)
    await session.flush()


def _has(libraries: Sequence[LibraryInfo], row: Library) -> bool:
    same = row.external_id, row.name, row.library_type
    return any(
        (one.external_id, one.name, one.library_type) == same for one in libraries
    )

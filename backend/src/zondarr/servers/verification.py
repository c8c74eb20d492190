"""Verifies a server and its key before the server is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid7

from zondarr.core.addresses import repaired_url
from zondarr.core.exceptions import InvalidError, Problem
from zondarr.media.exceptions import MediaClientError
from zondarr.media.registry import ClientRegistry
from zondarr.media.types import (
    Connection,
    LibraryInfo,
    ServerInfo,
    ServerType,
)
from zondarr.servers.exceptions import failure_of

MAX_URL = 500


@dataclass(frozen=True, slots=True)
class VerifiedServer:
    """What a server returned to a key that may manage it."""

    connection: Connection
    server_type: ServerType
    info: ServerInfo
    libraries: Sequence[LibraryInfo]


async def verify_server(
    registry: ClientRegistry,
    *,
    url: str,
    api_key: str,
    server_type: ServerType | None = None,
    id: UUID | None = None,
    key: str = "api_key",
) -> VerifiedServer:
    """Identify the server; raises why it cannot be used, with the field at fault.

    The type is detected if it is not given. `url` is the result of `normal_url`, `key`
    the request field that held the key.
    """
    try:
        kind = server_type or await registry.detect_server_type(url)
        connection = Connection(
            id=id or uuid7(), server_type=kind, url=url, api_key=api_key
        )
        async with registry.get_client(connection) as client:
            info = await client.server_info()
            libraries = await client.get_libraries()
    except MediaClientError as error:
        raise failure_of(error, key=key) from error
    return VerifiedServer(connection, kind, info, libraries)


def normal_url(text: str, *, field: str = "url") -> str:
    """The normalized address; raises `InvalidError` if it is not an address."""
    try:
        url = repaired_url(text)
    except ValueError as error:
        raise _invalid_url(field, str(error)) from error
    if len(url) > MAX_URL:
        raise _invalid_url(field, "is too long")
    return url


def _invalid_url(field: str, reason: str) -> InvalidError:
    return InvalidError(
        "This is not the address of a server.",
        **{field: Problem(reason, "wrong_format")},
    )

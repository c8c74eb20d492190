"""The request and response bodies of media servers and their libraries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from zondarr.core.schemas import END, Name, Page, RequestBody, ResponseBody
from zondarr.core.types import Timestamp
from zondarr.media.server_types import JoinMethod, ServerTypeInfo
from zondarr.media.types import Capability, PlexUserType, ServerType
from zondarr.servers.impact import Impact
from zondarr.servers.models import MediaServer, ServerState
from zondarr.servers.verification import VerifiedServer

Url = Annotated[str, Meta(min_length=1, max_length=500)]
"""http or https, host, port, base path; no user, query or fragment. A missing scheme is
added, the page of a web client (`/web/index.html#!/home`) removed; responses show the
result.
"""

ApiKey = Annotated[str, Meta(max_length=500, pattern=rf"^[\x21-\x7e]+{END}")]


class ServerCreate(RequestBody, kw_only=True):
    """A server to add, with its key or the sign-in of the Plex account that owns it.

    Its type is detected if it is not given. `public_url` is the address for guests, if
    that is different from ours.
    """

    name: Name
    server_type: ServerType | None = None
    url: Url
    public_url: Url | None = None
    api_key: ApiKey | None = None
    plex_pin_id: UUID | None = None


class ServerUpdate(RequestBody, kw_only=True):
    """The fields that are sent are changed. A new host, port or scheme of `url` needs
    the key again; `null` clears `public_url`.

    `plex_pin_id` is a sign-in of the Plex account that owns the server, instead of a
    key: for a linked server whose token was revoked.

    If another server responds than the one that was added, that is an error unless
    `confirm_new_identity` confirms that it replaces it.
    """

    name: Name | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    public_url: Url | UnsetType | None = UNSET
    api_key: ApiKey | UnsetType = UNSET
    plex_pin_id: UUID | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    confirm_new_identity: bool = False
    expected_updated_at: Timestamp | UnsetType | None = UNSET


class ServerTest(RequestBody, kw_only=True):
    """An address and a key to test; nothing is stored."""

    url: Url
    api_key: ApiKey
    server_type: ServerType | None = None


class ServerResponse(ResponseBody, kw_only=True, frozen=True):
    """A server with its state at the last check (`checked_at`).

    `seen_at` is when it last responded correctly. The key is never shown. `public_url`
    is the address for guests; without one it is `url`.
    """

    id: UUID
    name: str
    server_type: ServerType
    url: str
    public_url: str | None
    enabled: bool
    api_key_set: bool
    state: ServerState
    checked_at: datetime | None
    seen_at: datetime | None
    version: str | None
    libraries_synced_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ServerPage(Page[ServerResponse], kw_only=True, frozen=True):
    items: Sequence[ServerResponse]


class LibraryResponse(ResponseBody, kw_only=True, frozen=True):
    """A library; `library_type` is the server's own term."""

    id: UUID
    media_server_id: UUID
    external_id: str
    name: str
    library_type: str
    missing_since: datetime | None
    created_at: datetime
    updated_at: datetime


class LibraryPage(Page[LibraryResponse], kw_only=True, frozen=True):
    items: Sequence[LibraryResponse]


class FoundLibrary(ResponseBody, kw_only=True, frozen=True):
    external_id: str
    name: str
    library_type: str


class ServerFound(ResponseBody, kw_only=True, frozen=True):
    """The server that responded, after verifying that the key may manage it.

    `name` is the server's own name, `url` the normalized address.
    """

    url: str
    server_type: ServerType
    name: str
    version: str
    libraries: Sequence[FoundLibrary]

    @classmethod
    def of(cls, verified: VerifiedServer) -> Self:
        info, url = verified.info, verified.connection.url
        return cls.from_row(verified, url=url, name=info.name, version=info.version)


class ServerRemoval(ResponseBody, kw_only=True, frozen=True):
    """What is deleted or changed with a server. It cannot be removed while `possible`
    is false.
    """

    id: UUID
    name: str
    possible: bool
    consequences: Sequence[Impact]

    @classmethod
    def of(cls, server: MediaServer, consequences: Sequence[Impact]) -> Self:
        possible = not any(one.blocks for one in consequences)
        return cls.from_row(server, possible=possible, consequences=consequences)


class SyncStarted(ResponseBody, kw_only=True, frozen=True):
    """Its progress is at `/api/v1/runs/{run_id}`."""

    run_id: UUID


class ServerTypeResponse(ResponseBody, kw_only=True, frozen=True):
    """A type of server, and what it supports.

    `permissions` are the guest permissions that it stores, `user_types` the kinds of
    account to choose from if there is more than one, `join_methods` how a guest gets
    each of them.
    """

    type: ServerType
    label: str
    capabilities: Sequence[Capability]
    permissions: Sequence[str]
    user_types: Sequence[PlexUserType]
    join_methods: Sequence[JoinMethod]
    can_disable: bool
    common_accounts: bool
    tells_last_active: bool
    reads_catalogue: bool

    @classmethod
    def of(cls, server_type: ServerType, info: ServerTypeInfo) -> Self:
        return cls.from_row(
            info,
            type=server_type,
            capabilities=sorted(info.capabilities),
            join_methods=list(dict.fromkeys(info.join_methods.values())),
        )


class ServerTypePage(Page[ServerTypeResponse], kw_only=True, frozen=True):
    items: Sequence[ServerTypeResponse]

"""The value types that features and media clients share."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self, override
from uuid import UUID

import msgspec
from msgspec import Struct


class ServerType(StrEnum):
    JELLYFIN = "jellyfin"
    PLEX = "plex"


class Capability(StrEnum):
    """What a server type supports; the UI depends on these, not on the type."""

    CREATE_USER = "create_user"
    DELETE_USER = "delete_user"
    ENABLE_DISABLE_USER = "enable_disable_user"
    LIBRARY_ACCESS = "library_access"
    DOWNLOAD_PERMISSION = "download_permission"
    SET_PASSWORD = "set_password"  # noqa: S105 — a capability's name


class PlexUserType(StrEnum):
    """How a guest joins a Plex server; other server types ignore it."""

    FRIEND = "friend"
    HOME = "home"


class ShareStatus(StrEnum):
    """The status of a share of a Plex server; always accepted elsewhere."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    LEFT = "left"


class Presence(StrEnum):
    """Whether a server has an account."""

    PRESENT = "present"
    GONE = "gone"
    """Seen to be gone: the server that we know answered, and all its lists agree."""
    UNKNOWN = "unknown"
    """A response lacks the account but may be wrong: conclude nothing."""


class Permissions(Struct, frozen=True, kw_only=True):
    """A guest's permissions besides the libraries, with a guest's defaults.

    A server type ignores those that it does not support. Deletion, management and
    administration are not included: no guest has them. `allowed_ratings` and
    `allowed_labels` restrict what the libraries show; empty means all.
    """

    can_download: bool = False
    can_transcode: bool = True
    can_watch_live_tv: bool = False
    can_access_remotely: bool = True
    max_sessions: int | None = None
    max_bitrate_kbps: int | None = None
    can_use_channels: bool = False
    allowed_ratings: tuple[str, ...] = ()
    allowed_labels: tuple[str, ...] = ()


GUEST_PERMISSIONS = Permissions()


class LibraryInfo(Struct, frozen=True, kw_only=True):
    """A library of a server; `library_type` is the server's own term. `locations` are
    its folders, empty if unknown."""

    external_id: str
    name: str
    library_type: str
    locations: tuple[str, ...] = ()


class ItemKind(StrEnum):
    """The kinds of title that a library can be listed by."""

    MOVIE = "movie"
    SHOW = "show"
    SEASON = "season"
    EPISODE = "episode"


class FileVersion(Struct, frozen=True, kw_only=True):
    """One version of a title: its files (more than one if it is split into parts) and
    their size in bytes, None if the server does not report the size of each.
    """

    paths: tuple[str, ...] = ()
    size: int | None = None


class LibraryItem(Protocol):
    """A title as its server lists it; the clients' own types fit this protocol.

    `parent_id` is an episode's season or a season's show, `grandparent_id` an episode's
    show. `released_on` is `YYYY-MM-DD`. `provider_ids` are by provider (`{"tmdb":
    "603"}`) and belong to the kind of the title. Unknown values are None or empty.
    """

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def year(self) -> int | None: ...
    @property
    def released_on(self) -> str | None: ...
    @property
    def added_at(self) -> datetime | None: ...
    @property
    def updated_at(self) -> datetime | None: ...
    @property
    def parent_id(self) -> str | None: ...
    @property
    def grandparent_id(self) -> str | None: ...
    @property
    def provider_ids(self) -> Mapping[str, str]: ...
    @property
    def versions(self) -> Sequence[FileVersion]: ...


class WatchEvent(Struct, frozen=True, kw_only=True):
    """Somebody watched a title, which may have been deleted since; then only its name
    is left.

    `user_id` is the id of an `ExternalUser`; on Plex the owner, who is not one, is `1`.
    `username` is None if the server does not know the account any more.
    """

    id: str
    user_id: str
    username: str | None = None
    item_id: str | None = None
    library_id: str | None = None
    kind: str = ""
    title: str = ""
    watched_at: datetime | None = None


class ServerInfo(Struct, frozen=True, kw_only=True):
    """The server's identity. `id` is stable over restarts and addresses."""

    id: str
    name: str
    version: str


class ExternalUser(Struct, frozen=True, kw_only=True):
    """An account on a media server, as that server returns it.

    `library_ids` are the chosen libraries and are meaningless if `all_libraries` is
    true. `email` is known on Plex only, `last_active_at` where the server reports it.
    On Plex `id` is plex.tv's id, or the invited address in lower case until plex.tv
    reports one; `share_id` is the share of this server, if there is one. `is_friend`:
    the account belongs to the guest; deleting it here only ends its share.
    """

    id: str
    username: str
    email: str | None = None
    enabled: bool = True
    is_admin: bool = False
    is_friend: bool = False
    all_libraries: bool = False
    library_ids: tuple[str, ...] = ()
    permissions: Permissions = GUEST_PERMISSIONS
    last_active_at: datetime | None = None
    standing: ShareStatus = ShareStatus.ACCEPTED
    share_id: str | None = None


class ServerConnection(Protocol):
    """What a client needs to know about a server; a stored server fits this
    protocol.
    """

    @property
    def id(self) -> UUID: ...
    @property
    def server_type(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def api_key(self) -> str: ...
    @property
    def machine_id(self) -> str | None: ...


class Connection(Struct, frozen=True, kw_only=True):
    """A server that is not stored (yet): to test an address and a key.

    `machine_id` is the server's id when it was added, if known.
    """

    id: UUID
    server_type: str
    url: str
    api_key: str
    machine_id: str | None = None

    @override
    def __repr__(self) -> str:
        return f"Connection(id={self.id}, server_type={self.server_type!r})"


type AccessSnapshot = dict[str, str]
"""An account's access in its client's own format: to be stored and passed back."""


class AccountRequest(Struct, frozen=True, kw_only=True):
    """The wanted account on a server, whatever its type.

    `email` and `plex_user_type` are for Plex only; `plex_id` is plex.tv's id of a guest
    who signed in with Plex.
    """

    username: str
    email: str | None = None
    library_ids: Sequence[str] = ()
    permissions: Permissions = GUEST_PERMISSIONS
    plex_user_type: PlexUserType = PlexUserType.FRIEND
    plex_id: str | None = None


class AccountPlan(AccountRequest, frozen=True, kw_only=True):
    """What one redemption is about to create on one server.

    Made by `MediaClient.plan_account` and stored **sealed and whole** before
    `open_account` is called: after a crash, the provisional password proves that an
    account of this name is ours. `before` is the access that existed already (the
    libraries of an existing Plex friend; None on Jellyfin).
    """

    provisional_password: str
    before: AccessSnapshot | None = None

    @classmethod
    def of(cls, request: AccountRequest) -> Self:
        """A plan for the request, with a new provisional password."""
        return cls(
            **msgspec.structs.asdict(request),
            provisional_password=new_provisional_password(),
        )

    @override
    def __repr__(self) -> str:
        return f"AccountPlan(username={self.username!r}, libraries={self.library_ids})"


def new_provisional_password() -> str:
    """256 random bits. Nobody learns them."""
    return secrets.token_urlsafe(32)

"""The shapes that features and media clients share."""

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
    """What a server type can do; the UI follows these, not the type."""

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
    """How far a share of a Plex server has come; elsewhere everybody has accepted."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    LEFT = "left"


class Presence(StrEnum):
    """Whether a server has an account, as far as its answers can be believed."""

    PRESENT = "present"
    GONE = "gone"
    """Seen to be gone: the server that we know answered, and all its lists agree."""
    UNKNOWN = "unknown"
    """An answer lacks the account and may be wrong: nothing is to be concluded."""


class Permissions(Struct, frozen=True, kw_only=True):
    """The rights of a guest beside his libraries; the defaults are those of a guest.

    A server type that cannot do one ignores it. Deletion, management and
    administration are no permissions: no guest has them. `allowed_ratings` and
    `allowed_labels` narrow what the libraries show; empty means all.
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
    """A library as its server names it; `library_type` is the server's own word."""

    external_id: str
    name: str
    library_type: str


class ItemKind(StrEnum):
    """What a listing of a library may be asked for."""

    MOVIE = "movie"
    SHOW = "show"
    SEASON = "season"
    EPISODE = "episode"


class FileVersion(Struct, frozen=True, kw_only=True):
    """One version of a title: its files (more than one if it is cut into parts) and
    their size in bytes, None where the server does not tell it of each.
    """

    paths: tuple[str, ...] = ()
    size: int | None = None


class LibraryItem(Protocol):
    """A title as its server lists it; the shapes that clients read fit this.

    `parent_id` is an episode's season and a season's show, `grandparent_id` an
    episode's show. `released_on` is `YYYY-MM-DD`. `provider_ids` are by provider
    (`{"tmdb": "603"}`) and belong to the kind of the title. What may be missing is
    None or empty where the server does not tell it.
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
    """Somebody watched a title. It may be gone since: then only its name is left.

    `user_id` is that of `ExternalUser`; on Plex the owner, who is none, is `1`.
    `username` is None where the server does not know him any more.
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
    """Who answered. `id` is the server's own, stable over restarts and addresses."""

    id: str
    name: str
    version: str


class ExternalUser(Struct, frozen=True, kw_only=True):
    """An account on a media server, as that server shows it.

    `library_ids` are the chosen libraries and mean nothing where `all_libraries` is
    true. `email` is known on Plex only, `last_active_at` where the server tells it.
    On Plex `id` is plex.tv's number, or before plex.tv tells it the invited address in
    lower case; `share_id` is the share of this server, if there is one. `is_friend`:
    the account is the guest's own, elsewhere; to delete it here ends that share only.
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
    """What a client needs to know of a server; a stored server fits by shape."""

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

    `machine_id` is what the server called itself when it was added, where known.
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
"""What an account had, in its client's own words: to be stored and handed back."""


class AccountRequest(Struct, frozen=True, kw_only=True):
    """The account that is wanted on a server, whatever its type.

    `email` and `plex_user_type` are for Plex alone; `plex_id` is plex.tv's number of a
    guest who signed in with Plex.
    """

    username: str
    email: str | None = None
    library_ids: Sequence[str] = ()
    permissions: Permissions = GUEST_PERMISSIONS
    plex_user_type: PlexUserType = PlexUserType.FRIEND
    plex_id: str | None = None


class AccountPlan(AccountRequest, frozen=True, kw_only=True):
    """What one redemption is about to make on one server.

    Made by `MediaClient.plan_account` and to be stored **sealed and whole** before
    `open_account` is called: the provisional password is what proves, after a crash,
    that an account of this name is ours. `before` is what the server type must
    remember of the time before (the libraries an existing Plex friend had; nothing
    on Jellyfin).
    """

    provisional_password: str
    before: AccessSnapshot | None = None

    @classmethod
    def of(cls, request: AccountRequest) -> Self:
        """A plan for the request, with a provisional password of its own."""
        return cls(
            **msgspec.structs.asdict(request),
            provisional_password=new_provisional_password(),
        )

    @override
    def __repr__(self) -> str:
        return f"AccountPlan(username={self.username!r}, libraries={self.library_ids})"


def new_provisional_password() -> str:
    """256 random bits: nobody is told them, and they open an account to us alone."""
    return secrets.token_urlsafe(32)

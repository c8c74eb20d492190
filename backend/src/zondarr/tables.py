"""Imports every table, so that the schema is complete."""

from zondarr.accounts.models import (
    Account,
    AccountSession,
    Installation,
    Workspace,
)
from zondarr.catalogue.languages.models import (
    LeafLanguages,
    LeafVersion,
    TitleLanguages,
    TitleLeafLanguages,
)
from zondarr.catalogue.models import (
    CatalogueSync,
    LibrarySize,
    MediaFile,
    MediaItem,
    MediaTrack,
    SyncPage,
    Title,
    WatchAccount,
    WatchFact,
)
from zondarr.core.durable.models import Crash, Replica, Run, Tick
from zondarr.core.models import Base
from zondarr.core.rate_limits.models import RateLimit
from zondarr.invitations.models import (
    Invitation,
    Leftover,
    Provisioning,
    Redemption,
    invitation_libraries,
    invitation_servers,
)
from zondarr.plex_accounts.models import PlexDevice, PlexSignIn
from zondarr.protections.models import Protection
from zondarr.requests.models import (
    MediaRequest,
    RequestedSeason,
    Requester,
    RequestPage,
    RequestServer,
    RequestTitle,
    RequestTitleSeason,
)
from zondarr.servers.models import Library, MediaServer
from zondarr.settings.models import WorkspaceSetting
from zondarr.users.models import Identity, User

__all__ = [
    "Account",
    "AccountSession",
    "Base",
    "CatalogueSync",
    "Crash",
    "Identity",
    "Installation",
    "Invitation",
    "LeafLanguages",
    "LeafVersion",
    "Leftover",
    "Library",
    "LibrarySize",
    "MediaFile",
    "MediaItem",
    "MediaRequest",
    "MediaServer",
    "MediaTrack",
    "PlexDevice",
    "PlexSignIn",
    "Protection",
    "Provisioning",
    "RateLimit",
    "Redemption",
    "Replica",
    "RequestPage",
    "RequestServer",
    "RequestTitle",
    "RequestTitleSeason",
    "RequestedSeason",
    "Requester",
    "Run",
    "SyncPage",
    "Tick",
    "Title",
    "TitleLanguages",
    "TitleLeafLanguages",
    "User",
    "WatchAccount",
    "WatchFact",
    "Workspace",
    "WorkspaceSetting",
    "invitation_libraries",
    "invitation_servers",
]

"""What is true of every server of a type. Each client declares it once, as `INFO`."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from zondarr.media.catalogue import WatchDetail
from zondarr.media.types import (
    GUEST_PERMISSIONS,
    Capability,
    Permissions,
    PlexUserType,
)


class JoinMethod(StrEnum):
    """How a guest gets an account."""

    ACCOUNT = "account"
    """An account on the server itself, with name and password."""
    PLEX_FRIEND = "plex_friend"
    """The guest's own Plex account: by signing in with it, or by its address."""
    PLEX_HOME = "plex_home"
    """A member of the owner's Plex Home, by name, with or without a PIN."""


class ServerTypeInfo(Struct, frozen=True, kw_only=True):
    """What features and the UI need to know about a server type.

    permissions        names of the `Permissions` that such a server stores
    join_methods       by the kind of Plex account; types without such kinds
                       have the same method for each
    common_accounts    an account is the same person on every server of the type
    tells_last_active  whether `ExternalUser.last_active_at` is ever known
    reads_catalogue    whether the client is a `CatalogueReader`
    watch_details      what is known of who watched what
    watch_history      plays are read from one history of all accounts, from where the
                       last reading ended; else each account is asked how things stand
    """

    label: str
    capabilities: frozenset[Capability]
    permissions: tuple[str, ...]
    join_methods: Mapping[PlexUserType, JoinMethod]
    common_accounts: bool = False
    tells_last_active: bool = False
    reads_catalogue: bool = False
    watch_details: frozenset[WatchDetail] = frozenset()
    watch_history: bool = False

    @property
    def can_disable(self) -> bool:
        return Capability.ENABLE_DISABLE_USER in self.capabilities

    @property
    def user_types(self) -> tuple[PlexUserType, ...]:
        """The kinds of account to choose from, if there is more than one."""
        several = len(set(self.join_methods.values())) > 1
        return tuple(self.join_methods) if several else ()

    def not_kept(self, permissions: Permissions) -> tuple[str, ...]:
        """Names of the wanted permissions that such a server cannot store.

        A permission at its default value is what every server does anyway.
        """
        return tuple(
            name
            for name in Permissions.__struct_fields__
            if name not in self.permissions
            and getattr(permissions, name) != getattr(GUEST_PERMISSIONS, name)
        )

"""What an invitation gives at present, server by server.

Disabled servers and missing libraries are left out and reported as gaps; the rest never
grows because of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import msgspec

from zondarr.core.schemas import ResponseBody
from zondarr.invitations.join_methods import GuestNeeds, join_method_of
from zondarr.invitations.models import Invitation
from zondarr.media.registry import ClientRegistry
from zondarr.media.types import Permissions
from zondarr.servers.models import Library, MediaServer


@dataclass(frozen=True, slots=True)
class Grant:
    """One server of an invitation, and its libraries there."""

    server: MediaServer
    libraries: Sequence[Library]


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation and what it gives at present."""

    invitation: Invitation
    grants: Sequence[Grant]

    @property
    def needs(self) -> GuestNeeds:
        kind = self.invitation.plex_user_type
        return GuestNeeds.of(
            {join_method_of(grant.server.server_type, kind) for grant in self.grants}
        )


class Gap(ResponseBody, kw_only=True, frozen=True):
    """Something that the invitation includes and cannot give at present.

    `name` is that of the library, else of the server; `permission` is one of
    `GuestPermissions` that a server of this type cannot store.
    """

    reason: Literal[
        "server_disabled",
        "library_missing",
        "no_library_left",
        "permission_not_kept",
    ]
    server_id: UUID
    library_id: UUID | None = None
    permission: str | None = None
    name: str


def grants_of(invitation: Invitation, there: Iterable[Library]) -> list[Grant]:
    """What the invitation gives. `there` are the libraries of its servers, missing ones
    included.

    A server without any library left is omitted: an account that shows nothing is
    useless.
    """
    present = _by_server(library for library in there if library.missing_since is None)
    chosen = {library.id for library in invitation.libraries}
    grants: list[Grant] = []
    for server in invitation.servers:
        libraries = [
            library
            for library in present.get(server.id, [])
            if invitation.all_libraries or library.id in chosen
        ]
        if server.enabled and libraries:
            grants.append(Grant(server, libraries))
    return grants


def gaps_of(invitation: Invitation, there: Iterable[Library]) -> list[Gap]:
    """What the invitation includes and cannot give, with the reason."""
    gaps = [
        Gap(reason="server_disabled", server_id=server.id, name=server.name)
        for server in invitation.servers
        if not server.enabled
    ]
    gaps += [
        Gap(
            reason="library_missing",
            server_id=library.media_server_id,
            library_id=library.id,
            name=library.name,
        )
        for library in invitation.libraries
        if library.missing_since is not None
    ]
    given = {grant.server.id for grant in grants_of(invitation, there)}
    gaps += [
        Gap(reason="no_library_left", server_id=server.id, name=server.name)
        for server in invitation.servers
        if server.enabled and server.id not in given
    ]
    return gaps + permission_gaps(invitation)


def permission_gaps(invitation: Invitation) -> list[Gap]:
    """The wanted permissions that a server of the type cannot store."""
    permissions = msgspec.convert(invitation.permissions, Permissions)
    return [
        Gap(
            reason="permission_not_kept",
            server_id=server.id,
            permission=permission,
            name=server.name,
        )
        for server in invitation.servers
        for permission in ClientRegistry()
        .get_info(server.server_type)
        .not_kept(permissions)
    ]


def _by_server(libraries: Iterable[Library]) -> dict[UUID, list[Library]]:
    found: dict[UUID, list[Library]] = {}
    for library in sorted(libraries, key=lambda library: library.name.casefold()):
        found.setdefault(library.media_server_id, []).append(library)
    return found

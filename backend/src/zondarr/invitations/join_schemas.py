"""The request and response bodies of the join page."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta

from zondarr.core.schemas import Email, RequestBody, ResponseBody
from zondarr.invitations.grants import Gap, Grant, Offer, permission_gaps
from zondarr.invitations.join_methods import join_method_of
from zondarr.invitations.models import (
    COMPLETE,
    Provisioning,
    ProvisioningStatus,
    Redemption,
    RedemptionStatus,
)
from zondarr.media.names import NAME_PATTERN, normal_name
from zondarr.media.server_types import JoinMethod
from zondarr.media.types import PlexUserType, ServerType
from zondarr.servers.models import MediaServer


class JoinLibrary(ResponseBody, kw_only=True, frozen=True):
    id: UUID
    name: str
    library_type: str


class JoinServer(ResponseBody, kw_only=True, frozen=True):
    """`join_method` is how the guest gets an account on it."""

    id: UUID
    name: str
    server_type: ServerType
    join_method: JoinMethod
    libraries: Sequence[JoinLibrary]

    @classmethod
    def of(cls, grant: Grant, plex_user_type: PlexUserType) -> Self:
        method = join_method_of(grant.server.server_type, plex_user_type)
        return cls.from_row(grant.server, join_method=method, libraries=grant.libraries)


class JoinNeeds(ResponseBody, kw_only=True, frozen=True):
    """What the guest must enter; the form asks for nothing else.

    A guest may enter an e-mail address instead of signing in with Plex, and is invited
    there. The PIN of a Plex Home is optional.
    """

    username: bool
    password: bool
    email: bool
    plex_sign_in: bool
    plex_home_pin: bool


class JoinPage(ResponseBody, kw_only=True, frozen=True):
    """What the invitation gives at present. `gaps` are permissions that a server cannot
    store.
    """

    label: str | None
    message: str | None
    expires_at: datetime | None
    duration_days: int | None
    servers: Sequence[JoinServer]
    needs: JoinNeeds
    gaps: Sequence[Gap]

    @classmethod
    def of(cls, offer: Offer) -> Self:
        user_type = offer.invitation.plex_user_type
        servers = [JoinServer.of(grant, user_type) for grant in offer.grants]
        needs = JoinNeeds.from_row(offer.needs)
        gaps = permission_gaps(offer.invitation)
        return cls.from_row(offer.invitation, servers=servers, needs=needs, gaps=gaps)


GuestName = Annotated[
    str,
    Meta(max_length=200, extra_json_schema={"extra": {"pattern": NAME_PATTERN}}),
]
r"""The pattern is for documentation: Python's expressions do not support `\p{M}`.
`check_guest` applies the rule, with a message for each violation.
"""


class JoinRequest(RequestBody, kw_only=True):
    """The fields that `needs` asks for.

    A name has 1 to 64 letters, combining marks, digits, spaces and `_.@'+-`, no space
    at either end and not only dots; its composed form (NFC) is used, also for the
    length. A password has 8 to 128 characters and not only white space, a PIN of a Plex
    Home four digits. `plex_pin_id` is a sign-in with Plex that this browser started.
    """

    username: GuestName | None = None
    password: Annotated[str, Meta(max_length=1000)] | None = None
    email: Email | None = None
    plex_pin_id: Annotated[str, Meta(max_length=100)] | None = None
    plex_home_pin: Annotated[str, Meta(max_length=20)] | None = None

    def __post_init__(self) -> None:
        if self.username is not None:
            self.username = normal_name(self.username)


class JoinAccepted(ResponseBody, kw_only=True, frozen=True):
    """The redemption has started; its progress can be read with the token."""

    redemption_id: UUID
    token: str


type Entrance = Callable[[MediaServer], str]
"""The address where a guest of a server watches."""


class JoinServerProgress(ResponseBody, kw_only=True, frozen=True):
    """`url` is where to go once it is done, or to accept a pending invitation;
    `error_code` is the reason if it is neither.

    `missing_libraries` are names of libraries that the page showed and the server does
    not have any more.
    """

    id: UUID
    name: str
    status: ProvisioningStatus
    error_code: str | None
    missing_libraries: Sequence[str]
    url: str | None

    @classmethod
    def of(cls, provisioning: Provisioning, entrance: Entrance) -> Self:
        server, well = provisioning.server, provisioning.status in COMPLETE
        url = entrance(server) if well else None
        return cls.from_row(provisioning, id=server.id, name=server.name, url=url)


class JoinProgress(ResponseBody, kw_only=True, frozen=True):
    """`retry_until` is how long failed servers are retried."""

    status: RedemptionStatus
    servers: Sequence[JoinServerProgress]
    retry_until: datetime | None

    @classmethod
    def of(cls, redemption: Redemption, entrance: Entrance) -> Self:
        servers = [
            JoinServerProgress.of(one, entrance) for one in redemption.provisionings
        ]
        return cls.from_row(redemption, servers=servers)

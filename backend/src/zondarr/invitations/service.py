"""Creates, changes and deletes invitations."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog
from msgspec import UNSET

from zondarr.core.actor import Actor
from zondarr.core.clock import in_utc, utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Session
from zondarr.core.edit_conflict import VERSION, check_version
from zondarr.core.exceptions import (
    DuplicateError,
    InvalidError,
    NotFoundError,
    Problem,
)
from zondarr.core.models import Entity
from zondarr.core.repository import PageRequest, Slice
from zondarr.invitations.closing import end_waiting
from zondarr.invitations.codes import RESERVED, new_code, normal_form
from zondarr.invitations.exceptions import CodeTakenError, RedemptionRunningError
from zondarr.invitations.grants import gaps_of
from zondarr.invitations.links import Links
from zondarr.invitations.models import Invitation, Redemption
from zondarr.invitations.repository import InvitationRepository, RedemptionRepository
from zondarr.invitations.rules import InvitationStatus, is_in_flight
from zondarr.invitations.schemas import (
    InvitationCreate,
    InvitationResponse,
    InvitationUpdate,
)
from zondarr.servers.models import Library, MediaServer
from zondarr.servers.repository import LibraryRepository, MediaServerRepository

log = structlog.get_logger(__name__)

ACCESS: Final = {"server_ids", "library_ids", "all_libraries"}


class InvitationService:
    """The invitations of one workspace. Calls no media server."""

    def __init__(self, session: Session, actor: Actor, keyring: Keyring) -> None:
        self.session = session
        self.actor = actor
        self.keyring = keyring
        self.invitations = InvitationRepository(session)
        self.redemptions = RedemptionRepository(session)
        self.servers = MediaServerRepository(session)
        self.libraries = LibraryRepository(session)

    async def create(self, data: InvitationCreate) -> Invitation:
        """Create an invitation; without a code it gets a random one."""
        if data.expires_at is not None and data.expires_at <= utc_now():
            problem = Problem("is in the past", "in_the_past")
            raise InvalidError("The end lies in the past.", expires_at=problem)
        code = normal_form(data.code) if data.code else new_code()
        if code in RESERVED:
            raise CodeTakenError(f"The code {code} is in use.")
        invitation = Invitation(
            code=code,
            created_by=self.actor.account_id,
            **_plain_fields(data, except_for={"code"}),
        )
        await self._give(
            invitation, data.server_ids, data.library_ids, data.all_libraries
        )
        try:
            await self.invitations.create(invitation)
        except DuplicateError as error:
            raise CodeTakenError(f"The code {invitation.code} is in use.") from error
        self._log("invitation created", invitation)
        return invitation

    async def get(self, id: UUID, /) -> Invitation:
        return await self.invitations.require(id)

    async def find(
        self,
        request: PageRequest,
        *,
        q: str | None = None,
        status: InvitationStatus | None = None,
        server_id: UUID | None = None,
    ) -> Slice[Invitation]:
        return await self.invitations.find(
            request, q=q, status=status, server_id=server_id, now=utc_now()
        )

    async def update(self, id: UUID, data: InvitationUpdate) -> Invitation:
        """Change the fields that were sent; servers and libraries are validated as a
        whole when any of them changes.
        """
        found = await self.invitations.get_locked(id)
        invitation = self.invitations.found(found, id)
        check_version(invitation, data, data.expected_updated_at)
        for field, value in _plain_fields(data).items():
            setattr(invitation, field, value)
        if any(getattr(data, field) is not UNSET for field in ACCESS):
            await self._give_anew(invitation, data)
        # Servers and libraries are not columns, but changing them is an edit too.
        invitation.updated_at = utc_now()
        await self.invitations.update(invitation)
        self._log("invitation changed", invitation)
        return invitation

    async def delete(self, id: UUID, /) -> None:
        """Delete the invitation and its redemptions; the people who used it stay.

        Redemptions that wait for a server are ended: a job removes what they may have
        left. Raises `RedemptionRunningError` while somebody is joining.
        """
        invitation = await self.get(id)
        waiting = await self.redemptions.get_open(invitation_id=id)
        now = utc_now()
        if any(is_in_flight(one, now) for w in waiting for one in w.provisionings):
            raise RedemptionRunningError(
                "Somebody is joining with this invitation right now. Try again shortly."
            )
        for redemption in waiting:
            await end_waiting(self.session, self.keyring, redemption.id)
        await self.session.flush()
        await self.invitations.delete(invitation)
        self._log("invitation deleted", invitation)

    async def list_redemptions(
        self, id: UUID, request: PageRequest
    ) -> Slice[Redemption]:
        await self.get(id)
        return await self.redemptions.list_of(id, request)

    async def show(
        self, invitations: Sequence[Invitation], links: Links
    ) -> list[InvitationResponse]:
        """The invitations with what each includes and cannot give; one query in
        all.
        """
        now = utc_now()
        servers = {server.id for one in invitations for server in one.servers}
        there = await self.libraries.get_by_servers(servers)
        return [
            InvitationResponse.of(
                one, gaps_of(one, there), url=links.join(one.code), now=now
            )
            for one in invitations
        ]

    async def show_one(
        self, invitation: Invitation, links: Links
    ) -> InvitationResponse:
        (shown,) = await self.show([invitation], links)
        return shown

    def _log(self, event: str, invitation: Invitation) -> None:
        log.info(event, invitation_id=str(invitation.id), actor=self.actor.label)

    async def _give_anew(self, invitation: Invitation, data: InvitationUpdate) -> None:
        servers = [server.id for server in invitation.servers]
        servers = servers if data.server_ids is UNSET else data.server_ids
        everything = invitation.all_libraries
        everything = everything if data.all_libraries is UNSET else data.all_libraries
        libraries: list[UUID] | None = [one.id for one in invitation.libraries]
        if data.library_ids is not UNSET:
            libraries = data.library_ids
        elif everything:
            libraries = None
        await self._give(invitation, servers, libraries, everything)

    async def _give(
        self,
        invitation: Invitation,
        server_ids: Collection[UUID],
        library_ids: Collection[UUID] | None,
        all_libraries: bool,
    ) -> None:
        """Set servers and libraries, or raise what is wrong with the choice."""
        if all_libraries == (library_ids is not None):
            raise InvalidError(
                "Choose libraries, or all of them.",
                library_ids=Problem(
                    "exactly one of library_ids and all_libraries: true", "required"
                ),
            )
        servers = await self._servers(server_ids)
        libraries = await self._libraries(library_ids or ())
        if not all_libraries:
            _check_choice(servers, libraries)
        invitation.servers = servers
        invitation.libraries = libraries
        invitation.all_libraries = all_libraries

    async def _servers(self, ids: Collection[UUID]) -> list[MediaServer]:
        return _in_order("MediaServer", ids, await self.servers.get_by_ids(ids))

    async def _libraries(self, ids: Collection[UUID]) -> list[Library]:
        return _in_order("Library", ids, await self.libraries.get_by_ids(ids))


def _in_order[E: Entity](
    resource: str, ids: Collection[UUID], rows: Sequence[E]
) -> list[E]:
    """The rows in the requested order, each once; a missing one is a 404."""
    found = {row.id: row for row in rows}
    for missing in set(ids) - set(found):
        raise NotFoundError(resource, missing)
    return [found[wanted] for wanted in dict.fromkeys(ids)]


def _check_choice(servers: Sequence[MediaServer], libraries: Sequence[Library]) -> None:
    ids = {server.id for server in servers}
    for library in libraries:
        if library.media_server_id not in ids:
            raise InvalidError(
                "A library is of a server that was not chosen.",
                library_ids=Problem(
                    f"{library.name} is of a server that was not chosen",
                    "server_not_chosen",
                ),
            )
    chosen = {library.media_server_id for library in libraries}
    without = [server.name for server in servers if server.id not in chosen]
    if without:
        names = ", ".join(without)
        raise InvalidError(
            f"No library was chosen of {names}.",
            library_ids=Problem(f"choose at least one of {names}", "required"),
        )


def _plain_fields(
    data: InvitationCreate | InvitationUpdate, *, except_for: Collection[str] = ()
) -> dict[str, Any]:
    """The fields that are stored as they are; those not sent are left out."""
    given = data.sent(but={*ACCESS, VERSION, *except_for})
    if isinstance(given.get("expires_at"), datetime):
        given["expires_at"] = in_utc(given["expires_at"])
    if "permissions" in given:
        given["permissions"] = msgspec.to_builtins(given["permissions"])
    return given

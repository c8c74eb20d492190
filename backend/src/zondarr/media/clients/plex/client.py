"""The Plex client, as the features will see it."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import override

from zondarr.media.clients.plex import access, home, plans
from zondarr.media.clients.plex.access_snapshot import before, restore, revoke
from zondarr.media.clients.plex.reading import LibraryReader
from zondarr.media.clients.plex.rights import settings_of, with_permissions
from zondarr.media.clients.plex.server import PlexServer
from zondarr.media.clients.plex.session import PlexSession
from zondarr.media.clients.plex.shapes import Directory, Section
from zondarr.media.clients.plex.shares import (
    external_member,
    external_user,
    guest_from_id,
    one_share_each,
)
from zondarr.media.clients.plex.transport import ThrottledTransport
from zondarr.media.clients.plex.tv import PlexTv
from zondarr.media.connections import HostStates
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.operations import log, operation
from zondarr.media.types import (
    GUEST_PERMISSIONS,
    AccessSnapshot,
    AccountPlan,
    Capability,
    ExternalUser,
    LibraryInfo,
    Permissions,
    PlexUserType,
    ServerInfo,
    new_provisional_password,
)

UNDO_TRIES = 3
PROVES_ANOTHER_TYPE = frozenset(
    {
        ErrorKind.NOT_THIS_TYPE,
        ErrorKind.UNAUTHORIZED,
        ErrorKind.REFUSED,
        ErrorKind.GONE,
        ErrorKind.FAILED,
    }
)
"""Something answers, and it is no Plex."""

SERVER_AWAY = frozenset({ErrorKind.UNREACHABLE, ErrorKind.STARTING})


class PlexClient(LibraryReader):
    """One Plex server; see `MediaClient` for what each method promises."""

    @classmethod
    def capabilities(cls) -> frozenset[Capability]:
        return frozenset(
            {
                Capability.CREATE_USER,
                Capability.DELETE_USER,
                Capability.LIBRARY_ACCESS,
                Capability.DOWNLOAD_PERMISSION,
            }
        )

    @classmethod
    async def recognises(cls, url: str, states: HostStates, /) -> bool:
        state = states.of(url)
        async with state.connections() as http:
            try:
                await PlexServer(url, "", http, state).identity()
            except MediaClientError as error:
                if (
                    error.kind in PROVES_ANOTHER_TYPE
                    and error.error_code != "redirected"
                ):
                    return False
                raise
        return True

    @classmethod
    def guest_url(cls, _url: str, states: HostStates, /) -> str:
        """Plex's own page: a server's address is no place for a guest."""
        return f"{states.options.plex_app_url}/desktop"

    @override
    def addresses(self) -> frozenset[str]:
        options = self._states.options
        return frozenset(
            {self.server.url, options.plex_tv_url, options.plex_clients_url}
        )

    def _tv(self) -> PlexTv:
        options = self._states.options
        return PlexTv(
            self.server.api_key,
            tv=self._host(options.plex_tv_url),
            clients=self._host(options.plex_clients_url),
        )

    def _host(self, url: str) -> ThrottledTransport:
        http, state = self.connections(url)
        return ThrottledTransport(url, http, state, self._states.throttle(url))

    async def _session(self) -> PlexSession:
        """Who it is was written down when it was added, so that what concerns plex.tv
        alone does not need the server to be up."""
        server = self._server()
        machine_id = self.server.machine_id or await self._machine_id(server)
        return PlexSession(server, self._tv(), machine_id)

    async def _machine_id(self, server: PlexServer) -> str:
        return (await server.identity()).machine_identifier

    async def test_connection(self) -> bool:
        try:
            await self.server_info()
        except MediaClientError:
            return False
        return True

    @operation
    async def server_info(self) -> ServerInfo:
        """The server takes a friend's token too; plex.tv tells the owner's apart."""
        server = self._server()
        session = PlexSession(server, self._tv(), await self._machine_id(server))
        about = await session.server.about()
        await session.tv.sections(session.machine_id)
        return ServerInfo(
            id=session.machine_id, name=about.friendly_name, version=about.version
        )

    @operation
    async def get_libraries(self) -> list[LibraryInfo]:
        """As the server tells them; while it is away, as plex.tv knows them."""
        return [
            LibraryInfo(external_id=each.key, name=each.title, library_type=each.type)
            for each in await self._sections()
        ]

    async def _sections(self) -> Sequence[Directory | Section]:
        try:
            return await self._server().libraries()
        except MediaClientError as error:
            if error.kind not in SERVER_AWAY or not self.server.machine_id:
                raise
        return await self._tv().sections(self.server.machine_id)

    @operation
    async def list_users(self) -> list[ExternalUser]:
        """Who has a share of this server, and the managed users of the Home.

        The owner is nobody's guest and not among them; a friend who is shared other
        servers only is not on this one.
        """
        session = await self._session()
        shares = {
            user.id: (user, share)
            for share in one_share_each(await session.shares())
            for user in [external_user(share)]
        }
        found = {who: user for who, (user, _) in shares.items()}
        for member in await session.tv.home():
            if member.is_managed and not member.is_admin:
                _, share = shares.get(member.id, (None, None))
                found[member.id] = external_member(member, share)
        return list(found.values())

    @operation
    async def create_user(  # noqa: PLR0913 — the protocol's
        self,
        username: str,
        password: str,
        email: str | None = None,
        *,
        library_ids: Sequence[str] = (),
        permissions: Permissions = GUEST_PERMISSIONS,
        plex_user_type: PlexUserType = PlexUserType.FRIEND,
        plex_id: str | None = None,
    ) -> ExternalUser:
        plan = self._plan(
            username, email, library_ids, permissions, plex_user_type, plex_id
        )
        session = await self._session()
        plans.require_pin(session, plan, password)
        plan = await plans.with_snapshot(session, plan)
        if plan.before is not None:
            raise session.error(ErrorKind.TAKEN, "user_already_exists")
        made: ExternalUser | None = None
        try:
            made = await plans.open_account(session, plan)
            # A friend has no password, and this is none of his tokens.
            pin = password if plans.is_home_plan(plan) else ""
            return await plans.finish_account(session, plan, made.id, pin)
        except BaseException as error:
            if not plans.is_taken(error):
                await self._undo_creation(session, plan, made)
            raise

    async def _undo_creation(
        self, session: PlexSession, plan: AccountPlan, made: ExternalUser | None
    ) -> None:
        """Whatever happened, also when our caller gave up: leave nothing."""
        pause = session.server.state.options.retry_pause * 5
        for tries in range(UNDO_TRIES):
            await asyncio.sleep(pause * tries)
            with suppress(MediaClientError):
                await plans.discard_account(session, plan, made.id if made else None)
                return
        log.error("a share may be left behind", server_id=str(self.server.id))

    @operation
    async def plan_account(
        self,
        username: str,
        email: str | None = None,
        *,
        library_ids: Sequence[str] = (),
        permissions: Permissions = GUEST_PERMISSIONS,
        plex_user_type: PlexUserType = PlexUserType.FRIEND,
        plex_id: str | None = None,
    ) -> AccountPlan:
        """A friend who has a share already is no failure here: see `before`."""
        plan = self._plan(
            username, email, library_ids, permissions, plex_user_type, plex_id
        )
        return await plans.with_snapshot(await self._session(), plan)

    @operation
    async def open_account(self, plan: AccountPlan, /) -> ExternalUser:
        return await plans.open_account(await self._session(), plan)

    @operation
    async def finish_account(
        self, plan: AccountPlan, external_user_id: str, secret: str, /
    ) -> ExternalUser:
        session = await self._session()
        plans.require_pin(session, plan, secret)
        return await plans.finish_account(session, plan, external_user_id, secret)

    @operation
    async def discard_account(
        self, plan: AccountPlan, external_user_id: str | None, /
    ) -> bool:
        return await plans.discard_account(
            await self._session(), plan, external_user_id
        )

    @operation
    async def delete_user(self, external_user_id: str) -> bool:
        """A friend's share of this server ends; a managed user leaves the Home."""
        session, guest = await self._session(), guest_from_id(external_user_id)
        async with session.lock(guest):
            if guest.plex_id:
                member = await home.member_of(session, guest.plex_id)
                if member is not None and (member.is_managed or member.is_admin):
                    return await home.remove_member(session, member)
            share = await session.share_of(guest)
            if share is None:
                return False
            await access.end_share(session, share)
            return True

    @operation
    async def set_user_enabled(self, external_user_id: str, enabled: bool) -> bool:  # noqa: ARG002
        return self._cannot("set_user_enabled")

    @operation
    async def set_library_access(
        self, external_user_id: str, library_ids: Sequence[str]
    ) -> bool:
        session, guest = await self._session(), guest_from_id(external_user_id)
        async with session.lock(guest):
            return await access.set_libraries(session, guest, library_ids)

    @operation
    async def update_permissions(
        self, external_user_id: str, permissions: Permissions
    ) -> bool:
        """Of a share; who has none has no rights to change."""
        session, guest = await self._session(), guest_from_id(external_user_id)
        async with session.lock(guest):
            share = await session.share_of(guest)
            if share is None:
                return False
            wanted = with_permissions(settings_of(share), permissions)
            await access.change_share(session, share, wanted)
            return True

    @operation
    async def set_password(self, external_user_id: str, password: str) -> bool:  # noqa: ARG002
        return self._cannot("set_password")

    @operation
    async def snapshot_access(self, external_user_id: str) -> AccessSnapshot | None:
        session = await self._session()
        return await before(session, guest_from_id(external_user_id))

    @operation
    async def revoke_access(
        self, external_user_id: str, keep: AccessSnapshot | None = None
    ) -> bool:
        """Ends the share, or sets it back to what a friend had before."""
        session, guest = await self._session(), guest_from_id(external_user_id)
        async with session.lock(guest):
            return await revoke(session, guest, keep)

    @operation
    async def restore_access(
        self, external_user_id: str, remembered: AccessSnapshot
    ) -> bool:
        """Shares again what was shared; the friend may have to accept again."""
        session, guest = await self._session(), guest_from_id(external_user_id)
        async with session.lock(guest):
            return await restore(session, guest, remembered)

    def _cannot(self, name: str) -> bool:
        self.connections()
        log.warning(
            "Plex cannot do this", operation=name, server_id=str(self.server.id)
        )
        return False

    def _plan(
        self,
        username: str,
        email: str | None,
        library_ids: Sequence[str],
        permissions: Permissions,
        plex_user_type: PlexUserType,
        plex_id: str | None,
    ) -> AccountPlan:
        """What can be said without asking anybody."""
        server = self._server()
        plan = AccountPlan(
            username=username,
            email=email.strip().lower() if email and email.strip() else None,
            provisional_password=new_provisional_password(),
            library_ids=tuple(library_ids),
            permissions=permissions,
            plex_user_type=plex_user_type,
            plex_id=plex_id,
        )
        reason = plans.invalid_reason(plan)
        if reason is not None:
            raise server.error(ErrorKind.INVALID, reason)
        return plan

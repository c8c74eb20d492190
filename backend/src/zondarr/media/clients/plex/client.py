"""The Plex client, as the features will see it."""

from collections.abc import Sequence
from typing import ClassVar, override

import msgspec

from zondarr.media.account_creation import AccountCreation
from zondarr.media.clients.plex import access, home, plans, presence
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
from zondarr.media.server_types import JoinMethod, ServerTypeInfo
from zondarr.media.types import (
    AccessSnapshot,
    AccountPlan,
    AccountRequest,
    Capability,
    ExternalUser,
    LibraryInfo,
    Permissions,
    PlexUserType,
    Presence,
    ServerInfo,
)

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


class PlexClient(AccountCreation, LibraryReader):
    """One Plex server; see `MediaClient` for what each method promises."""

    INFO: ClassVar = ServerTypeInfo(
        label="Plex",
        capabilities=frozenset(
            {
                Capability.CREATE_USER,
                Capability.DELETE_USER,
                Capability.LIBRARY_ACCESS,
                Capability.DOWNLOAD_PERMISSION,
            }
        ),
        permissions=(
            "can_download",
            "can_watch_live_tv",
            "can_use_channels",
            "allowed_ratings",
            "allowed_labels",
        ),
        join_methods={
            PlexUserType.FRIEND: JoinMethod.PLEX_FRIEND,
            PlexUserType.HOME: JoinMethod.PLEX_HOME,
        },
        common_accounts=True,
        reads_catalogue=True,
    )

    @classmethod
    def capabilities(cls) -> frozenset[Capability]:
        return cls.INFO.capabilities

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

    async def _require_known_server(self, server: PlexServer) -> None:
        """Another server at the address has other libraries (GET /identity)."""
        known = self.server.machine_id
        if known and await self._machine_id(server) != known:
            raise server.error(ErrorKind.FAILED, "server_replaced")

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
    async def check_identity(self) -> None:
        """`GET /identity`, which needs no token.

        A server that is away is not replaced: plex.tv knows it by its identity.
        """
        known, server = self.server.machine_id, self._server()
        if known is None:
            return
        try:
            found = await self._machine_id(server)
        except MediaClientError as error:
            if error.kind in SERVER_AWAY:
                return
            raise
        if found != known:
            raise server.error(ErrorKind.REPLACED, "server_replaced")

    @operation
    async def get_libraries(self) -> list[LibraryInfo]:
        """As the server tells them; while it is away, as plex.tv knows them."""
        return [
            LibraryInfo(external_id=each.key, name=each.title, library_type=each.type)
            for each in await self._sections()
        ]

    async def _sections(self) -> Sequence[Directory | Section]:
        server = self._server()
        try:
            await self._require_known_server(server)
            return await server.libraries()
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
    async def plan_account(self, request: AccountRequest, /) -> AccountPlan:
        """A friend who has a share already is no failure here: see `before`."""
        return await plans.with_snapshot(await self._session(), self._plan(request))

    @operation
    async def open_account(self, plan: AccountPlan, /) -> ExternalUser:
        return await self._make_account(plan)

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
        return await self._discard_account(plan, external_user_id)

    @override
    async def _new_plan(self, request: AccountRequest, secret: str) -> AccountPlan:
        plan, session = self._plan(request), await self._session()
        plans.require_pin(session, plan, secret)
        plan = await plans.with_snapshot(session, plan)
        if plan.before is not None:
            raise session.error(ErrorKind.TAKEN, "user_already_exists")
        return plan

    @override
    async def _make_account(self, plan: AccountPlan) -> ExternalUser:
        return await plans.open_account(await self._session(), plan)

    @override
    async def _finish_account(
        self, plan: AccountPlan, external_user_id: str, secret: str
    ) -> ExternalUser:
        """A friend has no password, and this is not a token of theirs."""
        pin = secret if plans.is_home_plan(plan) else ""
        session = await self._session()
        return await plans.finish_account(session, plan, external_user_id, pin)

    @override
    async def _discard_account(
        self, plan: AccountPlan, external_user_id: str | None
    ) -> bool:
        session = await self._session()
        return await plans.discard_account(session, plan, external_user_id)

    @operation
    async def account_presence(self, external_user_id: str) -> Presence:
        session = await self._session()
        return await presence.presence_of(session, guest_from_id(external_user_id))

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
                await session.require_no_share(guest)
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
                await session.require_no_share(guest)
                return False
            wanted = with_permissions(settings_of(share), permissions)
            await access.change_share(session, share, wanted)
            return True

    @operation
    async def set_password(self, external_user_id: str, password: str) -> bool:  # noqa: ARG002
        return self._cannot("set_password")

    @operation
    async def snapshot_access(self, external_user_id: str) -> AccessSnapshot | None:
        session, guest = await self._session(), guest_from_id(external_user_id)
        snapshot = await before(session, guest)
        if snapshot is None:
            await session.require_no_share(guest)
        return snapshot

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

    def _plan(self, request: AccountRequest) -> AccountPlan:
        """What can be said without asking anybody."""
        plan = AccountPlan.of(request)
        email = (request.email or "").strip().lower() or None
        plan = msgspec.structs.replace(plan, email=email)
        reason = plans.invalid_reason(plan)
        if reason is not None:
            raise self._server().error(ErrorKind.INVALID, reason)
        return plan

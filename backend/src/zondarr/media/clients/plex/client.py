"""The Plex implementation of `MediaClient`.

Each method names the requests that it uses; `tv` and `server` describe them and name
their source.
"""

from collections.abc import Sequence
from typing import ClassVar, override

import msgspec

from zondarr.media.account_creation import AccountCreation
from zondarr.media.catalogue import WatchDetail
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
"""Something responds, and it is not Plex."""

SERVER_AWAY = frozenset({ErrorKind.UNREACHABLE, ErrorKind.STARTING})


class PlexClient(AccountCreation, LibraryReader):
    """One Plex server; `MediaClient` documents each method."""

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
        watch_details=frozenset({WatchDetail.LAST_PLAYED, WatchDetail.PLAY_COUNT}),
        watch_history=True,
    )

    @classmethod
    def capabilities(cls) -> frozenset[Capability]:
        return cls.INFO.capabilities

    @classmethod
    async def recognises(cls, url: str, states: HostStates, /) -> bool:
        """getIdentity."""
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
        """Plex's own web application: the server's address is not meant for guests."""
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
        """The machine id stored when the server was added is used, so that requests to
        plex.tv work while the server is down.
        """
        server = self._server()
        machine_id = self.server.machine_id or await self._machine_id(server)
        return PlexSession(server, self._tv(), machine_id)

    async def _require_known_server(self, server: PlexServer) -> None:
        """Another server at the same address has other libraries (getIdentity)."""
        known = self.server.machine_id
        if known and await self._machine_id(server) != known:
            raise server.error(ErrorKind.FAILED, "server_replaced")

    async def _machine_id(self, server: PlexServer) -> str:
        return (await server.identity()).machine_identifier

    async def test_connection(self) -> bool:
        """As `server_info`."""
        try:
            await self.server_info()
        except MediaClientError:
            return False
        return True

    @operation
    async def server_info(self) -> ServerInfo:
        """getIdentity, getServerInfo, then `GET /api/v2/servers/{id}` of plex.tv.

        The server accepts a friend's token too; only the owner's can read the sections.
        """
        server = self._server()
        session = PlexSession(server, self._tv(), await self._machine_id(server))
        about = await session.server.about()
        await session.tv.sections(session.machine_id)
        return ServerInfo(
            id=session.machine_id, name=about.friendly_name, version=about.version
        )

    @operation
    async def check_identity(self) -> None:
        """getIdentity, which needs no token.

        A server that does not respond is not replaced: plex.tv knows it by its machine
        id.
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
        """The server's libraries, or plex.tv's list of them while the server is away.

        `GET /library/sections`, or `GET /api/v2/servers/{id}` of plex.tv.
        """
        return [each.library() for each in await self._sections()]

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
        """Everybody with a share of this server, and the managed users of the Plex
        Home.

        Neither the owner nor friends who only share other servers are included. Pending
        and accepted `GET /api/v2/shared_servers/owned/…` and `GET /api/home/users` of
        plex.tv.
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
        """An existing share is not an error here; it is recorded in `before`.

        The two lists of shares for a friend, `GET /api/home/users` for a Home member.
        """
        return await plans.with_snapshot(await self._session(), self._plan(request))

    @operation
    async def open_account(self, plan: AccountPlan, /) -> ExternalUser:
        """`POST /api/v2/shared_servers`, or `POST /api/home/users`."""
        return await self._make_account(plan)

    @operation
    async def finish_account(
        self, plan: AccountPlan, external_user_id: str, secret: str, /
    ) -> ExternalUser:
        """`POST /api/v2/shared_servers/{id}`; of a Home member first the PIN, of a
        friend with a token last the acceptance.
        """
        session = await self._session()
        plans.require_pin(session, plan, secret)
        return await plans.finish_account(session, plan, external_user_id, secret)

    @operation
    async def discard_account(
        self, plan: AccountPlan, external_user_id: str | None, /
    ) -> bool:
        """Ends the share or sets it back; removes the Home member."""
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
        """A friend has no password, and `secret` is not the friend's token here."""
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
        """The two lists of shares, plex.tv's older list, and the Home."""
        session = await self._session()
        return await presence.presence_of(session, guest_from_id(external_user_id))

    @operation
    async def delete_user(self, external_user_id: str) -> bool:
        """Ends a friend's share of this server; removes a managed user from the Home.

        `DELETE /api/servers/{id}/shared_servers/{share}`, or `DELETE
        /api/home/users/{id}`.
        """
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
        """Not supported by Plex."""
        return self._cannot("set_user_enabled")

    @operation
    async def set_library_access(
        self, external_user_id: str, library_ids: Sequence[str]
    ) -> bool:
        """`POST /api/v2/shared_servers/{id}`; with no libraries the share is ended."""
        session, guest = await self._session(), guest_from_id(external_user_id)
        async with session.lock(guest):
            return await access.set_libraries(session, guest, library_ids)

    @operation
    async def update_permissions(
        self, external_user_id: str, permissions: Permissions
    ) -> bool:
        """`POST /api/v2/shared_servers/{id}`; false if there is no share."""
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
        """Not supported by Plex."""
        return self._cannot("set_password")

    @operation
    async def snapshot_access(self, external_user_id: str) -> AccessSnapshot | None:
        """The two lists of shares."""
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
        """Shares again; the friend may have to accept again. `POST
        /api/v2/shared_servers`.
        """
        session, guest = await self._session(), guest_from_id(external_user_id)
        async with session.lock(guest):
            return await restore(session, guest, remembered)

    def _cannot(self, name: str) -> bool:
        """Log that Plex does not support this, and return false."""
        self.connections()
        log.warning(
            "Plex cannot do this", operation=name, server_id=str(self.server.id)
        )
        return False

    def _plan(self, request: AccountRequest) -> AccountPlan:
        """Run the checks that need no request."""
        plan = AccountPlan.of(request)
        email = (request.email or "").strip().lower() or None
        plan = msgspec.structs.replace(plan, email=email)
        reason = plans.invalid_reason(plan)
        if reason is not None:
            raise self._server().error(ErrorKind.INVALID, reason)
        return plan

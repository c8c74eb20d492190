"""The Jellyfin implementation of `MediaClient`.

Each method names the operations of Jellyfin's OpenAPI document that it uses; `api`
names the recorded scenario of each.
"""

from collections.abc import Callable, Collection, Coroutine, Sequence
from typing import ClassVar, Literal, override

from zondarr.media.account_creation import AccountCreation
from zondarr.media.catalogue import WatchDetail
from zondarr.media.clients.jellyfin import accounts, presence, user_names
from zondarr.media.clients.jellyfin.api import JellyfinApi
from zondarr.media.clients.jellyfin.policy import (
    disabled_policy,
    enabled_policy,
    external_user,
    normalized_id,
    with_libraries,
    with_permissions,
)
from zondarr.media.clients.jellyfin.reading import LibraryReader
from zondarr.media.clients.jellyfin.shapes import Policy
from zondarr.media.connections import HostStates
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.names import is_acceptable_name, is_blank
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
"""Something responds, and it is not Jellyfin."""

STILL_RAISED = frozenset({"redirected"})


class JellyfinClient(LibraryReader, AccountCreation):
    """One Jellyfin server; `MediaClient` documents each method."""

    INFO: ClassVar = ServerTypeInfo(
        label="Jellyfin",
        capabilities=frozenset(Capability),
        permissions=(
            "can_download",
            "can_transcode",
            "can_watch_live_tv",
            "can_access_remotely",
            "max_sessions",
            "max_bitrate_kbps",
        ),
        join_methods=dict.fromkeys(PlexUserType, JoinMethod.ACCOUNT),
        tells_last_active=True,
        reads_catalogue=True,
        watch_details=frozenset(WatchDetail),
    )

    @classmethod
    def capabilities(cls) -> frozenset[Capability]:
        return cls.INFO.capabilities

    @classmethod
    async def recognises(cls, url: str, states: HostStates, /) -> bool:
        """GetPublicSystemInfo."""
        state = states.of(url)
        async with state.connections() as http:
            try:
                await JellyfinApi(url, "", http, state).public_info()
            except MediaClientError as error:
                if (
                    error.kind in PROVES_ANOTHER_TYPE
                    and error.error_code not in STILL_RAISED
                ):
                    return False
                raise
        return True

    @classmethod
    def guest_url(cls, url: str, _states: HostStates, /) -> str:
        return url

    async def test_connection(self) -> bool:
        """As `server_info`."""
        try:
            await self.server_info()
        except MediaClientError:
            return False
        return True

    @operation
    async def server_info(self) -> ServerInfo:
        """GetPublicSystemInfo, then GetVirtualFolders, which verifies the key."""
        api = self._api
        info = await api.public_info()
        if info.startup_wizard_completed is False:
            # Before the setup wizard is finished no key is needed, so none is verified.
            raise api.error(ErrorKind.REFUSED, "setup_not_finished")
        await api.libraries()
        return ServerInfo(id=info.id, name=info.server_name, version=info.version)

    @operation
    async def check_identity(self) -> None:
        """GetPublicSystemInfo, which needs no key."""
        known = self.server.machine_id
        if known is not None and (await self._api.public_info()).id != known:
            raise self._api.error(ErrorKind.REPLACED, "server_replaced")

    @operation
    async def get_libraries(self) -> list[LibraryInfo]:
        """GetVirtualFolders."""
        api = self._api
        await presence.require_known_server(api)
        return [
            LibraryInfo(
                external_id=normalized_id(each.item_id),
                name=each.name,
                library_type=each.collection_type or "mixed",
                locations=each.locations or (),
            )
            for each in await api.libraries()
        ]

    @operation
    async def list_users(self) -> list[ExternalUser]:
        """GetUsers."""
        api = self._api
        await presence.require_known_server(api)
        return [external_user(each) for each in await api.users()]

    @operation
    async def plan_account(self, request: AccountRequest, /) -> AccountPlan:
        """GetVirtualFolders, GetUsers; GetPublicSystemInfo where the name rule depends
        on the version.
        """
        plan = await self._plan(request)
        if await accounts.is_taken(self._api, request.username):
            raise self._api.error(ErrorKind.TAKEN, "username_taken")
        return plan

    @operation
    async def open_account(self, plan: AccountPlan, /) -> ExternalUser:
        """CreateUserByName; see `accounts.open_account`."""
        return await self._make_account(plan)

    @operation
    async def finish_account(
        self, plan: AccountPlan, external_user_id: str, secret: str, /
    ) -> ExternalUser:
        """UpdateUserPolicy, UpdateUserPassword, GetUserById; see
        `accounts.finish_account`.
        """
        return await self._finish_account(plan, external_user_id, secret)

    @operation
    async def discard_account(
        self, plan: AccountPlan, external_user_id: str | None, /
    ) -> bool:
        """DeleteUser; see `accounts.discard_account`."""
        return await self._discard_account(plan, external_user_id)

    @override
    async def _new_plan(self, request: AccountRequest, secret: str) -> AccountPlan:
        _require_password(self._api, secret)
        return await self._plan(request)

    async def _plan(self, request: AccountRequest) -> AccountPlan:
        api = self._api
        await _require_name(api, request.username)
        await _require_libraries(api, request.library_ids)
        return AccountPlan.of(request)

    @override
    async def _make_account(self, plan: AccountPlan) -> ExternalUser:
        return await accounts.open_account(self._api, plan)

    @override
    async def _finish_account(
        self, plan: AccountPlan, external_user_id: str, secret: str
    ) -> ExternalUser:
        api = self._api
        _require_password(api, secret)
        return await accounts.finish_account(api, plan, external_user_id, secret)

    @override
    async def _discard_account(
        self, plan: AccountPlan, external_user_id: str | None
    ) -> bool:
        return await accounts.discard_account(self._api, plan, external_user_id)

    @operation
    async def account_presence(self, external_user_id: str) -> Presence:
        """GetUserById, GetUsers, GetPublicSystemInfo."""
        return await presence.presence_of(self._api, external_user_id)

    @operation
    async def delete_user(self, external_user_id: str) -> bool:
        """UpdateUserPolicy, then DeleteUser; see `accounts.remove`."""
        return await accounts.remove(self._api, external_user_id)

    @operation
    async def set_user_enabled(self, external_user_id: str, enabled: bool) -> bool:
        """UpdateUserPolicy."""
        if enabled:
            return await self._change_policy(external_user_id, enabled_policy)
        return await self._change_policy(
            external_user_id, disabled_policy, refuse_administrators=True
        )

    @operation
    async def set_library_access(
        self, external_user_id: str, library_ids: Sequence[str]
    ) -> bool:
        """GetVirtualFolders, UpdateUserPolicy."""
        await _require_libraries(self._api, library_ids)
        return await self._change_policy(
            external_user_id, lambda policy: with_libraries(policy, library_ids)
        )

    @operation
    async def update_permissions(
        self, external_user_id: str, permissions: Permissions
    ) -> bool:
        """UpdateUserPolicy."""
        return await self._change_policy(
            external_user_id, lambda policy: with_permissions(policy, permissions)
        )

    @operation
    async def set_password(self, external_user_id: str, password: str) -> bool:
        """UpdateUserPassword."""
        api, user_id = self._api, normalized_id(external_user_id)
        _require_password(api, password)
        async with api.state.write_lock(user_id):
            user = await api.user(user_id)
            if user is None:
                return await self._is_gone(user_id)
            accounts.refuse_administrators(api, user)
            return await self._false_if_gone(
                user_id, api.set_password(user_id, password)
            )

    @operation
    async def snapshot_access(self, external_user_id: str) -> AccessSnapshot | None:  # noqa: ARG002
        """Not supported: Jellyfin can disable accounts."""
        self._unsupported("snapshot_access")
        return None

    @operation
    async def revoke_access(
        self,
        external_user_id: str,  # noqa: ARG002
        keep: AccessSnapshot | None = None,  # noqa: ARG002
    ) -> bool:
        """Not supported: Jellyfin can disable accounts."""
        return self._unsupported("revoke_access")

    @operation
    async def restore_access(
        self,
        external_user_id: str,  # noqa: ARG002
        remembered: AccessSnapshot,  # noqa: ARG002
    ) -> bool:
        """Not supported: Jellyfin can disable accounts."""
        return self._unsupported("restore_access")

    def _unsupported(self, name: str) -> bool:
        """Log that Jellyfin disables accounts instead, and return false."""
        self.connections()
        log.warning(
            "Jellyfin disables instead", operation=name, server_id=str(self.server.id)
        )
        return False

    async def _change_policy(
        self,
        external_user_id: str,
        change: Callable[[Policy], Policy],
        *,
        refuse_administrators: bool = False,
    ) -> bool:
        """Read the policy, change it, send it back whole and verify that it
        was stored.
        """
        api, user_id = self._api, normalized_id(external_user_id)
        async with api.state.write_lock(user_id):
            user = await api.user(user_id)
            if user is None:
                return await self._is_gone(user_id)
            if refuse_administrators:
                accounts.refuse_administrators(api, user)
            wanted = change(user.policy)
            return await self._false_if_gone(
                user_id, _post_and_verify(api, user_id, wanted)
            )

    async def _false_if_gone(
        self, user_id: str, change: Coroutine[object, object, None]
    ) -> bool:
        """True when the change is done, false if the user was removed meanwhile."""
        try:
            await change
        except MediaClientError as error:
            if error.kind is ErrorKind.GONE:
                return await self._is_gone(user_id)
            raise
        return True

    async def _is_gone(self, user_id: str) -> Literal[False]:
        """The result for an account that does not exist; raises if that is in doubt."""
        await presence.require_gone(self._api, user_id)
        return False


async def _post_and_verify(api: JellyfinApi, user_id: str, wanted: Policy) -> None:
    await api.set_policy(user_id, wanted)
    await accounts.verify_policy(api, user_id, wanted)


async def _require_name(api: JellyfinApi, name: str) -> None:
    """Check our own rule and Jellyfin's, which differs between versions."""
    acceptable = is_acceptable_name(name)
    if acceptable:
        by_version = user_names.depends_on_version(name)
        version = (await api.public_info()).version if by_version else ""
        acceptable = user_names.is_accepted(name, version)
    if not acceptable:
        raise api.error(ErrorKind.INVALID, "invalid_username")


async def _require_libraries(api: JellyfinApi, library_ids: Collection[str]) -> None:
    """Jellyfin silently stores the id of a library that does not exist."""
    if not library_ids:
        return
    existing = {normalized_id(each.item_id) for each in await api.libraries()}
    if not existing.issuperset(map(normalized_id, library_ids)):
        raise api.error(ErrorKind.INVALID, "library_unknown")


def _require_password(api: JellyfinApi, password: str) -> None:
    """Anyone can sign in to an account with an empty password."""
    if is_blank(password):
        raise api.error(ErrorKind.INVALID, "password_required")

"""The Jellyfin client, as the features see it."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress

from zondarr.media.clients.jellyfin import accounts
from zondarr.media.clients.jellyfin.api import JellyfinApi
from zondarr.media.clients.jellyfin.policy import (
    disabled_policy,
    enabled_policy,
    external_user,
    normalized_id,
    with_libraries,
    with_permissions,
)
from zondarr.media.clients.jellyfin.shapes import Policy, User
from zondarr.media.connections import HostStates
from zondarr.media.context import ClientContext
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.names import is_acceptable_name
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
"""Something answers, and it is no Jellyfin."""

STILL_RAISED = frozenset({"redirected"})


class JellyfinClient(ClientContext):
    """One Jellyfin server; see `MediaClient` for what each method promises."""

    @classmethod
    def capabilities(cls) -> frozenset[Capability]:
        return frozenset(Capability)

    @classmethod
    async def recognises(cls, url: str, states: HostStates, /) -> bool:
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

    @property
    def _api(self) -> JellyfinApi:
        http, state = self.connections()
        return JellyfinApi(self.server.url, self.server.api_key, http, state)

    async def test_connection(self) -> bool:
        try:
            await self.server_info()
        except MediaClientError:
            return False
        return True

    @operation
    async def server_info(self) -> ServerInfo:
        api = self._api
        info = await api.public_info()
        if info.startup_wizard_completed is False:
            # Until the wizard is done no key is asked for, so none is proven.
            raise api.error(ErrorKind.REFUSED, "setup_not_finished")
        await api.libraries()
        return ServerInfo(id=info.id, name=info.server_name, version=info.version)

    @operation
    async def get_libraries(self) -> list[LibraryInfo]:
        return [
            LibraryInfo(
                external_id=normalized_id(each.item_id),
                name=each.name,
                library_type=each.collection_type or "mixed",
            )
            for each in await self._api.libraries()
        ]

    @operation
    async def list_users(self) -> list[ExternalUser]:
        return [external_user(each) for each in await self._api.users()]

    @operation
    async def create_user(  # noqa: PLR0913 — the protocol's
        self,
        username: str,
        password: str,
        email: str | None = None,
        *,
        library_ids: Sequence[str] = (),
        permissions: Permissions = GUEST_PERMISSIONS,
        plex_user_type: PlexUserType = PlexUserType.FRIEND,  # noqa: ARG002 — Plex's
        plex_id: str | None = None,  # noqa: ARG002 — Plex's
    ) -> ExternalUser:
        api = self._api
        _require_password(api, password)
        plan = _plan(api, username, email, library_ids, permissions)
        made: ExternalUser | None = None
        try:
            made = await accounts.open_account(api, plan)
            return await accounts.finish_account(api, plan, made.id, password)
        except BaseException as error:
            if not _is_taken(error):
                await self._undo_creation(api, plan, made)
            raise

    async def _undo_creation(
        self, api: JellyfinApi, plan: AccountPlan, made: ExternalUser | None
    ) -> None:
        """Whatever happened, also when our caller gave up: try not to leave it there.

        Nobody can enter what is left behind, but it is an account that nobody meant.
        """
        pause = api.state.options.retry_pause * 5
        for tries in range(UNDO_TRIES):
            await asyncio.sleep(pause * tries)
            with suppress(MediaClientError):
                await accounts.discard_account(api, plan, made.id if made else None)
                return
        log.error("an account may be left behind", server_id=str(self.server.id))

    @operation
    async def plan_account(
        self,
        username: str,
        email: str | None = None,
        *,
        library_ids: Sequence[str] = (),
        permissions: Permissions = GUEST_PERMISSIONS,
        plex_user_type: PlexUserType = PlexUserType.FRIEND,  # noqa: ARG002 — Plex's
        plex_id: str | None = None,  # noqa: ARG002 — Plex's
    ) -> AccountPlan:
        api = self._api
        plan = _plan(api, username, email, library_ids, permissions)
        if await accounts.is_taken(api, username):
            raise api.error(ErrorKind.TAKEN, "username_taken")
        return plan

    @operation
    async def open_account(self, plan: AccountPlan, /) -> ExternalUser:
        return await accounts.open_account(self._api, plan)

    @operation
    async def finish_account(
        self, plan: AccountPlan, external_user_id: str, secret: str, /
    ) -> ExternalUser:
        api = self._api
        _require_password(api, secret)
        return await accounts.finish_account(api, plan, external_user_id, secret)

    @operation
    async def discard_account(
        self, plan: AccountPlan, external_user_id: str | None, /
    ) -> bool:
        return await accounts.discard_account(self._api, plan, external_user_id)

    @operation
    async def delete_user(self, external_user_id: str) -> bool:
        return await accounts.remove(self._api, external_user_id)

    @operation
    async def set_user_enabled(self, external_user_id: str, enabled: bool) -> bool:
        if enabled:
            return await self._change_policy(external_user_id, enabled_policy)
        return await self._change_policy(
            external_user_id, disabled_policy, refuse_administrators=True
        )

    @operation
    async def set_library_access(
        self, external_user_id: str, library_ids: Sequence[str]
    ) -> bool:
        return await self._change_policy(
            external_user_id, lambda policy: with_libraries(policy, library_ids)
        )

    @operation
    async def update_permissions(
        self, external_user_id: str, permissions: Permissions
    ) -> bool:
        return await self._change_policy(
            external_user_id, lambda policy: with_permissions(policy, permissions)
        )

    @operation
    async def set_password(self, external_user_id: str, password: str) -> bool:
        api, user_id = self._api, normalized_id(external_user_id)
        _require_password(api, password)
        async with api.state.write_lock(user_id):
            user = await api.user(user_id)
            if user is None:
                return False
            accounts.refuse_administrators(api, user)
            return await _false_if_gone(api.set_password(user_id, password))

    @operation
    async def snapshot_access(self, external_user_id: str) -> AccessSnapshot | None:  # noqa: ARG002
        self._unsupported("snapshot_access")
        return None

    @operation
    async def revoke_access(
        self,
        external_user_id: str,  # noqa: ARG002
        keep: AccessSnapshot | None = None,  # noqa: ARG002
    ) -> bool:
        return self._unsupported("revoke_access")

    @operation
    async def restore_access(
        self,
        external_user_id: str,  # noqa: ARG002
        remembered: AccessSnapshot,  # noqa: ARG002
    ) -> bool:
        return self._unsupported("restore_access")

    def _unsupported(self, name: str) -> bool:
        """An account is disabled here, and keeps what it may see."""
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
        """Read the policy, change it, send it back whole, see that it was kept."""
        api, user_id = self._api, normalized_id(external_user_id)
        async with api.state.write_lock(user_id):
            user = await api.user(user_id)
            if user is None:
                return False
            if refuse_administrators:
                accounts.refuse_administrators(api, user)
            return await _false_if_gone(
                _post_and_verify(api, user, change(user.policy))
            )


async def _post_and_verify(api: JellyfinApi, user: User, wanted: Policy) -> None:
    await api.set_policy(normalized_id(user.id), wanted)
    await accounts.verify_policy(api, normalized_id(user.id), wanted)


async def _false_if_gone(change: Coroutine[object, object, None]) -> bool:
    """False if the user was removed while we were at it."""
    try:
        await change
    except MediaClientError as error:
        if error.kind is ErrorKind.GONE:
            return False
        raise
    return True


def _plan(
    api: JellyfinApi,
    username: str,
    email: str | None,
    library_ids: Sequence[str],
    permissions: Permissions,
) -> AccountPlan:
    if not is_acceptable_name(username):
        raise api.error(ErrorKind.INVALID, "invalid_username")
    return AccountPlan(
        username=username,
        email=email,
        provisional_password=new_provisional_password(),
        library_ids=tuple(library_ids),
        permissions=permissions,
    )


def _require_password(api: JellyfinApi, password: str) -> None:
    """An account with an empty password is one that anyone can enter."""
    if not password.strip():
        raise api.error(ErrorKind.INVALID, "password_required")


def _is_taken(error: BaseException) -> bool:
    return isinstance(error, MediaClientError) and error.kind is ErrorKind.TAKEN

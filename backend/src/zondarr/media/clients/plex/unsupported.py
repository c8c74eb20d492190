"""What is registered for Plex until invitations know it: no server can be added."""

# ruff: noqa: ARG002 — it refuses whatever it is asked

from collections.abc import Sequence
from http import HTTPStatus
from typing import NoReturn

import msgspec

from zondarr.core.http import base_url
from zondarr.media.context import ClientContext
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.exchange import Answer, Ask, Exchange
from zondarr.media.operations import current_operation, operation
from zondarr.media.shared import SharedStates
from zondarr.media.types import (
    GUEST_PERMISSIONS,
    AccountPlan,
    Capability,
    ExternalUser,
    LibraryInfo,
    Permissions,
    PlexUserType,
    ServerInfo,
)


class _Container(msgspec.Struct, rename="camel"):
    machine_identifier: str


class _Identity(msgspec.Struct):
    container: _Container = msgspec.field(name="MediaContainer")


class UnsupportedPlexClient(ClientContext):
    """Recognises a Plex server, and refuses everything else."""

    @classmethod
    def capabilities(cls) -> frozenset[Capability]:
        return frozenset()

    @classmethod
    async def recognises(cls, url: str, states: SharedStates, /) -> bool:
        state = states.of(url)
        async with state.connections() as http:
            try:
                exchange = Exchange(base_url(url), http, state)
                return await exchange.ask(Ask(path="/identity"), _is_identity)
            except MediaClientError, ValueError:
                return False

    async def test_connection(self) -> bool:
        return False

    @operation
    async def server_info(self) -> ServerInfo:
        self._refuse()

    @operation
    async def get_libraries(self) -> list[LibraryInfo]:
        self._refuse()

    @operation
    async def list_users(self) -> list[ExternalUser]:
        self._refuse()

    @operation
    async def create_user(
        self,
        username: str,
        password: str,
        email: str | None = None,
        *,
        library_ids: Sequence[str] = (),
        permissions: Permissions = GUEST_PERMISSIONS,
        plex_user_type: PlexUserType = PlexUserType.FRIEND,
    ) -> ExternalUser:
        self._refuse()

    @operation
    async def plan_account(
        self,
        username: str,
        email: str | None = None,
        *,
        library_ids: Sequence[str] = (),
        permissions: Permissions = GUEST_PERMISSIONS,
        plex_user_type: PlexUserType = PlexUserType.FRIEND,
    ) -> AccountPlan:
        self._refuse()

    @operation
    async def open_account(self, plan: AccountPlan, /) -> ExternalUser:
        self._refuse()

    @operation
    async def finish_account(
        self, plan: AccountPlan, external_user_id: str, password: str, /
    ) -> ExternalUser:
        self._refuse()

    @operation
    async def discard_account(
        self, plan: AccountPlan, external_user_id: str | None, /
    ) -> bool:
        self._refuse()

    @operation
    async def delete_user(self, external_user_id: str) -> bool:
        self._refuse()

    @operation
    async def set_user_enabled(self, external_user_id: str, enabled: bool) -> bool:
        self._refuse()

    @operation
    async def set_library_access(
        self, external_user_id: str, library_ids: Sequence[str]
    ) -> bool:
        self._refuse()

    @operation
    async def update_permissions(
        self, external_user_id: str, permissions: Permissions
    ) -> bool:
        self._refuse()

    @operation
    async def set_password(self, external_user_id: str, password: str) -> bool:
        self._refuse()

    def _refuse(self) -> NoReturn:
        self.connections()
        raise MediaClientError(
            current_operation(),
            self.server.url,
            ErrorKind.REFUSED,
            "server_type_not_supported",
        )


def _is_identity(answer: Answer) -> bool:
    if answer.status != HTTPStatus.OK:
        return False
    try:
        msgspec.json.decode(answer.body, type=_Identity)
    except msgspec.DecodeError, UnicodeDecodeError:
        return False
    return True

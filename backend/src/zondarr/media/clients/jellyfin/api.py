"""The requests to a Jellyfin server, one method each.

Each names its operation in Jellyfin's OpenAPI document (present in 10.10, 10.11 and
12.0) and the scenario of the recordings from a 12.0.0 server that shows its responses.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

import httpx2
import msgspec

from zondarr import __version__
from zondarr.core.addresses import base_url
from zondarr.media.clients.jellyfin.answers import CLEAR_REFUSALS, classify
from zondarr.media.clients.jellyfin.library_shapes import Items
from zondarr.media.clients.jellyfin.policy import normalized_id, with_every_key
from zondarr.media.clients.jellyfin.shapes import (
    Policy,
    PublicInfo,
    SignedIn,
    User,
    VirtualFolder,
)
from zondarr.media.connections import HostState
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.operations import current_operation
from zondarr.media.pictures import MAX_PICTURE_BYTES, PICTURE_HEADERS
from zondarr.media.transport import ClientRequest, ClientResponse, HttpTransport

PRODUCT = "Jellyfin Server"
ID = re.compile(r"[0-9a-f]{32}")


class JellyfinApi(HttpTransport):
    """Returns decoded responses or raises `MediaClientError`; makes no decisions."""

    def __init__(
        self,
        url: str,
        api_key: str,
        http: httpx2.AsyncClient,
        state: HostState,
        machine_id: str | None = None,
    ) -> None:
        """`machine_id` is the `Id` that the server had when it was added, if known."""
        try:
            super().__init__(base_url(url), http, state)
        except ValueError as error:
            raise MediaClientError(
                current_operation(), url, ErrorKind.INVALID, "url_invalid", error
            ) from error
        self.machine_id = machine_id
        self._headers = {
            "Authorization": authorization(state.options.device_id, Token=api_key)
        }

    async def public_info(self) -> PublicInfo:
        """The server's identity and version; needs no key.

        Raises while the server is starting, or if it is not Jellyfin.
        GetPublicSystemInfo; scenarios `server_info`, `starting`, where its keys are in
        camel case.
        """
        info = await self._get("/System/Info/Public", PublicInfo, signed=False)
        if info.wizard_completed_camel_case is not None:
            self.state.mark_starting()
            raise self.error(ErrorKind.STARTING)
        if info.product_name != PRODUCT:
            raise self.error(ErrorKind.NOT_THIS_TYPE)
        return info

    async def libraries(self) -> list[VirtualFolder]:
        """All libraries. Only an administrator or an API key may read them, so this
        also verifies the key.

        GetVirtualFolders; scenario `libraries`.
        """
        return await self._get("/Library/VirtualFolders", list[VirtualFolder])

    async def users(self) -> list[User]:
        """All users. There is always at least one, so an empty list is an error.

        GetUsers; scenario `users_list`.
        """
        users = await self._get("/Users", list[User], slow=True)
        if not users:
            raise self.error(ErrorKind.FAILED, "empty_answer")
        return users

    async def items[T](self, params: Mapping[str, str], shape: type[T]) -> Items[T]:
        """Some items, as the parameters say. Raises kind `gone` for a parent or a user
        that is not there.

        GetItems; scenarios `items_sweep`, `items_filters`, `play_state`.
        """
        request = ClientRequest(
            path="/Items", params=params, headers=self._headers, slow=True
        )
        try:
            return await self.send(
                request, lambda response: self._read(request, response, Items[shape])
            )
        except MediaClientError as error:
            if error.kind is ErrorKind.INVALID and "parentId" in params:
                # What a real server answers for a library that is not there.
                raise self.error(ErrorKind.GONE, "library_unknown", error) from error
            raise

    async def user(self, id: str) -> User | None:
        """One user, or None if it does not exist.

        GetUserById; scenario `users_list`.
        """
        user_id = normalized_id(id)
        if not is_id(user_id):
            return None
        try:
            return await self._get(f"/Users/{user_id}", User)
        except MediaClientError as error:
            if error.kind is ErrorKind.GONE:
                return None
            raise

    async def poster(self, item_id: str, width: int) -> bytes | None:
        """The poster of an item, about as wide; None if it has none.

        GetItemImage; scenario `images`.
        """
        if not is_id(item_id):
            return None
        request = ClientRequest(
            path=f"/Items/{item_id}/Images/Primary",
            params={"maxWidth": str(width), "quality": "90"},
            headers={**self._headers, **PICTURE_HEADERS},
            max_bytes=MAX_PICTURE_BYTES,
            repeat=False,
        )

        def read(response: ClientResponse) -> bytes | None:
            if response.status == HTTPStatus.NOT_FOUND:
                return None
            if response.status != HTTPStatus.OK:
                raise self._refusal(request, response)
            return response.body

        return await self.send(request, read)

    async def create(self, name: str, password: str) -> User:
        """Create a user, who is enabled and sees all libraries. Nobody may know this
        password.

        CreateUserByName; scenario `users_create`. The document does not list its 400,
        which is the same for a taken name and for a refused one.
        """
        request = ClientRequest(
            method="POST",
            path="/Users/New",
            json={"Name": name, "Password": password},
            headers=self._headers,
            slow=True,
            repeat=False,
        )
        return await self.send(
            request, lambda response: self._read(request, response, User)
        )

    async def set_policy(self, id: str, policy: Policy) -> None:
        """Replace the whole policy. May be repeated.

        UpdateUserPolicy; scenarios `policy_round_trip`, `policy_libraries`.
        """
        await self._post(f"/Users/{id}/Policy", with_every_key(policy))

    async def set_password(self, id: str, password: str) -> None:
        """Set a password, which ends the user's sessions.

        An empty password would open the account to everybody; callers must refuse it.
        UpdateUserPassword; scenarios `password_by_key`, `password_reset`.
        """
        await self._post("/Users/Password", {"NewPw": password}, userId=id)

    async def delete(self, id: str) -> None:
        """Delete a user. See `accounts.remove` for what must be done first.

        DeleteUser; scenario `user_delete`.
        """
        request = ClientRequest(
            method="DELETE", path=f"/Users/{id}", headers=self._headers, slow=True
        )
        await self.send(request, lambda response: self._expect_done(request, response))

    async def sign_in(self, name: str, password: str, device: str) -> SignedIn | None:
        """Sign in as a user; None only if the name or password is wrong.

        `device` is used for this attempt only: signing out ends all sessions of the
        device. AuthenticateUserByName; scenarios `auth_sign_in`, `auth_disabled`.
        """
        request = ClientRequest(
            method="POST",
            path="/Users/AuthenticateByName",
            json={"Username": name, "Pw": password},
            headers={"Authorization": authorization(device)},
            slow=True,
            repeat=False,
        )
        try:
            return await self.send(
                request, lambda response: self._read(request, response, SignedIn)
            )
        except MediaClientError as error:
            if error.error_code == "wrong_password":
                return None
            raise

    async def sign_out(self, token: str, device: str) -> None:
        """End the session of this token.

        ReportSessionEnded; scenario `auth_logout`.
        """
        request = ClientRequest(
            method="POST",
            path="/Sessions/Logout",
            headers={"Authorization": authorization(device, Token=token)},
        )
        await self.send(request, lambda response: self._expect_done(request, response))

    async def _get[T](
        self, path: str, shape: type[T], *, signed: bool = True, slow: bool = False
    ) -> T:
        request = ClientRequest(
            path=path, headers=self._headers if signed else {}, slow=slow
        )
        return await self.send(
            request, lambda response: self._read(request, response, shape)
        )

    async def _post(self, path: str, json: object, **params: str) -> None:
        request = ClientRequest(
            method="POST",
            path=path,
            json=json,
            params=params,
            headers=self._headers,
            slow=True,
        )
        await self.send(request, lambda response: self._expect_done(request, response))

    def _read[T](
        self, request: ClientRequest, response: ClientResponse, shape: type[T]
    ) -> T:
        if response.status != HTTPStatus.OK or "json" not in response.media_type:
            raise self._refusal(request, response)
        self.state.mark_ready()
        try:
            return msgspec.json.decode(response.body, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self.error(
                ErrorKind.FAILED, "bad_answer", error, in_doubt=request.method != "GET"
            ) from error

    def _expect_done(self, request: ClientRequest, response: ClientResponse) -> None:
        """A change is confirmed by 204 only; a proxy's page would be a 200."""
        if response.status != HTTPStatus.NO_CONTENT:
            raise self._refusal(request, response)

    def _refusal(
        self, request: ClientRequest, response: ClientResponse
    ) -> MediaClientError:
        why = classify(response)
        if why.kind is ErrorKind.STARTING:
            self.state.mark_starting()
        return self.error(
            why.kind,
            why.code,
            retry_after=response.retry_after,
            in_doubt=request.method != "GET" and why.kind not in CLEAR_REFUSALS,
        )


def authorization(device: str, **token: str) -> str:
    """The `Authorization` header. Jellyfin URL-decodes its values."""
    parts = {
        **token,
        "Client": "Zondarr",
        "Device": "Zondarr",
        "DeviceId": device,
        "Version": __version__,
    }
    pairs = ", ".join(
        f'{key}="{quote(value, safe="")}"' for key, value in parts.items()
    )
    return f"MediaBrowser {pairs}"


def is_id(text: str) -> bool:
    """Whether the text is a valid user id; anything else could form another path."""
    return ID.fullmatch(text) is not None and bool(text.strip("0"))

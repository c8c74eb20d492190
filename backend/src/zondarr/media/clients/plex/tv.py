"""The requests to plex.tv, for the owner of a server.

No API document covers sharing, invitations, friends or the Home. Paths and fields are
those that other programs (plexapi among them) were seen to use in 2026. There are no
recordings: the tests use our simulator, and any field may be missing.
"""

from collections.abc import Coroutine, Mapping, Sequence
from typing import Literal
from xml.etree.ElementTree import Element

from msgspec import Struct

from zondarr.media.clients.plex.answers import parse_xml
from zondarr.media.clients.plex.shapes import (
    Account,
    Member,
    Received,
    Resource,
    Section,
    Sections,
    Settings,
    Share,
    ShareV1,
)
from zondarr.media.clients.plex.transport import ThrottledTransport, headers
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.transport import ClientRequest, ClientResponse

SHARED = "/api/v2/shared_servers"
HOME = "/api/home/users"
RESOURCES = "/api/v2/resources"
NO_PARAMS: Mapping[str, str] = {}


class Guest(Struct, frozen=True, kw_only=True):
    """The recipient of a share: plex.tv's id if known, else the e-mail address."""

    plex_id: str | None = None
    email: str | None = None

    @property
    def key(self) -> str:
        return self.plex_id or self.email or ""


class PlexTv:
    """Returns decoded responses or raises `MediaClientError`; makes no decisions.

    `tv` and `clients` are its two hosts.
    """

    def __init__(
        self, token: str, *, tv: ThrottledTransport, clients: ThrottledTransport
    ) -> None:
        self.tv = tv
        self.clients = clients
        self._headers = headers(tv.state.options.device_id, token)

    def with_token(self, token: str) -> PlexTv:
        """The same hosts with another person's token."""
        return PlexTv(token, tv=self.tv, clients=self.clients)

    async def account(self) -> Account:
        """The account of the token. `GET /api/v2/user`."""
        return await self._read(self.tv, "/api/v2/user", Account)

    async def resources(self) -> list[Resource]:
        """The servers and players that the account may use, its own and others'. `GET
        /api/v2/resources`.
        """
        params = {"includeHttps": "1", "includeRelay": "1"}
        return await self._read(self.tv, RESOURCES, list[Resource], params)

    async def sections(self, machine_id: str) -> list[Section]:
        """The libraries with plex.tv's ids; only the owner may read them. `GET
        /api/v2/servers/{id}`.
        """
        try:
            path = f"/api/v2/servers/{machine_id}"
            return (await self._read(self.tv, path, Sections)).library_sections
        except MediaClientError as error:
            if error.kind is not ErrorKind.GONE:
                raise
            raise self.tv.error(ErrorKind.UNAUTHORIZED, "not_owner", error) from error

    async def pending(self, machine_id: str) -> list[Share]:
        """The shares of this server that are not accepted yet. `GET
        /api/v2/shared_servers/owned/pending`.
        """
        return await self._owned("pending", machine_id)

    async def accepted(self, machine_id: str) -> list[Share]:
        """The accepted shares, also those that the guest left. `GET
        /api/v2/shared_servers/owned/accepted`.
        """
        return await self._owned("accepted", machine_id)

    async def _owned(
        self, which: Literal["accepted", "pending"], machine_id: str
    ) -> list[Share]:
        path = f"{SHARED}/owned/{which}"
        found = await self._read(self.clients, path, list[Share])
        return [each for each in found if each.machine_identifier == machine_id]

    async def received(self) -> list[Received]:
        """The pending shares that the token's account can accept. `GET
        /api/v2/shared_servers/invites/received/pending`.
        """
        path = f"{SHARED}/invites/received/pending"
        return await self._read(self.clients, path, list[Received])

    async def accept(self, share_id: int) -> None:
        """Accept a received share; a second time raises kind `gone`. `POST
        /api/v2/shared_servers/{id}/accept`.
        """
        path = f"{SHARED}/{share_id:d}/accept"
        await self._change(self.clients, self._post(path))

    async def invite(
        self,
        machine_id: str,
        guest: Guest,
        section_ids: Sequence[int],
        settings: Settings,
    ) -> None:
        """Share exactly these libraries; plex.tv takes an empty list to mean all. `POST
        /api/v2/shared_servers`.
        """
        if not section_ids:
            raise self.clients.error(ErrorKind.INVALID, "library_required")
        recipient = (
            {"invitedId": int(guest.plex_id)}
            if guest.plex_id
            else {"invitedEmail": guest.email}
        )
        body = {
            "machineIdentifier": machine_id,
            "librarySectionIds": sorted(section_ids),
            "settings": settings,
            **recipient,
        }
        try:
            await self._change(self.clients, self._post(SHARED, body, repeat=False))
        except MediaClientError as error:
            if error.kind is not ErrorKind.GONE:
                raise
            raise self._unknown(error) from error

    def _unknown(self, error: MediaClientError) -> MediaClientError:
        unknown = self.clients.error(ErrorKind.INVALID, "unknown_user", error)
        unknown.server_message = error.server_message
        return unknown

    async def update(
        self, share_id: int, section_ids: Sequence[int] | None, settings: Settings
    ) -> None:
        """Set libraries and settings; None keeps the libraries. `POST
        /api/v2/shared_servers/{id}`.
        """
        body: dict[str, object] = {"settings": settings}
        if section_ids is not None:
            if not section_ids:
                raise self.clients.error(ErrorKind.INVALID, "library_required")
            body["librarySectionIds"] = sorted(section_ids)
        await self._change(self.clients, self._post(f"{SHARED}/{share_id}", body))

    async def revoke(self, machine_id: str, share_id: int) -> None:
        """End one share, pending or accepted; the friendship stays. `DELETE
        /api/servers/{id}/shared_servers/{share}`.
        """
        path = f"/api/servers/{machine_id}/shared_servers/{share_id}"
        await self._unless_gone(self._change(self.tv, self._delete(path)))

    async def shares_v1(self, machine_id: str) -> list[ShareV1]:
        """The shares in plex.tv's older list, pending ones too. `GET
        /api/servers/{id}/shared_servers`.
        """
        path = f"/api/servers/{machine_id}/shared_servers"
        found = await self._xml(ClientRequest(path=path, headers=self._headers))
        return [_share_v1(each) for each in found.iter("SharedServer")]

    async def friends(self) -> list[Member]:
        """The owner's friends and Home members, with or without a share. `GET
        /api/users`.
        """
        found = await self._xml(ClientRequest(path="/api/users", headers=self._headers))
        return [_member(each) for each in found.iter("User")]

    async def home(self) -> list[Member]:
        """The members of the owner's Plex Home, the owner included. `GET
        /api/home/users`.
        """
        found = await self._xml(ClientRequest(path=HOME, headers=self._headers))
        return [_member(each) for each in found.iter("User")]

    async def create_member(self, title: str) -> Member:
        """Create a managed user of the Home, without libraries. `POST
        /api/home/users`.
        """
        request = ClientRequest(
            method="POST",
            path=HOME,
            params={"title": title},
            headers=self._headers,
            slow=True,
            repeat=False,
        )
        made = _member(await self._xml(request))
        if not made.id:
            raise self.tv.error(ErrorKind.FAILED, "bad_answer", in_doubt=True)
        return made

    async def remove_member(self, id: str) -> None:
        """Remove a managed user from the Home. `DELETE /api/home/users/{id}`."""
        await self._unless_gone(self._change(self.tv, self._delete(f"{HOME}/{id}")))

    async def set_pin(self, id: str, pin: str) -> None:
        """Set the PIN of a managed user. `POST /api/v2/home/users/restricted/{id}`."""
        path = f"/api/v2/home/users/restricted/{id}"
        request = ClientRequest(
            method="POST", path=path, params={"pin": pin}, headers=self._headers
        )
        await self._change(self.tv, request)

    async def _read[T](
        self,
        host: ThrottledTransport,
        path: str,
        shape: type[T],
        params: Mapping[str, str] = NO_PARAMS,
    ) -> T:
        request = ClientRequest(path=path, params=params, headers=self._headers)
        return await host.send(
            request, lambda response: host.decode(request, response, shape)
        )

    async def _xml(self, request: ClientRequest) -> Element:
        def read(response: ClientResponse) -> Element:
            self.tv.expect_done(request, response)
            try:
                return parse_xml(response.body)
            except ValueError as error:
                raise self.tv.error(
                    ErrorKind.FAILED,
                    "bad_answer",
                    error,
                    in_doubt=request.method != "GET",
                ) from error

        return await self.tv.send(request, read)

    async def _change(self, host: ThrottledTransport, request: ClientRequest) -> None:
        await host.send(request, lambda response: host.expect_done(request, response))

    async def _unless_gone(self, change: Coroutine[object, object, None]) -> None:
        """Ignore kind `gone`: somebody else was faster, or our own first attempt
        succeeded.
        """
        try:
            await change
        except MediaClientError as error:
            if error.kind is not ErrorKind.GONE:
                raise

    def _post(
        self, path: str, json: object = None, *, repeat: bool = True
    ) -> ClientRequest:
        return ClientRequest(
            method="POST",
            path=path,
            json=json,
            headers=self._headers,
            slow=True,
            repeat=repeat,
        )

    def _delete(self, path: str) -> ClientRequest:
        return ClientRequest(
            method="DELETE", path=path, headers=self._headers, slow=True
        )


def _share_v1(share: Element) -> ShareV1:
    return ShareV1(
        id=share.get("id", ""),
        plex_id=share.get("userID") or None,
        email=(share.get("email") or "").strip().lower() or None,
    )


def _member(user: Element) -> Member:
    return Member(
        id=user.get("id", ""),
        title=user.get("title") or user.get("username") or "",
        email=(user.get("email") or "").lower() or None,
        is_admin=user.get("admin") == "1",
        is_managed=user.get("restricted") == "1",
        is_protected=user.get("protected") == "1",
    )

"""The requests we send to plex.tv, for the owner of a server.

No API document has sharing, invitations, friends or the Home: paths and shapes are
those that other programs (plexapi among them) were seen to use in 2026. There are no
recordings either: the answers are those of our simulator, and any field may be missing.
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
    """Whom a share is for: by plex.tv's number if it is known, else by address."""

    plex_id: str | None = None
    email: str | None = None

    @property
    def key(self) -> str:
        return self.plex_id or self.email or ""


class PlexTv:
    """Answers in our shapes or fails with `MediaClientError`; decides nothing.

    `tv` and `clients` are its two hosts.
    """

    def __init__(
        self, token: str, *, tv: ThrottledTransport, clients: ThrottledTransport
    ) -> None:
        self.tv = tv
        self.clients = clients
        self._headers = headers(tv.state.options.device_id, token)

    def with_token(self, token: str) -> PlexTv:
        """The same plex.tv, for somebody else."""
        return PlexTv(token, tv=self.tv, clients=self.clients)

    async def account(self) -> Account:
        """Whose token it is."""
        return await self._read(self.tv, "/api/v2/user", Account)

    async def resources(self) -> list[Resource]:
        """The servers and players that the account may use, its own and others'."""
        params = {"includeHttps": "1", "includeRelay": "1"}
        return await self._read(self.tv, RESOURCES, list[Resource], params)

    async def sections(self, machine_id: str) -> list[Section]:
        """The libraries as plex.tv counts them: only the owner gets an answer."""
        try:
            path = f"/api/v2/servers/{machine_id}"
            return (await self._read(self.tv, path, Sections)).library_sections
        except MediaClientError as error:
            if error.kind is not ErrorKind.GONE:
                raise
            raise self.tv.error(ErrorKind.UNAUTHORIZED, "not_owner", error) from error

    async def pending(self, machine_id: str) -> list[Share]:
        """The shares of this server that nobody has accepted yet."""
        return await self._owned("pending", machine_id)

    async def accepted(self, machine_id: str) -> list[Share]:
        """Those that were accepted, and what of them was left since."""
        return await self._owned("accepted", machine_id)

    async def _owned(
        self, which: Literal["accepted", "pending"], machine_id: str
    ) -> list[Share]:
        path = f"{SHARED}/owned/{which}"
        found = await self._read(self.clients, path, list[Share])
        return [each for each in found if each.machine_identifier == machine_id]

    async def received(self) -> list[Received]:
        """What waits for whose token it is to accept it."""
        path = f"{SHARED}/invites/received/pending"
        return await self._read(self.clients, path, list[Received])

    async def accept(self, share_id: int) -> None:
        """Accept what was received. Twice is gone: nothing waits any more."""
        path = f"{SHARED}/{share_id:d}/accept"
        await self._change(self.clients, self._post(path))

    async def invite(
        self,
        machine_id: str,
        guest: Guest,
        section_ids: Sequence[int],
        settings: Settings,
    ) -> None:
        """Share exactly these libraries. plex.tv takes none for all of them."""
        if not section_ids:
            raise self.clients.error(ErrorKind.INVALID, "library_required")
        to = (
            {"invitedId": int(guest.plex_id)}
            if guest.plex_id
            else {"invitedEmail": guest.email}
        )
        wish = {
            "machineIdentifier": machine_id,
            "librarySectionIds": sorted(section_ids),
            "settings": settings,
            **to,
        }
        try:
            await self._change(self.clients, self._post(SHARED, wish, repeat=False))
        except MediaClientError as error:
            if error.kind is not ErrorKind.GONE:
                raise
            raise self._unknown(error) from error

    def _unknown(self, error: MediaClientError) -> MediaClientError:
        unknown = self.clients.error(ErrorKind.INVALID, "unknown_user", error)
        unknown.said = error.said
        return unknown

    async def update(
        self, share_id: int, section_ids: Sequence[int] | None, settings: Settings
    ) -> None:
        """Other libraries and rights; None leaves the libraries as they are."""
        wish: dict[str, object] = {"settings": settings}
        if section_ids is not None:
            if not section_ids:
                raise self.clients.error(ErrorKind.INVALID, "library_required")
            wish["librarySectionIds"] = sorted(section_ids)
        await self._change(self.clients, self._post(f"{SHARED}/{share_id}", wish))

    async def revoke(self, machine_id: str, share_id: int) -> None:
        """End one share, pending or accepted. The friendship stays."""
        path = f"/api/servers/{machine_id}/shared_servers/{share_id}"
        await self._unless_gone(self._change(self.tv, self._delete(path)))

    async def shares_v1(self, machine_id: str) -> list[ShareV1]:
        """The shares of this server by plex.tv's older list, pending ones too."""
        path = f"/api/servers/{machine_id}/shared_servers"
        found = await self._xml(ClientRequest(path=path, headers=self._headers))
        return [_share_v1(each) for each in found.iter("SharedServer")]

    async def friends(self) -> list[Member]:
        """Everybody the owner is a friend of or has in his Home, shared with or not."""
        found = await self._xml(ClientRequest(path="/api/users", headers=self._headers))
        return [_member(each) for each in found.iter("User")]

    async def home(self) -> list[Member]:
        """The owner's Plex Home, himself included."""
        found = await self._xml(ClientRequest(path=HOME, headers=self._headers))
        return [_member(each) for each in found.iter("User")]

    async def create_member(self, title: str) -> Member:
        """A managed user of the Home, who sees nothing yet."""
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
        await self._unless_gone(self._change(self.tv, self._delete(f"{HOME}/{id}")))

    async def set_pin(self, id: str, pin: str) -> None:
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
        """Gone already is as good: another was faster, or our own first try."""
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

"""The implementation of `RequestClient` for Seerr, Jellyseerr and Overseerr."""

from collections.abc import Mapping

from zondarr.core.clock import utc_now
from zondarr.media.clients.seerr import shapes, titles
from zondarr.media.clients.seerr.api import Change, SeerrApi
from zondarr.media.clients.seerr.reading import Row, number, row, rows, text
from zondarr.media.connections import HostStates
from zondarr.media.context import ClientContext
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.operations import operation
from zondarr.media.requests import (
    ExternalRequest,
    ExternalTitle,
    ExternalTitleSeason,
    RequestConnection,
    RequestedKind,
    RequesterPageRead,
    RequestOrder,
    RequestPageRead,
    RequestProduct,
    RequestServerInfo,
    RequestStatus,
)

ADMIN = 2
"""The bit of an administrator in a user's `permissions`."""
FIRST_SEERR = 3
"""Jellyseerr ended with version 2, and was renamed to Seerr."""
DONE = {
    "approve": frozenset(
        {RequestStatus.APPROVED, RequestStatus.FAILED, RequestStatus.COMPLETED}
    ),
    "decline": frozenset({RequestStatus.DECLINED}),
    "retry": frozenset({RequestStatus.APPROVED, RequestStatus.COMPLETED}),
}
"""The statuses of a request after a change."""


class SeerrClient(ClientContext):
    """One Seerr; `RequestClient` documents each method."""

    def __init__(self, server: RequestConnection, states: HostStates, /) -> None:
        super().__init__(server, states)
        self._product = server.product

    @property
    def _api(self) -> SeerrApi:
        http, state = self.connections()
        return SeerrApi(self.server.url, self.server.api_key, http, state)

    @operation
    async def server_info(self) -> RequestServerInfo:
        api = self._api
        status = await api.status()
        version = text(status.get("version"))
        if version is None or "commitTag" not in status:
            raise api.error(ErrorKind.NOT_THIS_TYPE, "seerr_not_found")
        public = await api.public_settings()
        if public.get("initialized") is False:
            raise api.error(ErrorKind.REFUSED, "setup_not_finished")
        me = await api.me()
        if "id" not in me:
            raise api.error(ErrorKind.FAILED, "bad_answer")
        if not (number(me.get("permissions")) or 0) & ADMIN:
            raise api.error(ErrorKind.UNAUTHORIZED, "api_key_not_administrator")
        return RequestServerInfo(product=product_of(version, public), version=version)

    @operation
    async def counts(self) -> Mapping[str, int] | None:
        try:
            found = await self._api.counts()
        except MediaClientError as error:
            if error.kind in {ErrorKind.GONE, ErrorKind.NOT_THIS_TYPE}:
                return None
            raise
        return {
            key: n for key, value in found.items() if (n := number(value)) is not None
        }

    @operation
    async def request_page(
        self, skip: int, *, take: int, order: RequestOrder
    ) -> RequestPageRead:
        """`sortDirection` is left out: Overseerr does not know it."""
        params = {"take": str(take), "skip": str(skip), "filter": "all", "sort": order}
        api = self._api
        answer = await api.requests(params)
        found, unread = list[ExternalRequest](), list[int]()
        for each in rows(answer.get("results")):
            request = shapes.request(each, self._product)
            own = number(each.get("id"))
            if request is not None:
                found.append(request)
            elif own is not None:
                unread.append(own)
            else:
                raise api.error(ErrorKind.FAILED, "bad_answer")
        return RequestPageRead(rows=found, total=_total(api, answer), unread=unread)

    @operation
    async def requester_page(self, skip: int, *, take: int) -> RequesterPageRead:
        api = self._api
        params = {"take": str(take), "skip": str(skip), "sort": "created"}
        answer = await api.users(params)
        found = [shapes.requester(each) for each in rows(answer.get("results"))]
        if None in found:
            raise api.error(ErrorKind.FAILED, "bad_answer")
        return RequesterPageRead(
            rows=[each for each in found if each is not None],
            total=_total(api, answer),
        )

    @operation
    async def request(self, id: int, /) -> ExternalRequest | None:
        return await self._request(id)

    @operation
    async def title(
        self, kind: RequestedKind, tmdb: str, *, language: str | None
    ) -> ExternalTitle | None:
        if not tmdb.isdecimal():
            return None
        params = {"language": language} if language else {}
        path = f"/movie/{tmdb}" if kind == "movie" else f"/tv/{tmdb}"
        found = await self._api.title(path, params)
        if found is None:
            return None
        return titles.film(found) if kind == "movie" else titles.show(found)

    @operation
    async def season(self, tmdb: str, number: int) -> ExternalTitleSeason | None:
        if not tmdb.isdecimal():
            return None
        found = await self._api.title(f"/tv/{tmdb}/season/{number}", {})
        return None if found is None else titles.season(found, number, utc_now().date())

    @operation
    async def approve(self, id: int, /) -> ExternalRequest | None:
        return await self._change(id, "approve")

    @operation
    async def decline(self, id: int, /) -> ExternalRequest | None:
        return await self._change(id, "decline")

    @operation
    async def retry(self, id: int, /) -> ExternalRequest | None:
        return await self._change(id, "retry")

    @operation
    async def delete(self, id: int, /) -> bool:
        api = self._api
        try:
            await api.delete(id)
        except MediaClientError as error:
            if error.kind is ErrorKind.GONE:
                return False
            if not error.in_doubt or await api.request(id) is not None:
                raise
            return True
        if await api.request(id) is not None:
            raise api.error(ErrorKind.FAILED, "not_changed")
        return True

    async def _change(self, id: int, change: Change) -> ExternalRequest | None:
        """Change it and read it back; also if the answer was lost, in which case the
        change may have been made.
        """
        try:
            await self._api.change(id, change)
        except MediaClientError as error:
            if error.kind is ErrorKind.GONE:
                return None
            if not error.in_doubt:
                raise
            found = await self._request(id)
            if found is None or found.request_status not in DONE[change]:
                raise
            return found
        return await self._request(id)

    async def _request(self, id: int) -> ExternalRequest | None:
        api = self._api
        given = await api.request(id)
        if given is None:
            return None
        found = shapes.request(given, self._product)
        if found is None:
            raise api.error(ErrorKind.FAILED, "bad_answer")
        return found


def product_of(version: str, public: Row) -> RequestProduct:
    """Overseerr knows Plex only, and does not name the type of media server. Seerr is
    told from Jellyseerr, whose successor it is, by its version, and without a proper
    one by a word that it renamed.
    """
    if "mediaServerType" not in public:
        return RequestProduct.OVERSEERR
    major = version.removeprefix("v").partition(".")[0]
    if major.isdecimal():
        is_seerr = int(major) >= FIRST_SEERR
    else:
        is_seerr = "hideBlocklisted" in public
    return RequestProduct.SEERR if is_seerr else RequestProduct.JELLYSEERR


def _total(api: SeerrApi, answer: Row) -> int:
    """How many there are in all; a body without it is no page."""
    found = number(row(answer.get("pageInfo")).get("results"))
    if found is None or found < 0 or not isinstance(answer.get("results"), list):
        raise api.error(ErrorKind.FAILED, "bad_answer")
    return found

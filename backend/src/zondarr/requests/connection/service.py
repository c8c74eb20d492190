"""Connects a Seerr, tests it, and removes the connection."""

from datetime import datetime
from uuid import UUID, uuid7

import structlog

from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Session, UnitOfWork
from zondarr.core.exceptions import InvalidError, Problem
from zondarr.core.repository import PageRequest
from zondarr.media.exceptions import MediaClientError
from zondarr.media.registry import ClientRegistry
from zondarr.media.requests import RequestConnection, RequestServerInfo
from zondarr.requests.connection.opening import connect, place_of_key
from zondarr.requests.connection.repository import (
    RequesterRepository,
    RequestServerRepository,
    names_of,
)
from zondarr.requests.connection.schemas import (
    RemovalImpact,
    RemovalKind,
    SeerrConnection,
    SeerrFound,
    SeerrRemoval,
    SeerrTest,
    SeerrUpdate,
    SeerrUser,
    SeerrUserPage,
)
from zondarr.requests.exceptions import (
    LABEL,
    NotConnectedError,
    SeerrChangedError,
    failure_of,
)
from zondarr.requests.models import RequesterLink, RequestServer
from zondarr.requests.policy import STALE_AFTER
from zondarr.servers.service import check_same_host
from zondarr.servers.verification import normal_url
from zondarr.users.repository import IdentityRepository

VERSION_LENGTH = 50

log = structlog.get_logger(__name__)


class SeerrService:
    """The Seerr of one workspace.

    Every method opens its own units of work: read, commit, call Seerr, write, commit.
    """

    def __init__(
        self,
        work: UnitOfWork,
        keyring: Keyring,
        registry: ClientRegistry,
        actor: Actor,
    ) -> None:
        self.work = work
        self.keyring = keyring
        self.registry = registry
        self.actor = actor

    async def show(self) -> SeerrConnection:
        async with self.work(reading=True) as session:
            servers = RequestServerRepository(session)
            server = await servers.current()
            if server is None:
                return SeerrConnection.none()
            extent = await servers.extent()
        return SeerrConnection.from_row(
            server,
            connected=True,
            stale=is_stale(server, utc_now()),
            request_count=extent.requests,
            requester_count=extent.requesters,
            unlinked_count=extent.unlinked,
        )

    async def store(self, data: SeerrUpdate) -> SeerrConnection:
        """Connect a Seerr, or change the address or key. Proven before it is stored."""
        before = await self._current()
        connection = self._connection(before, data.url, data.api_key)
        info = await self._prove(connection)
        async with self.work() as session:
            servers = RequestServerRepository(session)
            server = await servers.locked()
            check_unchanged(before, server)
            if server is None:
                server = RequestServer(id=connection.id)
                session.add(server)
            self._fill(server, connection, info)
            await session.flush()
        self._log("seerr connected" if before is None else "seerr changed")
        return await self.show()

    async def test(self, data: SeerrTest) -> SeerrFound:
        """Test an address and a key, or the stored ones; nothing is stored but that the
        stored one responded.
        """
        server = await self._current()
        url = required(server).url if data.url is None else data.url
        connection = self._connection(server, url, data.api_key)
        info = await self._prove(connection)
        if data.url is None and data.api_key is None:
            async with self.work() as session:
                servers = RequestServerRepository(session)
                await servers.record(connection.id, last_contact_at=utc_now())
        return SeerrFound(
            url=connection.url, product=info.product, version=info.version
        )

    async def preview_removal(self) -> SeerrRemoval:
        async with self.work(reading=True) as session:
            servers = RequestServerRepository(session)
            await servers.connected()
            extent = await servers.extent()
        counts = {
            RemovalKind.REQUESTS: extent.requests,
            RemovalKind.REQUESTERS: extent.requesters,
            RemovalKind.LINKS: extent.by_hand,
        }
        return SeerrRemoval(
            possible=True,
            consequences=[RemovalImpact(kind=k, count=n) for k, n in counts.items()],
        )

    async def remove(self) -> None:
        """Delete the connection and what is known of its requests; Seerr is not
        contacted.
        """
        async with self.work() as session:
            servers = RequestServerRepository(session)
            await servers.delete(required(await servers.locked()))
        self._log("seerr removed")

    async def users(
        self, request: PageRequest, *, q: str | None, unlinked: bool
    ) -> SeerrUserPage:
        async with self.work(reading=True) as session:
            found = await RequesterRepository(session).find(
                request, q=q, unlinked=unlinked
            )
            names = await names_of(session, found.items)
        bodies = [
            SeerrUser.from_row(each, identity=names.get(each.identity_id or each.id))
            for each in found.items
        ]
        return SeerrUserPage.of_items(bodies, found)

    async def link(self, id: UUID, identity_id: UUID | None) -> SeerrUser:
        """Link a user of Seerr to a person by hand, or unlink it."""
        async with self.work() as session:
            requesters = RequesterRepository(session)
            requester = await requesters.require(id)
            await RequestServerRepository(session).keep(requester.server_id)
            name = await _name_of(session, identity_id)
            requester.identity_id = identity_id
            requester.link = (
                RequesterLink.UNLINKED if identity_id is None else RequesterLink.HAND
            )
            await requesters.update(requester)
            body = SeerrUser.from_row(requester, identity=name)
        self._log("requester linked")
        return body

    async def _current(self) -> RequestServer | None:
        async with self.work(reading=True) as session:
            return await RequestServerRepository(session).current()

    def _connection(
        self, server: RequestServer | None, address: str, key: str | None
    ) -> RequestConnection:
        """Without a key the stored one is taken, which goes to its own host only."""
        url = normal_url(address)
        if key is not None:
            own = uuid7() if server is None else server.id
            return RequestConnection(id=own, url=url, api_key=key)
        if server is None:
            problem = Problem("is needed", "required")
            raise InvalidError("Seerr is connected with a key.", api_key=problem)
        check_same_host(server.url, url)
        known = self._stored(server)
        return RequestConnection(id=known.id, url=url, api_key=known.api_key)

    def _stored(self, server: RequestServer) -> RequestConnection:
        try:
            return connect(server, self.keyring)
        except MediaClientError as error:
            raise failure_of(error) from error

    async def _prove(self, connection: RequestConnection) -> RequestServerInfo:
        try:
            async with self.registry.get_request_client(connection) as client:
                return await client.server_info()
        except MediaClientError as error:
            raise failure_of(error) from error

    def _fill(
        self,
        server: RequestServer,
        connection: RequestConnection,
        info: RequestServerInfo,
    ) -> None:
        """Another address may be another Seerr, so all of it is read again."""
        if server.url != connection.url:
            server.synced_through = server.full_synced_at = server.counts = None
        server.url = connection.url
        place = place_of_key(server.id)
        server.api_key = self.keyring.seal(connection.api_key, place=place)
        server.product = info.product
        server.version = info.version[:VERSION_LENGTH]
        server.last_contact_at = utc_now()
        server.error_code = server.error = None

    def _log(self, event: str) -> None:
        log.info(event, actor=self.actor.label)


def required(server: RequestServer | None) -> RequestServer:
    if server is None:
        raise NotConnectedError(f"No {LABEL} is connected.")
    return server


def check_unchanged(before: RequestServer | None, now: RequestServer | None) -> None:
    """Raise if the connection changed since Seerr was called."""
    if _facts(before) != _facts(now):
        raise SeerrChangedError("The connection was changed meanwhile. Try again.")


def _facts(server: RequestServer | None) -> tuple[UUID, str, str] | None:
    return None if server is None else (server.id, server.url, server.api_key)


def is_stale(server: RequestServer, now: datetime) -> bool:
    """Whether what is known of requests is old, or the last sync failed."""
    if server.error_code is not None:
        return True
    return server.synced_at is not None and now - server.synced_at > STALE_AFTER


async def _name_of(session: Session, identity_id: UUID | None) -> str | None:
    if identity_id is None:
        return None
    return (await IdentityRepository(session).require(identity_id)).display_name

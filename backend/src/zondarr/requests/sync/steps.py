"""The steps of a sync. Each may run twice; no transaction is open while Seerr is
called.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from zondarr.core.clock import utc_now
from zondarr.core.database import Session, UnitOfWork
from zondarr.core.durable import Progress
from zondarr.core.exceptions import NotFoundError
from zondarr.media.exceptions import MediaClientError
from zondarr.media.requests import RequestClient, RequestOrder
from zondarr.requests.connection.repository import RequestServerRepository
from zondarr.requests.exceptions import SeerrChangedError, failure_of
from zondarr.requests.models import RequestServer
from zondarr.requests.sync.counts import Counted, explains
from zondarr.requests.sync.publishing import SnapshotWriter
from zondarr.requests.sync.repository import SnapshotRepository, StagingRepository
from zondarr.requests.sync.staged import StagedPage, Sweep, pack, unpack
from zondarr.requests.sync.tasks import (
    Begun,
    Counts,
    PageDone,
    Published,
    SyncOptions,
)

PAGE = 100
FULL_AFTER = timedelta(hours=20)
"""A short sync may miss changes that no count shows, such as of a single season; so
once a day all requests are read.
"""
VERSION_LENGTH = 50
USERS = "users/"


class RequestSteps:
    """The steps, for one run."""

    def __init__(
        self,
        work: UnitOfWork,
        server: RequestServer,
        client: RequestClient,
        *,
        run: Progress,
    ) -> None:
        self.work = work
        self.server_id = server.id
        self.label = server.product.label
        self.client = client
        self.run = run
        self.run_id = run.run_id or server.id

    async def begin(self, options: SyncOptions) -> Begun:
        """Forget what an earlier sync left, and decide how much to read."""
        now = utc_now()
        async with self.work() as session:
            servers = RequestServerRepository(session)
            await servers.keep(self.server_id)
            server = await self._server(session)
            await StagingRepository(session).forget(but=self.run_id)
            await servers.record(server.id, started_at=now)
            return Begun(
                at=now,
                url=server.url,
                full=options.full or _is_full_due(server, now),
                product=server.product,
                version=server.version,
                through=server.synced_through,
            )

    async def identify(self, begun: Begun) -> Begun:
        """Look again which product it is: what a status means depends on it."""
        async with self._asking() as client:
            info = await client.server_info()
        return Begun(
            at=begun.at,
            url=begun.url,
            full=True,
            product=info.product,
            version=info.version[:VERSION_LENGTH],
            through=begun.through,
        )

    async def count(self) -> dict[str, int] | None:
        async with self._asking() as client:
            found = await client.counts()
        return None if found is None else dict(found)

    async def read(self, key: str, skip: int, order: RequestOrder) -> PageDone:
        """Read and stage a page of requests."""
        async with self._asking() as client:
            page = await client.request_page(skip, take=PAGE, order=order)
        staged = StagedPage(total=page.total, requests=page.rows, unread=page.unread)
        await self._stage(key, staged)
        times = [each.modified_at for each in page.rows]
        return _done(
            skip,
            len(page.rows) + len(page.unread),
            page.total,
            min(times, default=None),
        )

    async def read_users(self, key: str, skip: int) -> PageDone:
        """Read and stage a page of users."""
        async with self._asking() as client:
            page = await client.requester_page(skip, take=PAGE)
        await self._stage(key, StagedPage(total=page.total, requesters=page.rows))
        return _done(skip, len(page.rows), page.total)

    async def explains(self, prefix: str, by_status: dict[str, int] | None) -> bool:
        """Whether the staged requests are all that changed since the last sync."""
        async with self.work(reading=True) as session:
            server = await self._server(session)
            sweep = await self._sweep(session, prefix)
            known = await SnapshotRepository(session).known()
        if server.counts is None or not sweep.totals:
            return False
        rows = {row.external_id: row for row in known}
        if any(
            own in rows and rows[own].requested_at != each.requested_at
            for own, each in sweep.requests.items()
        ):
            return False
        return explains(
            Counts.of(server.counts),
            Counts(total=sweep.total, by_status=by_status, unread=[*sweep.unread]),
            {
                own: Counted(row.kind, row.request_status, row.media_status)
                for own, row in rows.items()
                if row.missing_since is None
            },
            {own: Counted.of(each) for own, each in sweep.requests.items()},
        )

    async def is_whole(self, prefix: str) -> bool:
        async with self.work(reading=True) as session:
            return (await self._sweep(session, prefix)).whole

    async def publish(
        self,
        begun: Begun,
        prefix: str,
        by_status: dict[str, int] | None,
        whole: bool,
        accept_missing: bool,
    ) -> Published:
        """Make the new snapshot visible, in one transaction."""
        await self.run.check_cancelled()
        async with self.work() as session:
            servers = RequestServerRepository(session)
            server = await servers.locked()
            if server is None or server.id != self.server_id:
                raise NotFoundError(RequestServer.__name__, self.server_id)
            if server.url != begun.url:
                raise SeerrChangedError("The connection was changed meanwhile.")
            if server.synced_at == begun.at:
                return Published()  # Killed after the commit.
            sweep = await self._sweep(session, prefix)
            writer = SnapshotWriter(session, server.id, begun.at)
            done = await writer.write(
                sweep,
                await self._sweep(session, USERS),
                whole=whole,
                accept_missing=accept_missing,
                label=self.label,
            )
            await servers.record(
                server.id, **_found_out(server, begun, sweep, by_status, whole=whole)
            )
            await StagingRepository(session).forget()
        return done

    async def _server(self, session: Session) -> RequestServer:
        server = await RequestServerRepository(session).current()
        if server is None or server.id != self.server_id:
            raise NotFoundError(RequestServer.__name__, self.server_id)
        return server

    async def _stage(self, key: str, page: StagedPage) -> None:
        async with self.work() as session:
            await RequestServerRepository(session).keep(self.server_id)
            staging = StagingRepository(session)
            await staging.stage(self.server_id, self.run_id, key, pack(page))

    async def _sweep(self, session: Session, prefix: str) -> Sweep:
        return unpack(await StagingRepository(session).pages(self.run_id, prefix))

    @asynccontextmanager
    async def _asking(self) -> AsyncGenerator[RequestClient]:
        await self.run.check_cancelled()
        try:
            yield self.client
        except MediaClientError as error:
            raise failure_of(error, self.label) from error


def _is_full_due(server: RequestServer, now: datetime) -> bool:
    full = server.full_synced_at
    return full is None or server.counts is None or now - full > FULL_AFTER


def _done(skip: int, rows: int, total: int, oldest: datetime | None = None) -> PageDone:
    done = skip + rows
    more = rows > 0 and done < total
    return PageDone(next=done if more else None, total=total, done=done, oldest=oldest)


def _found_out(
    server: RequestServer,
    begun: Begun,
    sweep: Sweep,
    by_status: dict[str, int] | None,
    *,
    whole: bool,
) -> dict[str, object]:
    unread = sweep.unread
    if not whole and server.counts is not None:
        unread = unread | set(Counts.of(server.counts).unread)
    counts = Counts(total=sweep.total, by_status=by_status, unread=sorted(unread))
    times = [each.modified_at for each in sweep.requests.values()]
    through = max([*times, *([begun.through] if begun.through else [])], default=None)
    found: dict[str, object] = {
        "last_contact_at": utc_now(),
        "error_code": None,
        "error": None,
        "synced_at": begun.at,
        "synced_through": through,
        "counts": counts.stored(),
    }
    if whole:
        found |= {
            "full_synced_at": begun.at,
            "product": begun.product,
            "version": begun.version,
        }
    return found

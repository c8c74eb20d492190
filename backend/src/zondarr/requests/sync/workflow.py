"""Syncs of requests as durable workflows: one at a time per workspace.

A second start joins the running one. After a crash it continues at the same page.
Readers see the old requests until all new ones are published at once.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from uuid import UUID

from zondarr.core.actor import Actor
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.core.durable import About, Durable, Progress, StepFailedError
from zondarr.core.exceptions import NotFoundError
from zondarr.media.exceptions import MediaClientError
from zondarr.media.registry import ClientRegistry
from zondarr.media.requests import RequestClient, RequestProduct
from zondarr.requests.connection.opening import connect
from zondarr.requests.connection.repository import RequestServerRepository
from zondarr.requests.exceptions import (
    RequestsShrunkenError,
    RequestSyncError,
    failure_of,
)
from zondarr.requests.models import RequestServer
from zondarr.requests.repository.holdings import refresh_holdings
from zondarr.requests.sync.lookups import Lookups
from zondarr.requests.sync.repository import SnapshotRepository
from zondarr.requests.sync.steps import USERS, RequestSteps
from zondarr.requests.sync.tasks import Begun, PageDone, Published, SyncOptions

SYNC = "requests.sync"
ATTEMPTS = 3
"""So often a list that changes while it is read is read again."""
RECENT_PAGES = 5
"""If more than that changed, all requests are read."""
CANCELLED = "cancelled"
ADVICE = "What was known of requests stays."
MAX_ERROR = 500


class RequestSyncs:
    """Starts syncs; one object per process."""

    name = SYNC
    asks_with = RequestsShrunkenError.code

    def __init__(
        self,
        database: Database,
        durable: Durable,
        keyring: Keyring,
        registry: ClientRegistry,
    ) -> None:
        self.database = database
        self.durable = durable
        self.keyring = keyring
        self.registry = registry
        self.sync = durable.tracked(SYNC, self._sync)
        self.lookups = Lookups(database, durable, keyring, registry)

    async def start(self, actor: Actor, options: SyncOptions | None = None) -> UUID:
        """Sync the workspace's Seerr; returns the run, which is the running one if
        there is one. Not inside a transaction.
        """
        workspace_id = actor.workspace_id
        async with self.database.scoped(workspace_id, reading=True) as session:
            server = await RequestServerRepository(session).connected()
        async with self.durable.lock(f"requests-start:{workspace_id}"):
            running = await self.sync.ongoing(workspace_id, server.id)
            if running is not None:
                return running.id
            return await self.sync.start(
                workspace_id,
                server.id,
                options or SyncOptions(),
                workspace_id=workspace_id,
                created_by=actor.account_id,
                about=About(id=server.id, name=server.product.label),
            )

    async def start_along(
        self, actor: Actor, *, full: bool, accept_missing: bool = False
    ) -> UUID | None:
        """For a sync of everything: None if no Seerr is connected."""
        async with self.database.scoped(actor.workspace_id, reading=True) as session:
            if await RequestServerRepository(session).current() is None:
                return None
        options = SyncOptions(full=full, accept_missing=accept_missing)
        return await self.start(actor, options)

    async def link_titles(self, workspace_id: UUID) -> None:
        """Find the titles of requests again, after the catalogue changed."""
        async with self.database.scoped(workspace_id) as session:
            # First, as a removal does: otherwise each might wait for rows of the other.
            if await RequestServerRepository(session).locked() is None:
                return
            await SnapshotRepository(session).link_titles()
            await refresh_holdings(session)

    async def _sync(
        self,
        progress: Progress,
        workspace_id: UUID,
        server_id: UUID,
        options: SyncOptions,
    ) -> None:
        """The workflow."""
        label = "Seerr"
        try:
            server = await self._server(workspace_id, server_id)
            label = server.product.label
            flow = _Flow(self, progress, server)
            done = await flow.run(options)
        except MediaClientError as error:
            known = failure_of(error, label)
            await self._fail(workspace_id, server_id, known.error_code, str(known))
        except StepFailedError as error:
            if error.error_code == CANCELLED:
                return
            if error.error_code == NotFoundError.code:
                text = f"{label} was disconnected while it was read."
                raise RequestSyncError(error.error_code, text) from error
            await self._fail(workspace_id, server_id, error.error_code, str(error))
        else:
            await self.lookups.some(progress, workspace_id, server_id)
            await progress.report(
                message=f"{done.new} requests new, {done.changed} changed,"
                f" {done.gone} gone"
            )

    async def _fail(
        self, workspace_id: UUID, server_id: UUID, code: str, text: str
    ) -> None:
        """Note why requests are stale from now on, and end the run."""
        async with self.database.scoped(workspace_id) as session:
            await RequestServerRepository(session).record(
                server_id, error_code=code, error=text[:MAX_ERROR]
            )
        advice = "" if code == RequestsShrunkenError.code else f" {ADVICE}"
        raise RequestSyncError(code, text + advice)

    async def _server(self, workspace_id: UUID, server_id: UUID) -> RequestServer:
        async with self.database.scoped(workspace_id, reading=True) as session:
            return await RequestServerRepository(session).require(server_id)

    @asynccontextmanager
    async def client(
        self, server: RequestServer, product: RequestProduct | None = None
    ) -> AsyncGenerator[RequestClient]:
        """A client outside of the steps, which a step that is repeated has too."""
        connection = connect(server, self.keyring, product)
        async with self.registry.get_request_client(connection) as client:
            yield client


class _Flow:
    """The order of the steps; see `steps`."""

    def __init__(
        self,
        syncs: RequestSyncs,
        progress: Progress,
        server: RequestServer,
    ) -> None:
        self.syncs = syncs
        self.step = syncs.durable.step
        self.progress = progress
        self.server = server

    async def run(self, options: SyncOptions) -> Published:
        await self.progress.begin_step("requests", message="Reading the requests")
        async with self.syncs.client(self.server) as client:
            steps = self._steps(client)
            begun = await self.step("begin", steps.begin, options)
            by_status = await self.step("count", steps.count)
            if not begun.full and await self._read_recent(steps, begun, by_status):
                return await self.step(
                    "publish", steps.publish, begun, "recent/", by_status, False, False
                )
            begun = await self.step("identify", steps.identify, begun)
        async with self.syncs.client(self.server, begun.product) as client:
            steps = self._steps(client)
            prefix = await self._read_all(steps)
            await self._read_users(steps)
            accept = options.accept_missing
            await self.progress.begin_step("writing", message="Writing what changed")
            return await self.step(
                "publish/all", steps.publish, begun, prefix, by_status, True, accept
            )

    def _steps(self, client: RequestClient) -> RequestSteps:
        work = partial(self.syncs.database.scoped, self.server.workspace_id)
        return RequestSteps(work, self.server, client, run=self.progress)

    async def _read_recent(
        self, steps: RequestSteps, begun: Begun, by_status: dict[str, int] | None
    ) -> bool:
        """Read what was modified last; returns whether that is all that changed."""
        skip = 0
        for page in range(RECENT_PAGES):
            key = f"recent/{page}"
            done = await self.step(key, steps.read, key, skip, "modified")
            if done.next is None or _is_known(done, begun):
                break
            skip = done.next
        await self.step("users/0", steps.read_users, "users/0", 0)
        return await self.step("explains", steps.explains, "recent/", by_status)

    async def _read_all(self, steps: RequestSteps) -> str:
        """Read all requests; returns the prefix of the pages of a whole sweep."""
        for attempt in range(ATTEMPTS):
            prefix = f"all/{attempt}/"
            read = partial(self._page, steps, prefix)
            await self._pages(read)
            if await self.step(f"{prefix}whole", steps.is_whole, prefix):
                return prefix
        text = f"{steps.label}'s list changed too much while it was read."
        raise StepFailedError("whole", "listing_unsteady", text)

    async def _page(
        self, steps: RequestSteps, prefix: str, page: int, skip: int
    ) -> PageDone:
        key = f"{prefix}{page}"
        return await self.step(key, steps.read, key, skip, "added")

    async def _read_users(self, steps: RequestSteps) -> None:
        await self.progress.begin_step("users", message="Reading who asks")

        async def read(page: int, skip: int) -> PageDone:
            key = f"{USERS}{page}"
            return await self.step(f"all-{key}", steps.read_users, key, skip)

        await self._pages(read)

    async def _pages(self, read: Callable[[int, int], Awaitable[PageDone]]) -> None:
        page, skip = 0, 0
        while True:
            done = await read(page, skip)
            await self.progress.report(done.done, done.total)
            if done.next is None:
                return
            page, skip = page + 1, done.next


def _is_known(done: PageDone, begun: Begun) -> bool:
    """Whether the page ends with what was read before."""
    if done.oldest is None or begun.through is None:
        return False
    return done.oldest <= begun.through

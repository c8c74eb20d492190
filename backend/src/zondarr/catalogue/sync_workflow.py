"""Catalogue syncs as durable workflows: one per server, and a parent over them.

A second start joins the running one. After a crash it continues at the same page.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from uuid import UUID

from msgspec import Struct

from zondarr.catalogue.exceptions import (
    CatalogueSyncError,
    LibraryShrunkenError,
    NoServersError,
    NothingToConfirmError,
)
from zondarr.catalogue.hooks import CatalogueHooks
from zondarr.catalogue.server_sync import Checked, ServerSync
from zondarr.catalogue.tasks import Begun, LibraryTask, SyncOptions
from zondarr.core.actor import Actor
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, Session
from zondarr.core.durable import (
    About,
    Durable,
    Progress,
    Run,
    RunStatus,
    StepFailedError,
)
from zondarr.core.durable.repository import RunRepository
from zondarr.core.exceptions import NotFoundError, ZondarrError
from zondarr.media.exceptions import MediaClientError
from zondarr.media.registry import ClientRegistry
from zondarr.servers.connections import Connections
from zondarr.servers.exceptions import failure_of
from zondarr.servers.models import MediaServer
from zondarr.servers.repository import MediaServerRepository
from zondarr.servers.service import check_enabled

ALL, ONE = "catalogue.sync", "catalogue.sync-server"
CANCELLED = "cancelled"
NOT_THE_ACCOUNTS = frozenset((CANCELLED, ZondarrError.code, NotFoundError.code))
"""Failures while an account is read that end the sync: it was cancelled, the program
is wrong, or the server was removed.
"""
ADVICE = "What was known before stays. Look at the server, then sync again."


class CatalogueSyncs:
    """Starts syncs; one object per process."""

    def __init__(
        self,
        database: Database,
        durable: Durable,
        keyring: Keyring,
        registry: ClientRegistry,
        hooks: CatalogueHooks | None = None,
    ) -> None:
        self.database = database
        self.durable = durable
        self.keyring = keyring
        self.registry = registry
        self.hooks = hooks or CatalogueHooks()
        self.all = durable.tracked(ALL, self._follow)
        self.one = durable.tracked(ONE, self._sync)

    async def start(
        self,
        actor: Actor,
        server_ids: Sequence[UUID] | None = None,
        options: SyncOptions | None = None,
    ) -> UUID:
        """Sync these servers, or all enabled ones and Seerr; returns the run over them.

        If a sync of the same servers is running, its run is returned. Not inside a
        transaction.
        """
        options = options or SyncOptions()
        every = server_ids is None
        along = await self.hooks.start_along(actor, options) if every else []
        return await self._start(actor, server_ids, options, along)

    async def _start(
        self,
        actor: Actor,
        server_ids: Sequence[UUID] | None,
        options: SyncOptions,
        along: Sequence[UUID],
    ) -> UUID:
        workspace_id = actor.workspace_id
        servers = await self._servers(workspace_id, server_ids, needed=not along)
        async with self.durable.lock(f"catalogue-start:{workspace_id}"):
            running = [
                await self.one.ongoing(workspace_id, server.id) for server in servers
            ]
            joined = await self._joined(workspace_id, running)
            if joined is not None:
                return joined.id
            parts = [
                run.id if run else await self._start_one(server, actor, options)
                for server, run in zip(servers, running, strict=True)
            ]
            parts += along
            return await self.all.start(
                workspace_id,
                parts,
                workspace_id=workspace_id,
                created_by=actor.account_id,
                about=About(parts=parts),
            )

    async def confirm(self, run_id: UUID, actor: Actor) -> UUID:
        """Confirm a run that stopped: sync those servers again, and believe what they
        lack. Returns the new run.
        """
        async with self.database.scoped(actor.workspace_id, reading=True) as session:
            runs = RunRepository(session)
            run = await runs.require(run_id)
            parts = await runs.get_by_ids([UUID(part) for part in run.parts])
        asking = [
            each.subject_id
            for each in (run, *parts)
            if each.error_code == LibraryShrunkenError.code and each.name == ONE
        ]
        servers = [each for each in asking if each is not None]
        options = SyncOptions(accept_missing=True)
        along = [
            part
            for each in (run, *parts)
            if self.hooks.asks(each)
            for part in await self.hooks.start_along(actor, options)
        ]
        if not servers and not along:
            raise NothingToConfirmError("This run did not stop to ask.")
        if not servers:
            return along[0]
        return await self._start(actor, servers, options, along)

    async def _start_one(
        self, server: MediaServer, actor: Actor, options: SyncOptions
    ) -> UUID:
        return await self.one.start(
            server.workspace_id,
            server.id,
            options,
            workspace_id=server.workspace_id,
            created_by=actor.account_id,
            about=About(id=server.id, name=server.name),
        )

    async def _joined(
        self, workspace_id: UUID, running: Sequence[Run | None]
    ) -> Run | None:
        """The run over all of them, if each of them is running as a part of it."""
        run = await self.all.ongoing(workspace_id)
        if run is None or not all(one and str(one.id) in run.parts for one in running):
            return None
        return run

    async def _servers(
        self, workspace_id: UUID, server_ids: Sequence[UUID] | None, *, needed: bool
    ) -> list[MediaServer]:
        async with self.database.scoped(workspace_id, reading=True) as session:
            servers = MediaServerRepository(session)
            if server_ids is None:
                found = [
                    each
                    for each in await servers.get_enabled(workspace_id)
                    if self.registry.get_info(each.server_type).reads_catalogue
                ]
            else:
                found = [await servers.require(id) for id in server_ids]  # noqa: A001
        if not found and needed:
            raise NoServersError("No server is switched on: add one first.")
        for each in found:
            check_enabled(each)
        return found

    async def _follow(
        self, progress: Progress, workspace_id: UUID, parts: list[UUID]
    ) -> None:
        """The workflow over all servers: it ends with the last of them."""
        await progress.report(total=len(parts), message="Reading the servers")
        for number, part in enumerate(parts, 1):
            await self.durable.step(f"wait/{part}", self._wait, part)
            await progress.report(done=number)
        ended = await self.durable.step("ended", self._failures, workspace_id, parts)
        if ended:
            raise CatalogueSyncError(ended[0].code, " ".join(e.text for e in ended))
        await progress.report(message="The catalogue is up to date")

    async def _wait(self, run_id: UUID) -> None:
        await self.one.wait(run_id)

    async def _failures(self, workspace_id: UUID, parts: list[UUID]) -> list[_Failure]:
        async with self.database.scoped(workspace_id, reading=True) as session:
            runs = await RunRepository(session).get_by_ids(parts)
        return [
            _Failure(code=run.error_code or "interrupted", text=run.detail or "")
            for run in sorted(runs, key=lambda run: parts.index(run.id))
            if run.status is RunStatus.FAILED
        ]

    async def _sync(
        self,
        progress: Progress,
        workspace_id: UUID,
        server_id: UUID,
        options: SyncOptions,
    ) -> None:
        """The workflow of one server. The client is opened outside of the steps, so
        that the server's identity is checked once, and again after a restart.
        """
        work = partial(self._while_stored, workspace_id, server_id)
        async with work(reading=True) as session:
            server = await MediaServerRepository(session).require(server_id)
        check_enabled(server)
        connections = Connections(work, self.keyring, self.registry)
        try:
            async with connections.open(server) as client:
                sync = ServerSync(
                    work, server, client, run=progress, lock=self.durable.lock
                )
                flow = _Flow(
                    self.durable,
                    progress,
                    sync,
                    options,
                    learn_sizes=self.database.learn_sizes,
                    published=partial(self.hooks.published, workspace_id),
                )
                await flow.run()
            await self.database.learn_sizes()
        except MediaClientError as error:
            known = failure_of(error, server.name)
            text = f"{known} {ADVICE}"
            raise CatalogueSyncError(known.error_code, text) from error
        except StepFailedError as error:
            if error.error_code == CANCELLED:
                return
            if error.error_code == NotFoundError.code:
                text = f"{server.name} was removed while it was read."
                raise CatalogueSyncError(error.error_code, text) from error
            step = progress.step or "begin"
            text = f"{server.name}, step “{step}”: {error} {ADVICE}"
            raise CatalogueSyncError(error.error_code, text) from error

    @asynccontextmanager
    async def _while_stored(
        self, workspace_id: UUID, server_id: UUID, *, reading: bool = False
    ) -> AsyncGenerator[Session]:
        """A unit of work that delays a removal of the server until it ends.

        A removal locks the server first, too: otherwise, on PostgreSQL, both might wait
        for rows of the other.
        """
        async with self.database.scoped(workspace_id, reading=reading) as session:
            if not reading:
                await MediaServerRepository(session).keep(server_id)
            yield session


class _Failure(Struct, frozen=True, kw_only=True):
    code: str
    text: str


class _Flow:
    """The order of the steps of one server; see `server_sync`."""

    def __init__(
        self,
        durable: Durable,
        progress: Progress,
        sync: ServerSync,
        options: SyncOptions,
        *,
        learn_sizes: Callable[[], Awaitable[None]],
        published: Callable[[], Awaitable[None]],
    ) -> None:
        self.step = durable.step
        self.learn_sizes = learn_sizes
        self.published = published
        self.progress = progress
        self.sync = sync
        self.options = options

    async def run(self) -> None:
        await self.progress.begin_step("libraries", message="Asking for the libraries")
        begun = await self.step("begin", self.sync.begin)
        changed = 0
        for number, task in enumerate(begun.libraries):
            changed += await self._read(begun, number, task)
        accept = self.options.accept_missing
        checked = await self.step("check", self.sync.check, begun, accept)
        if self.options.dry_run:
            await self.step("forget", self.sync.forget)
            message = f"{changed} items are new or changed; nothing was written"
            await self.progress.report(message=message)
        else:
            await self._watch(begun)
            await self._write(begun, checked)
        if checked.shrunken:
            raise LibraryShrunkenError(self.sync.server.name, checked.shrunken)

    async def _read(self, begun: Begun, number: int, task: LibraryTask) -> int:
        await self.progress.begin_step(
            f"library: {task.name}"[:64], message=f"Reading {task.name}"
        )
        changed, page, place = 0, 0, None
        while page == 0 or place is not None:
            key = f"{number}/{page}"
            read = await self.step(
                f"read/{key}",
                self.sync.read_page,
                begun,
                number,
                key,
                place,
                self.options,
            )
            await self.progress.report(read.done, read.total)
            changed, page, place = changed + read.changed, page + 1, read.next
            if task.first and page & (page - 1) == 0:
                # Tables that were empty grow: now and then, later less often.
                await self.learn_sizes()
        return changed

    async def _watch(self, begun: Begun) -> None:
        await self.progress.begin_step("plays", message="Reading who watched what")
        accounts = await self.step("accounts", self.sync.watch.accounts, begun)
        if self.sync.watch.has_history:
            place = await self.step("history", self.sync.watch.history_place)
            await self._history("watch/h/", place)
            own = self.sync.watch.write_own_state
            await self.step("own", own, begun, "watch/own")
            await self.step("watched", self.sync.watch.note_watched, accounts, begun.at)
            return
        for number, account in enumerate(accounts):
            try:
                await self._watch_account(f"watch/{number}/", account, begun)
            except StepFailedError as error:
                if error.error_code in NOT_THE_ACCOUNTS:
                    raise
                unread = self.sync.watch.note_unread
                await self.step(f"unread/{number}", unread, [account], error.error_code)
            await self.progress.report(number + 1, len(accounts))

    async def _watch_account(self, key: str, account: str, begun: Begun) -> None:
        page, done, place = 0, 0, None
        while page == 0 or place is not None:
            step = f"{key}{page}"
            pages = self.sync.watch.pages
            read = await self.step(step, pages, account, step, place)
            page, place, done = page + 1, read.next, read.done
        recheck = self.sync.watch.recheck
        await self.step(f"{key}state", recheck, begun, account, key, done)

    async def _history(self, key: str, place: str | None) -> None:
        """A page in each step, since each play is counted once."""
        page = 0
        while page == 0 or place is not None:
            step = f"{key}{page}"
            read = await self.step(step, self.sync.watch.history_page, step, place)
            await self.progress.report(read.done, read.total)
            page, place = page + 1, read.next

    async def _write(self, begun: Begun, checked: Checked) -> None:
        keys = await self.step("keys", self.sync.keys_to_add)
        await self.progress.begin_step(
            "writing", total=len(keys), message="Writing what is new"
        )
        for number, key in enumerate(keys, 1):
            await self.step(f"add/{key}", self.sync.add, begun, checked, key)
            await self.progress.report(number)
        if keys or any(task.first for task in begun.libraries):
            await self.step("prepare", self.sync.prepare)
        done = await self.step("publish", self.sync.publish, begun, checked)
        await self.published()
        await self.progress.report(
            message=f"{done.new} items new, {done.gone} gone, {done.titles} titles"
            " brought up to date"
        )

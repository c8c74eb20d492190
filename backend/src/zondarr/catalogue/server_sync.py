"""The sync of one server's catalogue, step by step.

    read      the libraries, page by page: all ids, and new or changed items; those of
              a library of which nothing was known are written at once, still hidden
    check     a library that lost too much at once is left unchanged
    watch     watch data, account by account
    add       other new items, still hidden
    publish   one transaction: changes, missing items, and all new ones become visible

No transaction is open while the server is called. Each step may run twice.
"""

from contextlib import AbstractAsyncContextManager, nullcontext
from typing import cast
from uuid import UUID

from msgspec import Struct

from zondarr.catalogue.losses import found_again, is_shrunken, lost_titles
from zondarr.catalogue.publishing import Changed, Published, Publisher
from zondarr.catalogue.repository import (
    ItemRepository,
    SyncRepository,
    TitleRepository,
    WatchRepository,
)
from zondarr.catalogue.staged import (
    ids_by_library,
    pack_facts,
    pack_ids,
    pack_items,
    unpack_ids,
    unpack_items,
)
from zondarr.catalogue.tasks import Begun, LibraryTask, SyncOptions
from zondarr.catalogue.watch_steps import WatchSteps
from zondarr.catalogue.writing import PageWriter, Place
from zondarr.core.clock import utc_now
from zondarr.core.database import Session, UnitOfWork
from zondarr.core.durable import Lock, Progress
from zondarr.media.catalogue import CatalogueItem, CatalogueReader
from zondarr.media.protocol import MediaClient
from zondarr.media.types import LibraryInfo
from zondarr.servers.models import MediaServer
from zondarr.servers.repository import LibraryRepository
from zondarr.servers.sync import merge_libraries


class PageRead(Struct, frozen=True, kw_only=True):
    """`changed` counts the items that are new or changed."""

    next: str | None
    done: int
    total: int | None
    changed: int


class Checked(Struct, frozen=True, kw_only=True):
    """The libraries that are believed and changed, and the names of those that are not
    believed.
    """

    accepted: list[UUID]
    shrunken: list[str]


class ServerSync:
    """The steps, for one server and one run."""

    def __init__(
        self,
        work: UnitOfWork,
        server: MediaServer,
        client: MediaClient,
        *,
        run: Progress,
        lock: Lock,
    ) -> None:
        self.work = work
        self.server = server
        self.client = client
        # Its `ServerTypeInfo.reads_catalogue` was looked at.
        self.reader = cast("CatalogueReader", cast("object", client))
        self.run = run
        self.run_id = run.run_id or server.id
        self.lock = lock
        self._stamps: tuple[UUID, frozenset[int]] | None = None
        self.watch = WatchSteps(work, server.id, client, run=run, run_id=self.run_id)

    async def begin(self) -> Begun:
        """Read the list of libraries, and delete what an earlier sync left
        unfinished.
        """
        found = await self.client.get_libraries()
        now = utc_now()
        async with self.work() as session:
            await merge_libraries(session, self.server.id, found, now=now)
            syncs = SyncRepository(session)
            await syncs.forget_unfinished(self.server.id, self.run_id)
            (await syncs.of_server(self.server.id)).started_at = now
            libraries = await LibraryRepository(session).get_by_server(self.server.id)
            items = ItemRepository(session)
            tasks = [
                LibraryTask(
                    id=each.id,
                    external_id=each.external_id,
                    name=each.name,
                    library_type=each.library_type,
                    first=not await items.has_listed(each.id),
                )
                for each in libraries
                if each.missing_since is None
            ]
        return Begun(at=now, libraries=tasks)

    async def read_page(
        self,
        begun: Begun,
        number: int,
        key: str,
        place: str | None,
        options: SyncOptions,
    ) -> PageRead:
        """Read a page of a library, and store new or changed items."""
        await self.run.check_cancelled()
        task, full = begun.libraries[number], options.full
        known = await self._known(task.id)
        library = LibraryInfo(
            external_id=task.external_id,
            name=task.name,
            library_type=task.library_type,
        )
        details = full or task.first
        page = await self.reader.library_page(library, place, details=details)
        whole = {each.id: each for each in page.items}
        changed = [
            own for own, stamp in page.stamps if full or hash((own, stamp)) not in known
        ]
        missing = [own for own in changed if own not in whole]
        items: list[CatalogueItem] = [whole[own] for own in changed if own in whole]
        items += await self.reader.item_details(missing) if missing else ()
        at_once = task.first and not options.dry_run
        async with self._lock() if at_once else nullcontext(), self.work() as session:
            if at_once:
                writer = PageWriter(session, self._place(begun, task))
                await writer.write(items, hidden=True)
            await SyncRepository(session).stage(
                media_server_id=self.server.id,
                library_id=task.id,
                run_id=self.run_id,
                key=key,
                seen=pack_ids([own for own, _ in page.stamps]),
                items=b"" if at_once else pack_items(items),
                watched=pack_facts(page.watched),
                has_items=bool(changed) and not at_once,
            )
        return PageRead(
            next=page.next, done=page.done, total=page.total, changed=len(items)
        )

    async def _known(self, library_id: UUID) -> frozenset[int]:
        """The unchanged items: hashes, for one library at a time."""
        if self._stamps is None or self._stamps[0] != library_id:
            async with self.work(reading=True) as session:
                stamps = await ItemRepository(session).stamps(library_id)
            self._stamps = library_id, frozenset(map(hash, stamps))
        return self._stamps[1]

    async def check(self, begun: Begun, accept: bool) -> Checked:
        """Believe each library that did not lose too much at once."""
        accepted: list[UUID] = []
        shrunken: list[str] = []
        self._stamps = None
        async with self.work(reading=True) as session:
            syncs, items = SyncRepository(session), ItemRepository(session)
            seen = ids_by_library(await syncs.seen(self.run_id))
            changed = await syncs.libraries_with_items(self.run_id)
            for task in begun.libraries:
                there = seen.get(task.id, set[str]())
                # If all that is listed is known, is it all that is known?
                count = await items.count_listed(task.id)
                if task.id not in changed and len(there) == count:
                    continue
                if accept or not await self._is_shrunken(session, task.id, there):
                    accepted.append(task.id)
                else:
                    shrunken.append(task.name)
        return Checked(accepted=accepted, shrunken=shrunken)

    async def _is_shrunken(
        self, session: Session, library_id: UUID, seen: set[str]
    ) -> bool:
        known = await ItemRepository(session).listed(library_id)
        if not is_shrunken(known, seen):
            return False
        lost = await TitleRepository(session).some(lost_titles(known, seen))
        again = set[UUID]()
        for packed in await SyncRepository(session).items_of(self.run_id, library_id):
            again |= found_again(known, lost.values(), unpack_items(packed))
        known = [each for each in known if each.title_id not in again]
        return is_shrunken(known, seen)

    async def keys_to_add(self) -> list[str]:
        async with self.work(reading=True) as session:
            return list(await SyncRepository(session).keys_with_items(self.run_id))

    async def add(self, begun: Begun, checked: Checked, key: str) -> None:
        """Write the new items of a page, still hidden."""
        await self.run.check_cancelled()
        async with self._lock(), self.work() as session:
            await self._write(session, begun, checked, key, hidden=True)

    async def _write(
        self,
        session: Session,
        begun: Begun,
        checked: Checked,
        key: str,
        *,
        hidden: bool,
    ) -> set[UUID]:
        """Returns the titles of the items that were written."""
        page = await SyncRepository(session).page_of(self.run_id, key)
        if page is None or page.library_id is None:
            return set()
        if page.library_id not in checked.accepted:
            return set()
        tasks = {each.id: each for each in begun.libraries}
        writer = PageWriter(session, self._place(begun, tasks[page.library_id]))
        return await writer.write(unpack_items(page.items), hidden=hidden)

    def _place(self, begun: Begun, task: LibraryTask) -> Place:
        return Place(
            server_id=self.server.id,
            library_id=task.id,
            first=task.first,
            now=begun.at,
        )

    def _lock(self) -> AbstractAsyncContextManager[None]:
        """One server at a time decides which titles are the same."""
        return self.lock(f"catalogue:{self.server.workspace_id}")

    async def prepare(self) -> None:
        """Compute the totals of titles that are still hidden."""
        await self.run.check_cancelled()
        async with self._lock():
            async with self.work(reading=True) as session:
                watched = await self._watched_titles(session)
            await Publisher(self.work, self.server.id).prepare(watched)

    async def publish(self, begun: Begun, checked: Checked) -> Published:
        """Make the new snapshot visible, in one transaction."""
        await self.run.check_cancelled()
        async with self._lock(), self.work() as session:
            syncs = SyncRepository(session)
            sync = await syncs.of_server(self.server.id)
            if sync.finished_at == begun.at:
                # Killed after the commit: what it read is forgotten by now.
                return Published(new=0, gone=0, titles=0)
            seen = ids_by_library(await syncs.seen(self.run_id))
            titles: set[UUID] = set()
            for key in await syncs.keys_with_items(self.run_id):
                titles |= await self._write(session, begun, checked, key, hidden=False)
            done = await Publisher(self.work, self.server.id).publish(
                session,
                {own: seen.get(own, set[str]()) for own in checked.accepted},
                absent=await self._absent(session, begun),
                changed=Changed(
                    titles,
                    await syncs.libraries_with_items(self.run_id),
                    await self._watched_titles(session),
                ),
                now=begun.at,
            )
            sync.finished_at, sync.error_code = begun.at, None
            await syncs.forget_pages(self.server.id)
        return done

    async def _absent(self, session: Session, begun: Begun) -> set[UUID]:
        """The libraries that the server does not have any more."""
        libraries = await LibraryRepository(session).get_by_server(self.server.id)
        return {each.id for each in libraries} - {each.id for each in begun.libraries}

    async def _watched_titles(self, session: Session) -> set[UUID]:
        """The titles with watch data that was written since the last publication."""
        items: set[str] = set()
        for packed in await SyncRepository(session).changed_facts(self.server.id):
            items.update(unpack_ids(packed))
        return await WatchRepository(session).titles_of(self.server.id, items)

    async def forget(self) -> None:
        """Delete what was read and will not be published."""
        async with self.work() as session:
            await SyncRepository(session).forget_unfinished(self.server.id, None)

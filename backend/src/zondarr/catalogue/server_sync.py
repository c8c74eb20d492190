"""The sync of one server's catalogue, step by step.

    read      the libraries, page by page: all ids, and new or changed items
    check     a library that lost too much at once is left unchanged
    watch     watch data, account by account
    add       new items, still hidden
    publish   one transaction: changes, missing items, and all new ones become visible

No transaction is open while the server is called. Each step may run twice.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import cast
from uuid import UUID

from msgspec import Struct

from zondarr.catalogue.exceptions import CatalogueSyncError
from zondarr.catalogue.losses import found_again, is_shrunken, lost_titles
from zondarr.catalogue.publishing import Changed, Published, Publisher
from zondarr.catalogue.repository import (
    ItemRepository,
    SyncRepository,
    TitleRepository,
    WatchRepository,
)
from zondarr.catalogue.staged import (
    pack_facts,
    pack_ids,
    pack_items,
    unpack_facts,
    unpack_ids,
    unpack_items,
)
from zondarr.catalogue.watching import WatchWriter, not_watched
from zondarr.catalogue.writing import PageWriter, Place, text
from zondarr.core.clock import utc_now
from zondarr.core.database import Session, UnitOfWork
from zondarr.core.durable import Lock, Progress
from zondarr.media.catalogue import CatalogueItem, CatalogueReader, WatchFact
from zondarr.media.protocol import MediaClient
from zondarr.media.types import LibraryInfo
from zondarr.servers.models import MediaServer
from zondarr.servers.repository import LibraryRepository
from zondarr.servers.sync import merge_libraries

ACCOUNT_NAME_LENGTH, ID_LENGTH = 300, 100


class LibraryTask(Struct, frozen=True, kw_only=True):
    """A library to be read. `first`: nothing of it is known yet."""

    id: UUID
    external_id: str
    name: str
    library_type: str
    first: bool


class Begun(Struct, frozen=True, kw_only=True):
    at: datetime
    libraries: list[LibraryTask]


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


class WatchRead(Struct, frozen=True, kw_only=True):
    next: str | None
    done: int
    total: int | None


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
        self.has_history = client.INFO.watch_history
        self.run = run
        self.run_id = run.run_id or server.id
        self.lock = lock
        self._stamps: tuple[UUID, frozenset[int]] | None = None
        self._watching: WatchWriter | None = None

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
        self, task: LibraryTask, key: str, place: str | None, full: bool
    ) -> PageRead:
        """Read a page of a library, and store new or changed items."""
        await self.run.check_cancelled()
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
        async with self.work() as session:
            await SyncRepository(session).stage(
                media_server_id=self.server.id,
                library_id=task.id,
                run_id=self.run_id,
                key=key,
                seen=pack_ids([own for own, _ in page.stamps]),
                items=pack_items(items),
                watched=pack_facts(page.watched),
                has_items=bool(changed),
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
            seen = await self.seen(syncs)
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

    async def seen(self, syncs: SyncRepository) -> dict[UUID, set[str]]:
        """The ids that each library listed."""
        found: dict[UUID, set[str]] = {}
        for library_id, packed in await syncs.seen(self.run_id):
            found.setdefault(library_id, set()).update(unpack_ids(packed))
        return found

    async def watch_accounts(self, begun: Begun) -> list[str]:
        """The ids of the server's accounts. Accounts that are gone keep their watch
        data.
        """
        await self.run.check_cancelled()
        found = [
            each
            for each in await self.reader.watch_accounts()
            if each.id and len(each.id) <= ID_LENGTH and "\0" not in each.id
        ]
        async with self.work() as session:
            watches = WatchRepository(session)
            known = await watches.accounts(self.server.id)
            rows = [
                {
                    "media_server_id": self.server.id,
                    "external_id": each.id,
                    "name": text(each.name, ACCOUNT_NAME_LENGTH),
                    "library_ids": None
                    if each.library_ids is None
                    else list(each.library_ids),
                    "removed_since": None,
                }
                for each in found
            ]
            changed = [row for row in rows if _differs(known, row)]
            await watches.write_accounts(changed)
            gone = known.keys() - {each.id for each in found}
            lost = [own for own in gone if known[own].removed_since is None]
            await watches.note_read(self.server.id, lost, removed_since=begun.at)
        return [each.id for each in found]

    async def watch_page(
        self, account_id: str | None, key: str, place: str | None
    ) -> WatchRead:
        """Read a page of watch data and write what is new, exactly once."""
        await self.run.check_cancelled()
        page = await self.reader.watch_page(account_id, place)
        await self._writer(account_id).write(page, key)
        return WatchRead(next=page.next, done=page.done, total=page.total)

    def _writer(self, account_id: str | None) -> WatchWriter:
        if self._watching is None or self._watching.account_id != account_id:
            self._watching = WatchWriter(
                self.work, self.server.id, account_id, self.run_id
            )
        return self._watching

    async def recheck_watched(
        self, begun: Begun, account_id: str, key: str, done: int
    ) -> None:
        """Read the items that an account had touched and no list named: they are
        unmarked, unless the lists were wrong.

        `key` is the beginning of the keys of the account's pages, `done` the number of
        rows in its lists.
        """
        await self.run.check_cancelled()
        async with self.work(reading=True) as session:
            watches = WatchRepository(session)
            account = (await watches.accounts(self.server.id))[account_id]
            libraries = [
                each.id
                for each in begun.libraries
                if account.library_ids is None
                or each.external_id in account.library_ids
            ]
            touched = await watches.touched_items(self.server.id, account_id, libraries)
            named: set[str] = set()
            for packed in await SyncRepository(session).seen_in(self.run_id, key):
                named.update(unpack_ids(packed))
        facts = await self.reader.watch_state(account_id, sorted(touched - named))
        if touched and not done and not facts:
            raise CatalogueSyncError(
                "answer_doubtful", "The server lists nothing for this account any more."
            )
        await self._writer(account_id).write_state(
            facts, f"{key}state", with_history=False
        )

    async def write_own_state(self, begun: Begun, key: str) -> None:
        """Write what the lists of items said of the account whose key is used. An item
        that was listed without a mark has none any more.
        """
        await self.run.check_cancelled()
        account_id = self.reader.own_account_id
        if account_id is None:
            return
        facts: list[WatchFact] = []
        libraries = [each.id for each in begun.libraries]
        async with self.work(reading=True) as session:
            syncs, watches = SyncRepository(session), WatchRepository(session)
            for packed in await syncs.watched_in_lists(self.run_id):
                facts += unpack_facts(packed)
            seen = set[str]().union(*(await self.seen(syncs)).values())
            touched = await watches.touched_items(self.server.id, account_id, libraries)
        unmarked = (touched & seen) - {each.item_id for each in facts}
        facts += [not_watched(account_id, each) for each in sorted(unmarked)]
        await self._writer(account_id).write_state(facts, key, with_history=True)

    async def history_place(self) -> str | None:
        async with self.work(reading=True) as session:
            syncs = await SyncRepository(session).of_servers([self.server.id])
        found = syncs.get(self.server.id)
        return None if found is None else found.history_place

    async def note_watched(self, account_ids: list[str], at: datetime) -> None:
        """Store the time as of which the accounts' watch data is known."""
        async with self.work() as session:
            await WatchRepository(session).note_read(
                self.server.id, account_ids, as_of=at, error_code=None
            )

    async def note_unread(self, account_ids: list[str], code: str) -> None:
        async with self.work() as session:
            await WatchRepository(session).note_read(
                self.server.id, account_ids, error_code=code[:64]
            )

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
        first = {each.id: each.first for each in begun.libraries}
        place = Place(
            server_id=self.server.id,
            library_id=page.library_id,
            first=first[page.library_id],
            now=begun.at,
        )
        writer = PageWriter(session, place)
        return await writer.write(unpack_items(page.items), hidden=hidden)

    def _lock(self) -> AbstractAsyncContextManager[None]:
        """One server at a time decides which titles are the same."""
        return self.lock(f"catalogue:{self.server.workspace_id}")

    async def prepare(self) -> None:
        """Compute the totals of titles that are still hidden."""
        await self.run.check_cancelled()
        async with self._lock():
            await Publisher(self.work, self.server.id).prepare()

    async def publish(self, begun: Begun, checked: Checked) -> Published:
        """Make the new snapshot visible, in one transaction."""
        await self.run.check_cancelled()
        async with self._lock(), self.work() as session:
            syncs = SyncRepository(session)
            sync = await syncs.of_server(self.server.id)
            if sync.finished_at == begun.at:
                # Killed after the commit: what it read is forgotten by now.
                return Published(new=0, gone=0, titles=0)
            seen = await self.seen(syncs)
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


def _differs(known: Mapping[str, object], row: Mapping[str, object]) -> bool:
    before = known.get(str(row["external_id"]))
    return before is None or any(
        getattr(before, name) != row[name]
        for name in ("name", "library_ids", "removed_since")
    )

"""The steps of a sync that read who watched what."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast
from uuid import UUID

from msgspec import Struct

from zondarr.catalogue.exceptions import CatalogueSyncError
from zondarr.catalogue.repository import SyncRepository, WatchRepository
from zondarr.catalogue.rows import text
from zondarr.catalogue.staged import ids_by_library, unpack_facts, unpack_ids
from zondarr.catalogue.tasks import Begun
from zondarr.catalogue.watching import WatchWriter, not_watched
from zondarr.core.database import UnitOfWork
from zondarr.core.durable import Progress
from zondarr.media.catalogue import CatalogueReader, WatchFact, WatchPage
from zondarr.media.protocol import MediaClient

ACCOUNT_NAME_LENGTH, ID_LENGTH = 300, 100
MANY = 5000
"""Of so many rows of an account, each is read in a step of its own."""


class WatchRead(Struct, frozen=True, kw_only=True):
    next: str | None
    done: int
    total: int | None


class WatchSteps:
    """For one server and one run."""

    def __init__(
        self,
        work: UnitOfWork,
        server_id: UUID,
        client: MediaClient,
        *,
        run: Progress,
        run_id: UUID,
    ) -> None:
        self.work = work
        self.server_id = server_id
        self.reader = cast("CatalogueReader", cast("object", client))
        self.has_history = client.INFO.watch_history
        self.run = run
        self.run_id = run_id
        self._watching: WatchWriter | None = None

    async def accounts(self, begun: Begun) -> list[str]:
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
            known = await watches.accounts(self.server_id)
            rows = [
                {
                    "media_server_id": self.server_id,
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
            await watches.note_read(self.server_id, lost, removed_since=begun.at)
        return [each.id for each in found]

    async def history_page(self, key: str, place: str | None) -> WatchRead:
        """Read a page of the history of all accounts and write it, exactly once."""
        await self.run.check_cancelled()
        page = await self.reader.watch_page(None, place)
        await self._writer(None).write(page, key)
        return WatchRead(next=page.next, done=page.done, total=page.total)

    async def pages(self, account_id: str, key: str, place: str | None) -> WatchRead:
        """Read what an account touched, several short lists at once, and write what
        is new.
        """
        await self.run.check_cancelled()
        facts: list[WatchFact] = []
        while True:
            page = await self.reader.watch_page(account_id, place)
            facts += page.facts
            place = page.next
            if place is None or len(facts) >= MANY:
                break
        whole = WatchPage(
            facts=facts, next=place, resume=None, done=page.done, total=page.total
        )
        await self._writer(account_id).write(whole, key)
        return WatchRead(next=place, done=page.done, total=page.total)

    def _writer(self, account_id: str | None) -> WatchWriter:
        if self._watching is None or self._watching.account_id != account_id:
            self._watching = WatchWriter(
                self.work, self.server_id, account_id, self.run_id
            )
        return self._watching

    async def recheck(self, begun: Begun, account_id: str, key: str, done: int) -> None:
        """Read the items that an account had touched and no list named: they are
        unmarked, unless the lists were wrong. The account is known then.

        `key` is the beginning of the keys of the account's pages, `done` the number of
        rows in its lists.
        """
        await self.run.check_cancelled()
        async with self.work(reading=True) as session:
            watches = WatchRepository(session)
            account = (await watches.accounts(self.server_id))[account_id]
            libraries = [
                each.id
                for each in begun.libraries
                if account.library_ids is None
                or each.external_id in account.library_ids
            ]
            touched = await watches.touched_items(self.server_id, account_id, libraries)
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
        await self.note_watched([account_id], begun.at)

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
            listed = ids_by_library(await syncs.seen(self.run_id))
            seen = set[str]().union(*listed.values())
            touched = await watches.touched_items(self.server_id, account_id, libraries)
        unmarked = (touched & seen) - {each.item_id for each in facts}
        facts += [not_watched(account_id, each) for each in sorted(unmarked)]
        await self._writer(account_id).write_state(facts, key, with_history=True)

    async def history_place(self) -> str | None:
        async with self.work(reading=True) as session:
            syncs = await SyncRepository(session).of_servers([self.server_id])
        found = syncs.get(self.server_id)
        return None if found is None else found.history_place

    async def note_watched(self, account_ids: list[str], at: datetime) -> None:
        """Store the time as of which the accounts' watch data is known."""
        async with self.work() as session:
            await WatchRepository(session).note_read(
                self.server_id, account_ids, as_of=at, error_code=None
            )

    async def note_unread(self, account_ids: list[str], code: str) -> None:
        async with self.work() as session:
            await WatchRepository(session).note_read(
                self.server_id, account_ids, error_code=code[:64]
            )


def _differs(known: Mapping[str, object], row: Mapping[str, object]) -> bool:
    before = known.get(str(row["external_id"]))
    return before is None or any(
        getattr(before, name) != row[name]
        for name in ("name", "library_ids", "removed_since")
    )

"""A large catalogue, written straight into a database.

    python shelves.py URL WORKSPACE TITLES SERVER [SERVER ...]

A script, so that what it imports is in no process that is measured. Nine of ten titles
are films, the others shows of one season; every fifth lies on two servers. A third was
never played.
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import batched
from random import Random
from typing import Any
from uuid import UUID, uuid7

from sqlalchemy import insert, select

from zondarr import tables
from zondarr.catalogue.models import (
    MediaFile,
    MediaItem,
    MediaTrack,
    Title,
    TitleKind,
    WatchAccount,
    WatchFact,
)
from zondarr.catalogue.publishing import refresh_titles
from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.media.catalogue import TrackKind
from zondarr.media.types import ItemKind
from zondarr.servers.models import Library

BATCH = 1000
EPISODES = 5
ACCOUNTS = 20
GIB = 2**30
LANGUAGES = (("eng", "en"), ("fra", "fr"), ("deu", "de"), ("jpn", "ja"), (None, None))
WORDS = ["amber", "birch", "cedar", "delta", "ember", "frost", "grove", "haven"]

assert tables.Base

type Row = dict[str, Any]
type Rows = dict[Any, list[Row]]


class Shelves:
    """Makes the rows of one title after the other."""

    def __init__(self, workspace: UUID, libraries: dict[UUID, dict[str, UUID]]) -> None:
        self.workspace = workspace
        self.libraries = libraries
        self.now = utc_now()
        self.chance = Random(7)  # noqa: S311  # a world, no secret
        self.servers = list(libraries)

    def title(self, number: int, rows: Rows) -> UUID:
        movie = number % 10 != 0
        added = self.now - timedelta(days=self.chance.random() * 2000)
        title_id = uuid7()
        words = self.chance.sample(WORDS, 3)
        rows[Title].append(
            self._row(
                id=title_id,
                kind=TitleKind.MOVIE if movie else TitleKind.SERIES,
                name=f"{' '.join(words)} {number}".capitalize(),
                year=1950 + number % 75,
                tmdb=str(number),
                listed=True,
                created_at=added,
                updated_at=added,
            )
        )
        both = number % 5 == 0
        copies = self.servers[: 2 if both else 1] if number % 2 else self.servers[-1:]
        for server in copies:
            if movie:
                self._leaf(rows, server, title_id, number, added, ItemKind.MOVIE)
                continue
            self._item(rows, server, title_id, number, added, ItemKind.SHOW)
            for episode in range(1, EPISODES + 1):
                self._leaf(
                    rows, server, title_id, number, added, ItemKind.EPISODE, episode
                )
        return title_id

    def _leaf(  # noqa: PLR0913, PLR0917
        self,
        rows: Rows,
        server: UUID,
        title_id: UUID,
        number: int,
        added: datetime,
        kind: ItemKind,
        episode: int | None = None,
    ) -> None:
        item = self._item(rows, server, title_id, number, added, kind, episode)
        movie = kind is ItemKind.MOVIE
        size = int(self.chance.lognormvariate(1.2 if movie else 0.4, 0.8) * GIB)
        file_id = uuid7()
        spoken, written = (
            LANGUAGES[number * place % 7 % len(LANGUAGES)] for place in (1, 2)
        )
        rows[MediaFile].append(
            self._row(
                id=file_id,
                item_id=item["id"],
                place=0,
                path=f"/media/{number}/{episode or 0}.mkv",
                size=None if number % 997 == 0 else size,
                container="mkv",
                audio=spoken[1] or "?",
                subtitles=written[1] or "?",
                created_at=added,
                updated_at=added,
            )
        )
        tracks = (TrackKind.AUDIO, spoken), (TrackKind.SUBTITLE, written)
        for place, (kind_of_track, (language, tag)) in enumerate(tracks):
            rows[MediaTrack].append(
                self._row(
                    file_id=file_id,
                    place=place,
                    kind=kind_of_track,
                    language=language,
                    tag=tag,
                    default=True,
                    forced=False,
                    hearing_impaired=False,
                    external=False,
                )
            )
        self._plays(rows, server, item["external_id"], number, added)

    def _plays(
        self, rows: Rows, server: UUID, item: str, number: int, added: datetime
    ) -> None:
        if number % 3 == 0:
            return
        for account in self.chance.sample(
            range(ACCOUNTS), self.chance.choice((2, 3, 5))
        ):
            at = added + (self.now - added) * self.chance.random()
            rows[WatchFact].append(
                self._row(
                    media_server_id=server,
                    account_id=f"account-{account}",
                    item_id=item,
                    played=True,
                    play_count=1,
                    last_played_at=None if number % 501 == 0 else at,
                    position=0,
                    favourite=number % 211 == 0,
                    changed_at=at,
                )
            )

    def _item(  # noqa: PLR0913, PLR0917
        self,
        rows: Rows,
        server: UUID,
        title_id: UUID,
        number: int,
        added: datetime,
        kind: ItemKind,
        episode: int | None = None,
    ) -> Row:
        shelf = "movies" if kind is ItemKind.MOVIE else "tvshows"
        row = self._row(
            id=uuid7(),
            media_server_id=server,
            library_id=self.libraries[server][shelf],
            title_id=title_id,
            kind=kind,
            external_id=f"{kind}-{number}-{episode or 0}",
            stamp="1",
            name=f"Item {number}",
            season=1 if episode else None,
            number=episode,
            added_at=added,
            arrived_at=added,
            listed=True,
            created_at=added,
            updated_at=added,
        )
        rows[MediaItem].append(row)
        return row

    def accounts(self) -> Iterator[Row]:
        for server in self.servers:
            for number in range(ACCOUNTS):
                yield self._row(
                    id=uuid7(),
                    media_server_id=server,
                    external_id=f"account-{number}",
                    name=f"Account {number}",
                    library_ids=None,
                    as_of=self.now,
                    created_at=self.now,
                    updated_at=self.now,
                )

    def _row(self, **values: Any) -> Row:
        return {"workspace_id": self.workspace, **values}


async def fill(
    database: Database, workspace: UUID, count: int, servers: Sequence[UUID]
) -> None:
    shelves = Shelves(workspace, await _libraries(database, workspace, servers))
    async with database.unscoped("command line") as session:
        known = select(WatchAccount.id).where(WatchAccount.workspace_id == workspace)
        if (await session.scalars(known.limit(1))).first() is None:
            await session.execute(insert(WatchAccount), list(shelves.accounts()))
    tables_in_order = (Title, MediaItem, MediaFile, MediaTrack, WatchFact)
    for turn, numbers in enumerate(batched(range(count), BATCH, strict=False), 1):
        rows: Rows = {each: [] for each in tables_in_order}
        ids = [shelves.title(number, rows) for number in numbers]
        async with database.unscoped("command line") as session:
            for table in tables_in_order:
                if rows[table]:
                    await session.execute(insert(table), rows[table])
        async with database.scoped(workspace) as session:
            await refresh_titles(session, ids, publishing=None)
        if turn & (turn - 1) == 0:
            await database.learn_sizes()


async def _settle(database: Database) -> None:
    """As after a sync and an hour: the planner knows how large the tables are."""
    if not database.is_postgresql:
        await database.learn_sizes()
        return
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.exec_driver_sql("VACUUM ANALYZE")


async def _libraries(
    database: Database, workspace: UUID, servers: Sequence[UUID]
) -> dict[UUID, dict[str, UUID]]:
    found: dict[UUID, dict[str, UUID]] = {each: {} for each in servers}
    async with database.scoped(workspace, reading=True) as session:
        for row in await session.scalars(select(Library)):
            if row.media_server_id in found:
                found[row.media_server_id][str(row.library_type)] = row.id
    return found


async def main() -> None:
    url, workspace, count, *servers = sys.argv[1:]
    database = Database(url)
    await fill(database, UUID(workspace), int(count), [UUID(each) for each in servers])
    await _settle(database)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main())

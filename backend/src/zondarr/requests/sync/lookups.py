"""Looks up names and dates of titles in Seerr, which asks TMDB.

A few are looked up at the end of a sync, the rest in a run of its own: at most two a
second are sent. What was found is kept for 30 days; a look-up that failed is tried
again a day later.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid7

import structlog
from msgspec import Struct, structs

from zondarr.catalogue.models import TitleKind
from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, Session
from zondarr.core.durable import (
    About,
    Durable,
    Progress,
    StepFailedError,
    WorkCancelledError,
)
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.registry import ClientRegistry
from zondarr.media.requests import ExternalTitle, RequestClient, RequestedKind
from zondarr.requests.connection.opening import connect
from zondarr.requests.connection.repository import RequestServerRepository
from zondarr.requests.models import RequestServer
from zondarr.requests.settings import TITLE_LANGUAGE
from zondarr.requests.sync.repository import LookupRepository
from zondarr.settings.repository import SettingRepository

LOOK_UP = "requests.look-up"
KEPT, RETRY_AFTER = timedelta(days=30), timedelta(days=1)
RECENT = timedelta(days=500)
"""Of a season that began earlier nobody needs to know when it ended."""
MOST_SEASONS = 5
"""Look-ups of seasons for one show."""
BATCH = 10
AT_ONCE, PER_RUN = 60, 1200
"""Look-ups at the end of a sync, and in a run of their own."""
UNKNOWN = "unknown_title"
STOPS = frozenset(
    {
        ErrorKind.UNREACHABLE,
        ErrorKind.STARTING,
        ErrorKind.UNAUTHORIZED,
        ErrorKind.NOT_THIS_TYPE,
        ErrorKind.BUSY,
    }
)
"""Failures of Seerr itself, after which other look-ups would fail too."""
MOST_FAILED = 5
"""So many failures one after another are not the titles' own."""

log = structlog.get_logger(__name__)

ORIGINAL = "original"
"""A word in lists of languages; Seerr names titles so by itself."""

type Key = tuple[TitleKind, str]

KINDS: Mapping[TitleKind, RequestedKind] = {
    TitleKind.MOVIE: "movie",
    TitleKind.SERIES: "series",
}


class LookedUp(Struct, frozen=True, kw_only=True):
    """`more`: others are left, and may be looked up now."""

    done: int
    more: bool


class Lookups:
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
        self.workflow = durable.tracked(LOOK_UP, self._run)

    async def some(
        self, progress: Progress, workspace_id: UUID, server_id: UUID
    ) -> None:
        """Look up some titles, in the workflow of a sync; if that is not all, start a
        run for the others.
        """
        if not await self._look_up(progress, workspace_id, server_id, AT_ONCE):
            return
        running = await self.workflow.ongoing(workspace_id, server_id)
        if running is None:
            await self.workflow.start(
                workspace_id,
                server_id,
                workspace_id=workspace_id,
                about=About(id=server_id, name="Titles"),
            )

    async def _run(
        self, progress: Progress, workspace_id: UUID, server_id: UUID
    ) -> None:
        """The workflow."""
        await self._look_up(progress, workspace_id, server_id, PER_RUN)

    async def _look_up(
        self, progress: Progress, workspace_id: UUID, server_id: UUID, most: int
    ) -> bool:
        """Returns whether more are left that may be looked up now."""
        await progress.begin_step("titles", message="Looking up titles")
        done = LookedUp(done=0, more=True)
        count = 0
        for number in range(most // BATCH):
            name = f"titles/{number}"
            try:
                done = await self.durable.step(
                    name, self._batch, workspace_id, server_id
                )
                count += done.done
                await progress.report(count)
                await progress.check_cancelled()
            except StepFailedError, WorkCancelledError:
                # The requests are known; titles are looked up another time.
                return False
            if not done.more:
                return False
        return True

    async def _batch(self, workspace_id: UUID, server_id: UUID) -> LookedUp:
        now = utc_now()
        async with self.database.scoped(workspace_id, reading=True) as session:
            server = await RequestServerRepository(session).require(server_id)
            language = await language_of(session)
            wanted = await LookupRepository(session).wanted(
                BATCH + 1,
                language=language,
                read_before=now - KEPT,
                failed_before=now - RETRY_AFTER,
            )
        if not wanted:
            return LookedUp(done=0, more=False)
        batch = _Batch(self, server, language, now)
        try:
            connection = connect(server, self.keyring)
            async with self.registry.get_request_client(connection) as client:
                done = await batch.look_up(client, wanted[:BATCH])
        except MediaClientError as error:
            log.warning("titles not looked up", code=error.error_code)
            return LookedUp(done=0, more=False)
        return LookedUp(done=done, more=len(wanted) > BATCH)

    async def requested_seasons(self, server: RequestServer, key: Key) -> set[int]:
        async with self.database.scoped(server.workspace_id, reading=True) as session:
            return await LookupRepository(session).requested_seasons(*key)

    async def store(
        self, server: RequestServer, key: Key, values: Mapping[str, Any]
    ) -> None:
        kind, tmdb = key
        seasons: list[Mapping[str, Any]] = values.get("seasons", [])
        async with self.database.scoped(server.workspace_id) as session:
            await RequestServerRepository(session).keep(server.id)
            titles = LookupRepository(session)
            known = (await titles.some([key])).get(key)
            own = uuid7() if known is None else known.id
            row: dict[str, Any] = {
                "workspace_id": server.workspace_id,
                "server_id": server.id,
                "id": own,
                "kind": kind,
                "tmdb": tmdb,
                "name": "" if known is None else known.name,
            }
            found = {name: value for name, value in values.items() if name != "seasons"}
            if "looked_up_at" not in found:
                await titles.fail(row, found)
            else:
                await titles.write(
                    row | found, [{"title_id": own, **s} for s in seasons]
                )


class _Batch:
    """Look-ups one after another; each is stored at once."""

    def __init__(
        self,
        lookups: Lookups,
        server: RequestServer,
        language: str | None,
        now: datetime,
    ) -> None:
        self.lookups = lookups
        self.server = server
        self.language = language
        self.now = now

    async def look_up(self, client: RequestClient, wanted: Sequence[Key]) -> int:
        """Raises `MediaClientError` if it is no use to go on."""
        failed = 0
        for key in wanted:
            try:
                title = await client.title(
                    KINDS[key[0]], key[1], language=self.language
                )
            except MediaClientError as error:
                failed += 1
                if error.kind in STOPS or failed == MOST_FAILED:
                    raise
                values = {"failed_at": self.now, "error_code": error.error_code}
            else:
                failed = 0
                values = self._values(await self._with_seasons(client, key, title))
            await self.lookups.store(self.server, key, values)
        return len(wanted)

    async def _with_seasons(
        self, client: RequestClient, key: Key, title: ExternalTitle | None
    ) -> ExternalTitle | None:
        """The show with the last days of the requested seasons that are recent: a show
        itself tells only of the episode that was broadcast last.
        """
        if title is None or key[0] is not TitleKind.SERIES:
            return title
        wanted = await self.lookups.requested_seasons(self.server, key)
        since = self.now.date() - RECENT
        recent = [
            each.number
            for each in title.seasons
            if each.number in wanted
            and each.last_aired_on is None
            and (each.first_aired_on is None or each.first_aired_on > since)
        ]
        found = {each.number: each for each in title.seasons}
        for number in sorted(recent, reverse=True)[:MOST_SEASONS]:
            try:
                season = await client.season(key[1], number)
            except MediaClientError:
                break
            if season is not None:
                found[number] = season
        return structs.replace(title, seasons=list(found.values()))

    def _values(self, title: ExternalTitle | None) -> dict[str, Any]:
        error = UNKNOWN if title is None else None
        title = title or ExternalTitle(name="")
        return {
            **{
                name: getattr(title, name)
                for name in (
                    *("name", "year", "original_language", "status"),
                    *("digital_on", "physical_on", "theatrical_on", "released_on"),
                )
            },
            "name_language": self.language,
            "looked_up_at": self.now,
            "failed_at": None,
            "error_code": error,
            "seasons": [
                {
                    "number": each.number,
                    "first_aired_on": each.first_aired_on,
                    "last_aired_on": each.last_aired_on,
                    "episodes": each.episodes,
                    "aired": each.aired,
                }
                for each in title.seasons
            ],
        }


async def language_of(session: Session) -> str | None:
    """The language in which the workspace wants titles; null for Seerr's own."""
    chosen = (await SettingRepository(session).values()).get(TITLE_LANGUAGE.name)
    return chosen[0] if chosen and chosen[0] != ORIGINAL else None

"""Random libraries with gaps in their facts, as rows of the catalogue's own tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid7

from msgspec.structs import replace

from zondarr.catalogue import models
from zondarr.catalogue.insight import Insight
from zondarr.catalogue.languages.offers import ORIGINAL, as_text, counts, offers_of
from zondarr.catalogue.models import Arrival, TitleKind
from zondarr.core.database import Session
from zondarr.insights.policy import LargeCounts, Policy
from zondarr.media.catalogue import TrackKind
from zondarr.media.types import ItemKind, ServerType
from zondarr.protections.models import Protection
from zondarr.servers.models import Library, MediaServer
from zondarr.settings.definitions import LibraryLanguages

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
TABLES = (
    MediaServer,
    Library,
    models.WatchAccount,
    models.Title,
    models.MediaItem,
    models.MediaFile,
    models.MediaTrack,
    models.WatchFact,
    Protection,
)
KEYS = {
    models.MediaTrack: ("file_id", "place"),
    models.WatchFact: ("media_server_id", "account_id", "item_id"),
}
LANGUAGES = ("en", "fr", "fr-CA", "de", None)

type Row = dict[str, Any]


@dataclass
class Rows:
    """What will be stored, by table."""

    of: dict[type[Any], list[Row]] = field(
        default_factory=lambda: {table: [] for table in TABLES}
    )

    def add(self, table: type[Any], **values: Any) -> UUID:
        own = uuid7()
        if table not in KEYS:
            values = {"id": own, **values}
        self.of[table].append(values)
        return own

    async def store(self, session: Session) -> None:
        for table, rows in self.of.items():
            await session.upsert_rows(table, rows, key=KEYS.get(table, ("id",)))


class Draw:
    """Draws libraries around the limits of a policy."""

    def __init__(self, random: Random, rows: Rows, policy: Policy) -> None:
        self.random = random
        self.rows = rows
        self.policy = policy
        self.moments = self._moments()

    def yes(self, one_in: int = 2) -> bool:
        return self.random.randrange(one_in) == 0

    def one[T](self, choices: Sequence[T]) -> T:
        return choices[self.random.randrange(len(choices))]

    def _moments(self) -> Sequence[datetime]:
        """Around each limit, and exactly at it."""
        policy = self.policy
        limits = [
            policy.min_age_days * DAY,
            policy.unwatched_after_days * DAY,
            policy.recent_days * DAY,
        ]
        aside = (-SECOND, timedelta(), SECOND)
        return [NOW - limit + each for limit in limits for each in aside] + [
            NOW - 2000 * DAY
        ]

    def when(self) -> datetime:
        return self.one(self.moments)

    def server(self) -> tuple[UUID, list[UUID]]:
        """A server with two libraries, and accounts whose data is of any age."""
        server = self.rows.add(
            MediaServer,
            name="TV",
            server_type=self.one(tuple(ServerType)),
            url="http://tv",
            api_key="sealed",
        )
        libraries = [
            self.rows.add(
                Library,
                media_server_id=server,
                external_id=str(place),
                name="Films",
                library_type="movies",
            )
            for place in range(2)
        ]
        for name in ("ana", "ben"):
            hours = timedelta(hours=48), 14 * DAY
            ages = [age + aside for age in hours for aside in (-SECOND, SECOND)]
            ages += [*hours, SECOND, SECOND, SECOND]
            as_of = NOW - self.one(ages)
            read = not self.yes(4)
            self.rows.add(
                models.WatchAccount,
                media_server_id=server,
                external_id=name,
                name=name,
                library_ids=self.one((None, ["0"], [])),
                as_of=as_of if read else None,
                created_at=NOW - 300 * DAY if read else as_of,
                removed_since=self.one((None, None, NOW)),
            )
        if self.yes():
            self._protect(library_id=self.one(libraries))
        return server, libraries

    def title(self, homes: Sequence[tuple[UUID, list[UUID]]]) -> UUID:
        """A film or a show with a copy in some of the libraries."""
        kind = self.one(tuple(TitleKind))
        title = self.rows.add(
            models.Title,
            kind=kind,
            name="Title",
            original_language=self.one((None, "en", "fr")),
            listed=True,
        )
        chosen = [
            (server, library)
            for server, libraries in homes
            for library in libraries
            if self.yes()
        ] or [(homes[0][0], homes[0][1][0])]
        for server, library in chosen:
            self._copy(title, kind, server, library)
        while self.yes(3):
            season = self.one((None, 0, 1))
            number = None if season is None else self.one((None, 1))
            self._protect(title_id=title, season=season, number=number)
        return title

    def _copy(self, title: UUID, kind: TitleKind, server: UUID, library: UUID) -> None:
        where: Row = {
            "title_id": title,
            "media_server_id": server,
            "library_id": library,
        }
        if kind is TitleKind.MOVIE:
            self._leaf(where, ItemKind.MOVIE, None, None)
            return
        self._item(where, ItemKind.SHOW, None, None)
        for season in (0, 1, 2):
            for number in range(1, 3):
                if self.yes():
                    self._leaf(where, ItemKind.EPISODE, season, number)

    def _item(
        self, where: Row, kind: ItemKind, season: int | None, number: int | None
    ) -> tuple[UUID, str]:
        external_id = str(uuid7())
        missing = kind is ItemKind.EPISODE and self.yes(8)
        own = self.rows.add(
            models.MediaItem,
            **where,
            kind=kind,
            external_id=external_id,
            stamp="",
            name="",
            season=season,
            number=number,
            added_at=self.when(),
            arrived_at=self.when(),
            arrival=self.one(tuple(Arrival)),
            listed=not missing,
            missing_since=NOW if missing else None,
        )
        return own, external_id

    def _leaf(
        self, where: Row, kind: ItemKind, season: int | None, number: int | None
    ) -> None:
        own, external_id = self._item(where, kind, season, number)
        for place in range(self.one((0, 1, 1, 2))):
            self._file(own, place)
        for account in ("ana", "ben", "gone"):
            if self.yes(8):
                self.rows.add(
                    models.WatchFact,
                    media_server_id=where["media_server_id"],
                    account_id=account,
                    item_id=external_id,
                    played=self.one((None, False, True)),
                    last_played_at=self.one((None, self.when())),
                    favourite=self.one((None, None, False, True)),
                    changed_at=NOW,
                )

    def _file(self, item: UUID, place: int) -> None:
        tracks = [self._track(number) for number in range(self.one((0, 1, 2)))]
        counting = [
            (each["kind"], tag)
            for each in tracks
            if counts(
                each["kind"], forced=each["forced"], commentary=each["commentary"]
            )
            for tag in (each["tag"], *([ORIGINAL] if each["original"] else ()))
        ]
        audio, subtitles = offers_of(counting)
        known = not self.yes(8)
        file = self.rows.add(
            models.MediaFile,
            item_id=item,
            place=place,
            path=str(uuid7()),
            size=self.one((None, 5, 9, 10, 11)),
            audio=as_text(audio) if known else None,
            subtitles=as_text(subtitles) if known else None,
        )
        for track in tracks if known else ():
            self.rows.add(models.MediaTrack, file_id=file, **track)

    def _track(self, place: int) -> Row:
        language = self.one(LANGUAGES)
        return {
            "place": place,
            "kind": self.one(tuple(TrackKind)),
            "language": language,
            "tag": language,
            "original": self.yes(8),
            "commentary": self.yes(8),
            "default": False,
            "forced": self.yes(4),
            "hearing_impaired": False,
            "external": False,
        }

    def _protect(self, **scope: Any) -> None:
        fields = ("title_id", "season", "number", "library_id")
        override = self.yes(4) and scope.get("title_id") and not scope.get("season")
        self.rows.add(
            Protection,
            **{name: scope.get(name) for name in fields},
            scope_key=str(uuid7()),
            insight=self.one(("", *(each.value for each in Insight))),
            audio=["fr"] if override else None,
            subtitles=[] if override else None,
            expires_at=self.one((None, NOW, NOW + SECOND, NOW - SECOND)),
        )


def draw_libraries(seeds: Sequence[int], titles: int) -> tuple[Rows, Policy]:
    """A policy, and for each seed a server or two with their titles."""
    rows = Rows()
    policy = draw_policy(Random(seeds[0]))  # noqa: S311
    overrides: list[LibraryLanguages] = []
    for seed in seeds:
        draw = Draw(Random(seed), rows, policy)  # noqa: S311
        homes = [draw.server() for _ in range(draw.one((1, 2)))]
        for _ in range(titles):
            draw.title(homes)
        if draw.yes():
            own = homes[0][1][0]
            overrides.append(
                LibraryLanguages(library_id=own, audio=["de"], subtitles=[])
            )
    return rows, replace(policy, library_languages=tuple(overrides))


def draw_policy(random: Random) -> Policy:
    def one[T](*choices: T) -> T:
        return random.choice(choices)

    return Policy(
        min_age_days=one(0, 90),
        unwatched_after_days=one(30, 120),
        favourites_count=one(False, True),
        large_movie_bytes=10,
        large_season_bytes=20,
        large_counts=one(*LargeCounts),
        audio=one((), ("en",), ("en", "fr"), ("original",)),
        subtitles=one((), ("fr",)),
        language_added_within_days=one(None, 90),
        strict=one(False, True),
        specials=one(False, True),
        recent_days=one(7, 100),
    )


def settings_of(policy: Policy) -> Mapping[str, Any]:
    return {name: getattr(policy, name) for name in Policy.__struct_fields__}

"""What people of a made-up Seerr asked for: of every kind something."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count

from media_server_simulators.seerr.title_book import (
    DIGITAL,
    THEATRICAL,
    BookTitle,
    TitleBook,
    WorldEntry,
    weekly,
)
from media_server_simulators.seerr.values import MediaStatus, RequestStatus
from media_server_simulators.world import World

FIRST_WANTED_FILM = 110_000
FIRST_WANTED_SHOW = 210_000
HUNDRED_DAYS = timedelta(days=100)


@dataclass(frozen=True, slots=True)
class Draft:
    """A request, and its media as it is now.

    `added` and `item_id` are of a title that is there; `episodes` has the number of the
    season of each episode that is there.
    """

    type: str
    tmdb: int
    at: datetime
    status: RequestStatus = RequestStatus.APPROVED
    media_status: MediaStatus = MediaStatus.PROCESSING
    is_4k: bool = False
    seasons: tuple[int, ...] = ()
    tvdb: int | None = None
    added: datetime | None = None
    item_id: str | None = None
    episodes: tuple[int, ...] = ()


class Drafts:
    """Kinds of requests in turn. Nothing is asked for twice.

    Once the titles of the world are used up, absent ones take their place.
    """

    def __init__(
        self, worlds: Sequence[World], titles: TitleBook, now: datetime
    ) -> None:
        self._titles, self._now = titles, now
        self._films = self._entries(worlds, "movie")
        self._shows = [each for each in self._entries(worlds, "tv") if each[1].episodes]
        self._films.reverse()
        self._shows.reverse()
        self._film_ids = count(FIRST_WANTED_FILM)
        self._show_ids = count(FIRST_WANTED_SHOW)

    def _entries(
        self, worlds: Sequence[World], type: str
    ) -> list[tuple[int, WorldEntry]]:
        if not worlds:
            return []
        rows = self._titles.in_world.items()
        return [(tmdb, entry) for (kind, tmdb), entry in rows if kind == type]

    def make(self, many: int) -> Iterator[Draft]:
        rare: list[Callable[[int], Draft]] = [
            self.arrived_film,
            self.stuck_film,
            self.waiting_film,
            self.arrived_show,
            self.future_film,
            self.failed_film,
            self.gone_film,
            self.airing_show,
            self.future_season,
            self.declined_film,
            self.partial_show,
            self.recent_film,
            self.stuck_show,
            self.undated_film,
            self.film_in_4k,
            self.blocked_film,
            self.long_waiting_film,
            self.digital_to_come,
            self.arrived_but_approved,
            self.missing_in_4k,
        ]
        usual: list[Callable[[int], Draft]] = [
            self.arrived_film,
            self.arrived_film,
            self.stuck_film,
            self.arrived_show,
            self.recent_film,
            self.waiting_film,
        ]
        for number in range(many):
            later = number - len(rare)
            kind = rare[number] if later < 0 else usual[later % len(usual)]
            if later > 0 and later % 40 == 0:
                kind = rare[later // 40 % len(rare)]
            yield kind(number)

    # titles of the world

    def arrived_film(self, number: int) -> Draft:
        if not self._films:
            return self.stuck_film(number)
        tmdb, entry = self._films.pop()
        title = entry.title
        return Draft(
            "movie",
            tmdb,
            self._asked(title.added - timedelta(days=2 + number % 50)),
            RequestStatus.COMPLETED,
            MediaStatus.AVAILABLE,
            added=title.added,
            item_id=title.id,
        )

    def arrived_but_approved(self, number: int) -> Draft:
        """Asked for when it was there already: nothing completed the request."""
        draft = self.arrived_film(number)
        if draft.added is None:
            return draft
        at = self._asked(draft.added + timedelta(days=5))
        return replace(draft, status=RequestStatus.APPROVED, at=at)

    def film_in_4k(self, number: int) -> Draft:
        return replace(self.arrived_film(number), is_4k=True)

    def missing_in_4k(self, number: int) -> Draft:
        """There, but not in 4K, where it was wanted."""
        draft = self.arrived_film(number)
        if draft.added is None:
            return replace(draft, is_4k=True)
        return replace(
            draft,
            is_4k=True,
            status=RequestStatus.APPROVED,
            media_status=MediaStatus.PROCESSING,
            at=self._ago(200),
            added=None,
            item_id=None,
        )

    def arrived_show(self, number: int) -> Draft:
        if not self._shows:
            return self.stuck_show(number)
        tmdb, entry = self._shows.pop()
        numbers = tuple(sorted({each.season or 0 for each in entry.episodes}))
        return Draft(
            "tv",
            tmdb,
            self._asked(entry.title.added - timedelta(days=2 + number % 50)),
            RequestStatus.COMPLETED,
            MediaStatus.AVAILABLE,
            seasons=numbers,
            tvdb=self._tvdb(tmdb),
            added=entry.title.added,
            item_id=entry.title.id,
            episodes=tuple(each.season or 0 for each in entry.episodes),
        )

    def partial_show(self, number: int) -> Draft:
        """A season more was asked for, which aired long ago and never came."""
        return self._one_season_more(number, self._today - 10 * HUNDRED_DAYS)

    def airing_show(self, number: int) -> Draft:
        return self._one_season_more(number, self._today - timedelta(days=20))

    def future_season(self, number: int) -> Draft:
        return self._one_season_more(number, self._today + HUNDRED_DAYS)

    def _one_season_more(self, number: int, begin: date) -> Draft:
        draft = self.arrived_show(number)
        title = self._titles.find("tv", draft.tmdb)
        if title is None or draft.added is None:
            return draft
        new = max(each.number for each in title.seasons) + 1
        if title.season(new - 1) is not None:
            more = weekly(new, begin)
            self._titles.put(
                replace(
                    title, seasons=(*title.seasons, more), status="Returning Series"
                )
            )
        return replace(
            draft,
            status=RequestStatus.APPROVED,
            media_status=MediaStatus.PARTIALLY_AVAILABLE,
            seasons=(new,),
            at=self._ago(120),
        )

    # titles that nobody has

    def stuck_film(self, number: int) -> Draft:
        return self._absent(number, released=self._today - 8 * HUNDRED_DAYS, days=200)

    def recent_film(self, number: int) -> Draft:
        return self._absent(number, released=self._today - timedelta(days=40), days=15)

    def waiting_film(self, number: int) -> Draft:
        draft = self._absent(number, self._today - 3 * HUNDRED_DAYS, days=2)
        return self._waiting(draft)

    def long_waiting_film(self, number: int) -> Draft:
        draft = self._absent(number, self._today - 3 * HUNDRED_DAYS, days=20)
        return self._waiting(draft)

    def future_film(self, number: int) -> Draft:
        return self._absent(number, released=self._today + 2 * HUNDRED_DAYS, days=120)

    def digital_to_come(self, number: int) -> Draft:
        """Shown in cinemas, and not yet to be had at home."""
        released = self._today - timedelta(days=30)
        later = self._today + timedelta(days=60)
        releases = ((THEATRICAL, released), (DIGITAL, later))
        return self._absent(number, released, days=25, releases=releases)

    def undated_film(self, number: int) -> Draft:
        return self._absent(number, released=None, days=150)

    def declined_film(self, number: int) -> Draft:
        draft = self._absent(number, self._today - HUNDRED_DAYS, days=90)
        return replace(
            draft,
            status=RequestStatus.DECLINED,
            media_status=MediaStatus.UNKNOWN,
        )

    def failed_film(self, number: int) -> Draft:
        draft = self._absent(number, self._today - 2 * HUNDRED_DAYS, days=30)
        return replace(
            draft,
            status=RequestStatus.FAILED,
            media_status=MediaStatus.PROCESSING,
        )

    def gone_film(self, number: int) -> Draft:
        draft = self._absent(number, self._today - 9 * HUNDRED_DAYS, days=500)
        return replace(
            draft,
            status=RequestStatus.COMPLETED,
            media_status=MediaStatus.DELETED,
        )

    def blocked_film(self, number: int) -> Draft:
        draft = self._absent(number, self._today - 5 * HUNDRED_DAYS, days=300)
        return replace(
            draft,
            status=RequestStatus.DECLINED,
            media_status=MediaStatus.BLOCKLISTED,
        )

    def stuck_show(self, number: int) -> Draft:
        tmdb = next(self._show_ids)
        begin = self._today - 9 * HUNDRED_DAYS
        seasons = (weekly(1, begin), weekly(2, begin + 4 * HUNDRED_DAYS))
        self._titles.put(
            BookTitle(
                type="tv",
                tmdb=tmdb,
                name=f"Show {tmdb - 200_000}",
                released=begin,
                tvdb=tmdb,
                seasons=seasons,
                status="Ended",
            )
        )
        return Draft(
            "tv", tmdb, self._ago(150 + number % 400), seasons=(1, 2), tvdb=tmdb
        )

    def _absent(
        self,
        number: int,
        released: date | None,
        days: int,
        releases: tuple[tuple[int, date], ...] | None = None,
    ) -> Draft:
        """A film asked for `days` ago, or somewhat earlier."""
        tmdb = next(self._film_ids)
        if releases is None and released is not None:
            at_home = released + timedelta(days=10)
            releases = ((THEATRICAL, released), (DIGITAL, at_home))
        out = released is not None and released <= self._today
        status = "Released" if out else "Planned"
        self._titles.put(
            BookTitle(
                type="movie",
                tmdb=tmdb,
                name=f"Film {tmdb - 100_000}",
                released=released,
                imdb=f"tt{tmdb}",
                releases=releases or (),
                status=status,
            )
        )
        return Draft("movie", tmdb, self._ago(days, minutes=number * 7))

    def _waiting(self, draft: Draft) -> Draft:
        return replace(
            draft, status=RequestStatus.PENDING, media_status=MediaStatus.PENDING
        )

    # times

    @property
    def _today(self) -> date:
        return self._now.date()

    def _ago(self, days: int, minutes: int = 0) -> datetime:
        return self._now - timedelta(days=days, minutes=minutes)

    def _asked(self, at: datetime) -> datetime:
        return min(at, self._now - timedelta(hours=1))

    def _tvdb(self, tmdb: int) -> int | None:
        title = self._titles.find("tv", tmdb)
        return title.tvdb if title else None

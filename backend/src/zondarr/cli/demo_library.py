"""The demo's films and shows: finds of every kind, and who watched what."""

# ruff: noqa: PLR2004  # which title is what follows from its number

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import httpx2
from media_server_simulators.generator import make_world
from media_server_simulators.world import MediaFile, Stream, Title, World, guid_of

GIB = 1 << 30
ENGLISH = (Stream("audio", "aac", "eng", 6), Stream("subtitle", "subrip", "eng"))
BOTH = (Stream("audio", "aac", "eng", 6), Stream("audio", "aac", "fra", 6))
JAPANESE = (Stream("audio", "aac", "jpn", 2), Stream("subtitle", "subrip", "eng"))
FRENCH = (Stream("audio", "aac", "fra", 2),)
UNTAGGED = (Stream("audio", "aac", None, 2),)

NEVER_PLAYED, LONG_AGO = range(2)


def library_of(name: str, *, items: int, people: int, now: datetime) -> World:
    """A server's world. All of them begin with the same films and shows, so that two
    servers share what the smaller one has."""
    world = make_world(items=items, people=people)
    world.server_id, world.server_name = guid_of(f"demo/{name}"), name
    return world.with_titles(_lively(world.titles, now))


def _lively(titles: Sequence[Title], now: datetime) -> Iterator[Title]:
    films = [each for each in titles if each.kind == "Movie"]
    for number, film in enumerate(films):
        added = now - timedelta(days=_film_age(number), hours=number % 24)
        size = _film_size(number)
        tracks = _film_tracks(number)
        yield replace(film, added=added, files=_files(film, size, tracks))
    shows = [each for each in titles if each.kind == "Series"]
    for number, show in enumerate(shows):
        yield from _lively_show(number, show, titles, now)


def _lively_show(
    number: int, show: Title, titles: Sequence[Title], now: datetime
) -> Iterator[Title]:
    first = now - timedelta(days=200 + number * 97 % 600)
    yield replace(show, added=first)
    parts = [each for each in titles if each.series_id == show.id]
    for part in parts:
        season = part.season or part.index or 1
        # The newest season of every fourth show arrives these days.
        new = number % 4 == 1 and season > 1
        number_of = part.index if part.kind == "Episode" else 0
        days = 6 - (number_of or 0) if new else -7 * season
        added = now - timedelta(days=days) if new else first + timedelta(days=-days)
        if part.kind != "Episode":
            yield replace(part, added=added)
            continue
        # Four large episodes make a large season.
        size = (45 if number % 5 == 2 else 9 + number % 7) * GIB // 10
        spoken = JAPANESE if number % 6 == 3 and (part.index or 0) > 2 else ENGLISH
        yield replace(part, added=added, files=_files(part, size, spoken))


def _files(
    title: Title, size: int, tracks: tuple[Stream, ...]
) -> tuple[MediaFile, ...]:
    picture = [each for each in title.files[0].streams if each.kind == "video"]
    streams = (*picture, *tracks)
    return tuple(replace(each, size=size, streams=streams) for each in title.files)


def _film_age(number: int) -> int:
    return 1 + number % 6 if number % 11 == 5 else 20 + number * 53 % 900


def _film_size(number: int) -> int:
    tenths = 140 + number * 37 % 260 if number % 9 == 4 else 18 + number * 29 % 90
    return tenths * GIB // 10 + number * 1_234_567


def _film_tracks(number: int) -> tuple[Stream, ...]:
    if number % 8 == 3:
        return JAPANESE
    if number % 13 == 6:
        return FRENCH
    if number % 10 == 7:
        return UNTAGGED
    return BOTH if number % 2 else ENGLISH


@dataclass(frozen=True)
class Cinema:
    """A server with its world, and who watches there."""

    url: str
    world: World
    people: Sequence[str]

    def play(self, now: datetime) -> None:
        """Some titles are watched lately, some long ago, some never."""
        with httpx2.Client(base_url=self.url) as server:
            for number, title in enumerate(t for t in self.world.titles if t.files):
                order = self._play_of(number, title, now)
                if order is not None:
                    server.post("/_simulator/play", json=order).raise_for_status()

    def _play_of(
        self, number: int, title: Title, now: datetime
    ) -> dict[str, Any] | None:
        what = number * 7 % 5 % 3
        if what == NEVER_PLAYED:
            return None
        days = 130 + number * 31 % 400 if what == LONG_AGO else 1 + number % 90
        at = max(now - timedelta(days=days), title.added + timedelta(hours=3))
        user = self.people[number % len(self.people)]
        order: dict[str, Any] = {
            "user": user,
            "item": title.id,
            "at": min(at, now).isoformat(),
        }
        if number % 10 == 1:
            return order | {"position": 1800, "finished": False}
        return order

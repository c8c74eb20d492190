"""What people of the demo asked for in its Seerr: of every state something."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx2
from media_server_simulators.world import Title, World

# People of the demo's Jellyfin and Plex servers, and one whom no server knows.
PEOPLE = ("Maya", "Jonas", "Ines", "Lena", "Next Door")
PLEX_PERSON = "vera@example.org"
STRANGER = "Pat from the choir"
NAMES = (
    "The Cartographer's Winter",
    "Nine Bridges",
    "A Quiet Signal",
    "Salt and Silver",
    "The Last Ferry",
    "Paper Tigers",
    "Under Glass",
    "Night Shift at the Zoo",
    "The Understudy",
    "Lanterns",
    "The Clockmaker",
)


class SeerrLife:
    """Fills a simulated Seerr: accounts through its API, requests as if long ago."""

    def __init__(self, url: str, api_key: str, library: World, now: datetime) -> None:
        self._http = httpx2.Client(base_url=url, headers={"X-Api-Key": api_key})
        self._now = now
        self._films = [each for each in library.titles if each.kind == "Movie"]
        self._shows = [each for each in library.titles if each.kind == "Series"]
        self._library = library

    def live(self) -> None:
        with self._http:
            self._import_people()
            for order in (*self._stories(), *self._arrivals()):
                self._post("/_simulator/request", order)

    def _import_people(self) -> None:
        api = "/api/v1"
        known = self._http.get(f"{api}/settings/jellyfin/users").json()
        ids = [each["id"] for each in known if each["username"] in PEOPLE]
        self._post(f"{api}/user/import-from-jellyfin", {"jellyfinUserIds": ids})
        self._post(f"{api}/user/import-from-plex", {})

    def _post(self, path: str, body: dict[str, Any]) -> None:
        self._http.post(path, json=body).raise_for_status()

    def _stories(self) -> Iterator[dict[str, Any]]:
        """Titles that are not there, or not all of them, and why."""
        day = self._day
        names = iter(NAMES)

        def film(user: str, *, asked: int, **more: Any) -> dict[str, Any]:
            name = next(names)
            tmdb = 120_000 + NAMES.index(name)
            at = self._ago(asked)
            order = {"type": "movie", "tmdb": tmdb, "name": name, "user": user}
            return {**order, "at": at, **more}

        yield film("Maya", asked=210, released=day(-700), digital=day(-640))
        yield film("Jonas", asked=2, released=day(-90), status="pending")
        yield film("Ines", asked=12, released=day(-300), status="pending")
        yield film("Lena", asked=40, released=day(-400), status="failed")
        gone = {"status": "completed", "media_status": "deleted"}
        yield film("Maya", asked=400, released=day(-900), **gone)
        yield film(PLEX_PERSON, asked=30, released=day(120))
        yield film("Jonas", asked=35, released=day(-50), digital=day(40))
        yield film("Lena", asked=20, released=day(-80), digital=day(-15))
        yield film(STRANGER, asked=150, released=day(-500), physical=day(-350))
        yield film("Next Door", asked=60, released=day(-200), status="declined")
        yield film("Ines", asked=70, released=None)
        yield from self._seasons()
        yield self._in_4k()

    def _seasons(self) -> Iterator[dict[str, Any]]:
        """A season more than the library has: on air, to come, long overdue, and out
        lately, the last one asked for together with those that are there.
        """
        stories = (("Ines", -18), (PLEX_PERSON, 60), ("Maya", -400), ("Lena", -75))
        for show, (user, first) in zip(self._shows, stories, strict=False):
            parts = self._library.inside[show.id]
            last = max(each.index or 0 for each in parts if each.kind == "Season")
            here = list(range(1, last + 1))
            new = {"number": last + 1, "first_aired": self._day(first)}
            yield {
                "item": show.id,
                "user": user,
                "at": self._ago(130),
                "available_seasons": here,
                "media_status": "partially_available",
                "seasons": [*here, new] if user == "Lena" else [new],
            }

    def _in_4k(self) -> dict[str, Any]:
        item = self._old_films()[0].id
        return {"item": item, "user": "Jonas", "at": self._ago(180), "is_4k": True}

    def _arrivals(self) -> Iterator[dict[str, Any]]:
        """What arrived these days, and some that have long been there."""
        newest = sorted(self._films, key=lambda film: film.added, reverse=True)
        people = (*PEOPLE, PLEX_PERSON, STRANGER)
        for number, film in enumerate([*newest[:4], *self._old_films()[1:12]]):
            at = film.added - timedelta(days=9 + number)
            yield {
                "item": film.id,
                "user": people[(number + 2) % len(people)],
                "at": at.isoformat(),
                "added": film.added.isoformat(),
                "status": "completed",
            }

    def _old_films(self) -> Sequence[Title]:
        long_ago = self._now - timedelta(days=100)
        return [each for each in self._films if each.added < long_ago]

    def _ago(self, days: int) -> str:
        return (self._now - timedelta(days=days)).isoformat()

    def _day(self, days: int) -> str:
        return (self._now + timedelta(days=days)).date().isoformat()

"""A media server's titles: its own numbers for what the world holds."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from media_server_simulators.plex.reading import whole
from media_server_simulators.plex.state import PlexWorld, Server
from media_server_simulators.world import Title, World

TYPES = {"Movie": 1, "Series": 2, "Season": 3, "Episode": 4}


class Catalogue:
    """`ratingKey`s are numbers from 1 in the world's order; deleted ones are gone."""

    def __init__(self, plex: PlexWorld, server: Server) -> None:
        self._plex = plex
        self._world: World = server.world
        self._server = server
        self._deleted: set[str] = set()

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        return {title.id: n for n, title in enumerate(self._world.titles, 1)}

    @cached_property
    def _by_library(self) -> Mapping[tuple[str, int], Sequence[Title]]:
        found: dict[tuple[str, int], list[Title]] = {}
        for title in self._world.titles:
            kind = TYPES.get(title.kind, 0)
            found.setdefault((title.library_id, kind), []).append(title)
        return found

    def of(self, library_id: str, kind: int) -> list[Title]:
        """`kind` is Plex's number: 1 movie, 2 show, 3 season, 4 episode."""
        titles = self._by_library.get((library_id, kind), ())
        if not self._deleted:
            return list(titles)
        return [each for each in titles if each.id not in self._deleted]

    def title(self, rating_key: str) -> Title | None:
        number = whole(rating_key) or 0
        if not 0 < number <= len(self._world.titles):
            return None
        found = self._world.titles[number - 1]
        return None if found.id in self._deleted else found

    def parent(self, id: str | None) -> Title | None:
        return None if id is None else self._world.by_id.get(id)

    def children(self, title: Title) -> list[Title]:
        below = self._world.inside.get(title.id, ())
        wanted = "Season" if title.kind == "Series" else "Episode"
        return [e for e in below if e.kind == wanted and e.id not in self._deleted]

    def delete(self, title: Title) -> None:
        inside = self._world.inside.get(title.id, ())
        self._deleted.update(each.id for each in (title, *inside))

    def plays(self, title: Title, account_id: int) -> Iterator[float]:
        """When this account watched it, in seconds since 1970."""
        for play in self._plex.plays:
            same = play.title_id == title.id and play.account_id == account_id
            if same and play.machine_identifier == self._server.machine_identifier:
                yield play.at.timestamp()

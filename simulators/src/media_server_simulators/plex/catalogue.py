"""A media server's titles: its own numbers for what the world holds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from media_server_simulators.plex.numbers import whole
from media_server_simulators.plex.state import PlexWorld, Server
from media_server_simulators.plex.views import View
from media_server_simulators.world import Title, World

KEPT = 16  # lists
TYPES = {"Movie": 1, "Series": 2, "Season": 3, "Episode": 4}


@dataclass(frozen=True)
class _Index:
    world: World

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        return {title.id: n for n, title in enumerate(self.world.titles, 1)}

    @cached_property
    def by_library(self) -> Mapping[tuple[str, int], Sequence[Title]]:
        found: dict[tuple[str, int], list[Title]] = {}
        for title in self.world.titles:
            kind = TYPES.get(title.kind, 0)
            found.setdefault((title.library_id, kind), []).append(title)
        return found


class Catalogue:
    """`ratingKey`s are numbers from 1 in the world's order; deleted ones are gone."""

    def __init__(self, plex: PlexWorld, server: Server) -> None:
        self._plex = plex
        self._server = server
        self._deleted: set[str] = set()
        self._index = _Index(server.world)
        self._lists: dict[object, list[Title]] = {}

    @property
    def _world(self) -> World:
        return self._index.world

    @property
    def numbers(self) -> Mapping[str, int]:
        return self._index.numbers

    def put(self, titles: Iterable[Title]) -> None:
        """Titles that are new, changed, or back; those there keep their numbers."""
        rows = list(titles)
        self._server.world = self._server.world.with_titles(rows)
        self._index = _Index(self._server.world)
        self._deleted -= {title.id for title in rows}
        self._lists.clear()

    def is_present(self, title: Title) -> bool:
        return title.id not in self._deleted

    def of(self, library_id: str, kind: int) -> list[Title]:
        """`kind` is Plex's number: 1 movie, 2 show, 3 season, 4 episode."""
        titles = self._index.by_library.get((library_id, kind), ())
        if not self._deleted:
            return list(titles)
        return [each for each in titles if each.id not in self._deleted]

    def title(self, rating_key: str) -> Title | None:
        found = self.known(rating_key)
        return found if found is not None and self.is_present(found) else None

    def known(self, rating_key: str) -> Title | None:
        """A title by its number, deleted or not."""
        number = whole(rating_key) or 0
        if not 0 < number <= len(self._world.titles):
            return None
        return self._world.titles[number - 1]

    def parent(self, id: str | None) -> Title | None:
        return None if id is None else self._world.by_id.get(id)

    def children(self, title: Title) -> list[Title]:
        below = self._world.inside.get(title.id, ())
        wanted = "Season" if title.kind == "Series" else "Episode"
        return [e for e in below if e.kind == wanted and e.id not in self._deleted]

    def leaves(self, title: Title) -> list[Title]:
        """The episodes of a show or season, in the order of their numbers."""
        below = self._world.inside.get(title.id, ())
        found = [e for e in below if e.kind == "Episode" and self.is_present(e)]
        return sorted(found, key=lambda each: (each.season or 0, each.index or 0))

    def delete(self, title: Title) -> None:
        inside = self._world.inside.get(title.id, ())
        self._deleted.update(each.id for each in (title, *inside))
        self._lists.clear()

    def views_of(self, account_id: int) -> Mapping[str, View]:
        """What this account has seen here, by the id of the title."""
        return self._plex.views.of(self._server.machine_identifier, account_id)

    def kept(self, what: object, make: Callable[[], list[Title]]) -> list[Title]:
        """A list that was made before and still holds, for the next page of it."""
        found = self._lists.get(what)
        if found is None:
            if len(self._lists) >= KEPT:
                del self._lists[next(iter(self._lists))]
            found = self._lists[what] = make()
        return found

"""Decides which items are the same title.

Two items are one title if a typed provider id agrees and none contradicts: the film
`tmdb:1399` and the show `tmdb:1399` are two. Without a matching id, an item with new
ids is found by its path. Names are never compared.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

PROVIDERS = ("imdb", "tmdb", "tvdb")
ID_LENGTH = 40

type ProviderIds = Mapping[str, str]


def provider_ids(given: ProviderIds) -> dict[str, str]:
    """The ids that titles are matched by."""
    return {
        name: value
        for name in PROVIDERS
        if (value := given.get(name, "").strip()) and len(value) <= ID_LENGTH
    }


def agrees(title: object, ids: ProviderIds) -> bool:
    """Whether one id is equal and none differs."""
    known = [(getattr(title, name), value) for name, value in ids.items()]
    return any(mine == value for mine, value in known) and not contradicts(title, ids)


def contradicts(title: object, ids: ProviderIds) -> bool:
    return any(
        (mine := getattr(title, name)) is not None and mine != value
        for name, value in ids.items()
    )


class TitleIndex[T]:
    """Titles of one kind by their provider ids; the first one added wins."""

    def __init__(self, titles: Iterable[T] = ()) -> None:
        self._by_id: defaultdict[tuple[str, str], list[T]] = defaultdict(list)
        for title in titles:
            self.add(title)

    def add(self, title: T) -> None:
        for name in PROVIDERS:
            value = getattr(title, name)
            if value is not None and title not in self._by_id[name, value]:
                self._by_id[name, value].append(title)

    def find(self, ids: ProviderIds) -> T | None:
        for name, value in ids.items():
            for title in self._by_id.get((name, value), ()):
                if agrees(title, ids):
                    return title
        return None

    def learn(self, title: T, ids: ProviderIds) -> bool:
        """Add ids that the title did not have; returns whether there were any."""
        new = {n: v for n, v in ids.items() if getattr(title, n) is None}
        for name, value in new.items():
            setattr(title, name, value)
        if new:
            self.add(title)
        return bool(new)

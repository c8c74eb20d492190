"""Finds the titles that the entries of an import mean.

By typed provider ids, of which one agrees and none contradicts; or by the whole name,
in any case, with a year if one is given. Titles that are there go before those that no
server has any more.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from zondarr.catalogue.matching import PROVIDERS, agrees
from zondarr.catalogue.models import Title
from zondarr.core.search import folded
from zondarr.protections.entries import TitleEntry


class TitleLookup:
    """The titles that may be meant, by their ids and names."""

    def __init__(self, titles: Iterable[Title]) -> None:
        self._by_id: defaultdict[tuple[str, str], list[Title]] = defaultdict(list)
        self._by_name: defaultdict[str, list[Title]] = defaultdict(list)
        for title in titles:
            self._by_name[folded(title.name)].append(title)
            for provider in PROVIDERS:
                value = getattr(title, provider)
                if value is not None:
                    self._by_id[provider, value.lower()].append(title)

    def find(self, entry: TitleEntry) -> Sequence[Title]:
        """One title, several if the entry is ambiguous, or none."""
        found = self._with_ids(entry) if entry.ids else self._named(entry)
        if entry.kind is not None:
            found = [each for each in found if each.kind is entry.kind]
        different = list({each.id: each for each in found}.values())
        return [each for each in different if each.listed] or different

    def _with_ids(self, entry: TitleEntry) -> list[Title]:
        candidates = [
            title
            for provider, value in entry.ids.items()
            for title in self._by_id.get((provider, value), ())
        ]
        return [each for each in candidates if agrees(each, entry.ids)]

    def _named(self, entry: TitleEntry) -> list[Title]:
        found: list[Title] = []
        if entry.or_id is not None:
            found += self._by_id.get(("tmdb", entry.or_id), ())
        if entry.name:
            named = self._by_name.get(folded(entry.name), ())
            if entry.year is None:
                return [*found, *named]
            found += [each for each in named if each.year == entry.year]
            # A name may end with a year in brackets itself.
            found += self._by_name.get(folded(entry.written), ())
        return found


def names_in(entries: Iterable[TitleEntry]) -> set[str]:
    """All names under which the entries may be found, as they are compared."""
    return {
        folded(name)
        for each in entries
        for name in (each.name, each.written)
        if name and not each.ids
    }


def ids_in(entries: Iterable[TitleEntry]) -> dict[str, set[str]]:
    """All ids, by provider."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for each in entries:
        for provider, value in each.ids.items():
            found[provider].add(value)
        if each.or_id is not None:
            found["tmdb"].add(each.or_id)
    return found

"""The filters and orders of a library's listing: `updatedAt>=1700000000`, `title=sea`.

A filter comes as a query's name with the beginning of its operator: `updatedAt>`.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from media_server_simulators.plex.numbers import whole
from media_server_simulators.plex.server_call import ServerCall
from media_server_simulators.plex.views import View
from media_server_simulators.world import Title

type Test = Callable[[Title], bool]
type Numbers = Mapping[str, Callable[[Title], int | None]]
type Key = Callable[[Title], Any]

ARTICLES = ("the ", "a ", "an ")
COMPARED: Mapping[str, Callable[[int, int], bool]] = {
    "=": lambda have, want: have == want,
    "!=": lambda have, want: have != want,
    ">=": lambda have, want: have >= want,
    "<=": lambda have, want: have <= want,
    ">>=": lambda have, want: have > want,
    "<<=": lambda have, want: have < want,
}
MATCHED: Mapping[str, Callable[[str, str], bool]] = {
    "=": lambda have, want: want in have,
    "!=": lambda have, want: want not in have,
    "==": lambda have, want: have == want,
    "!==": lambda have, want: have != want,
    "<=": lambda have, want: have.startswith(want),
    ">=": lambda have, want: have.endswith(want),
}
NONE_YET = View()


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def asked(call: ServerCall) -> tuple[tuple[str, str], ...]:
    """What of the query decides which titles are listed, and in which order."""
    return tuple(
        (name, value)
        for name, value in call.request.query
        if not name.startswith(("X-Plex", "include", "exclude"))
    )


def depends_on_views(call: ServerCall) -> bool:
    words = " ".join(f"{name} {value}" for name, value in asked(call))
    return any(each in words for each in ("viewCount", "lastViewedAt", "unwatched"))


def fitting(call: ServerCall, titles: list[Title]) -> list[Title]:
    for test in _tests(call):
        titles = [each for each in titles if test(each)]
    return titles


def _tests(call: ServerCall) -> Iterator[Test]:
    """Filters of fields that are not known are ignored."""
    numbers, texts = _numbers(call), _texts()
    for raw, value in call.request.query:
        name, operator, wanted = _parsed(raw, value)
        if name in numbers and operator in COMPARED:
            limits = [n for each in wanted.split(",") if (n := whole(each)) is not None]
            if limits:
                yield _number_test(numbers[name], COMPARED[operator], limits)
        elif name in texts and operator in MATCHED:
            yield _text_test(texts[name], MATCHED[operator], wanted.lower().split(","))
        elif name == "unwatched":
            yield _unwatched_test(call, wanted == "1")


def _parsed(raw: str, value: str) -> tuple[str, str, str]:
    """`title==x` is parsed as the name `title` and the value `=x`."""
    name = raw.rstrip("!<>")
    operator, wanted = f"{raw[len(name) :]}=", value
    if value.startswith("="):
        operator, wanted = f"{operator}=", value[1:]
    return name, operator, wanted


def _number_test(
    have: Callable[[Title], int | None],
    compare: Callable[[int, int], bool],
    wanted: list[int],
) -> Test:
    def test(title: Title) -> bool:
        value = have(title)
        return value is not None and any(compare(value, each) for each in wanted)

    return test


def _text_test(
    have: Callable[[Title], list[str]],
    match: Callable[[str, str], bool],
    wanted: list[str],
) -> Test:
    return lambda title: any(
        match(value.lower(), each) for value in have(title) for each in wanted
    )


def _unwatched_test(call: ServerCall, wanted: bool) -> Test:
    seen = _views(call)
    return lambda title: (seen(title).count == 0) == wanted


def _views(call: ServerCall) -> Callable[[Title], View]:
    """The caller's own."""
    views = call.catalogue.views_of(call.account.id if call.account else 0)
    return lambda title: views.get(title.id, NONE_YET)


def _numbers(call: ServerCall) -> Numbers:
    keys, seen = call.catalogue.numbers, _views(call)

    def key_of(id: str | None) -> int | None:
        return keys.get(id or "")

    def last_viewed(title: Title) -> int | None:
        last = seen(title).last
        return None if last is None else seconds(last)

    return {
        "id": lambda t: keys[t.id],
        "show.id": lambda t: key_of(t.series_id),
        "season.id": lambda t: key_of(t.season_id),
        "addedAt": lambda t: seconds(t.added),
        "updatedAt": lambda t: seconds(t.changed),
        "originallyAvailableAt": lambda t: seconds(t.premiere) if t.premiere else None,
        "year": lambda t: t.year,
        "index": lambda t: t.index,
        "duration": lambda t: t.files[0].ticks // 10_000 if t.files else None,
        "viewCount": lambda t: seen(t).count,
        "lastViewedAt": last_viewed,
    }


def _texts() -> Mapping[str, Callable[[Title], list[str]]]:
    return {
        "title": lambda t: [t.name],
        "contentRating": lambda t: [t.rating or ""],
        "genre": lambda t: list(t.genres),
        "audioLanguage": lambda t: _languages(t, "audio"),
        "subtitleLanguage": lambda t: _languages(t, "subtitle"),
    }


def _languages(title: Title, kind: str) -> list[str]:
    streams = [each for file in title.files for each in file.streams]
    return [each.language or "" for each in streams if each.kind == kind]


def in_order(call: ServerCall, titles: list[Title]) -> list[Title]:
    """By `sort`, a list of names with `:desc`; without one by title, shows in order."""
    names = call.query("sort")
    rows = sorted(titles, key=lambda each: _usual(call, each)) if not names else titles
    for each in reversed((names or "").split(",")):
        name, *how = each.split(":")
        key = _sort_key(call, name)
        if key is not None:
            rows = sorted(rows, key=key, reverse="desc" in how)
    return rows


def _usual(call: ServerCall, title: Title) -> tuple[object, ...]:
    show, season = (
        call.catalogue.parent(title.series_id),
        call.catalogue.parent(title.season_id),
    )
    number = title.index or 0
    if show is None:
        return title_sort(title.name), 0, 0
    return title_sort(show.name), season.index or 0 if season else number, number


def title_sort(name: str) -> str:
    """Without its article."""
    lower = name.lower()
    return next((lower[len(a) :] for a in ARTICLES if lower.startswith(a)), lower)


def _sort_key(call: ServerCall, name: str) -> Key | None:
    _, _, own = name.rpartition(".")
    if own == "random":
        return lambda _: random.random()  # noqa: S311
    if own == "titleSort":
        return lambda title: title_sort(title.name)
    if own == "title":
        return lambda title: title.name.lower()
    number = _numbers(call).get(own)
    return None if number is None else lambda title: number(title) or 0

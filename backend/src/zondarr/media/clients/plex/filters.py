"""What a guest sees of a library: Plex's text form of ratings and labels.

`contentRating=G%2CPG&label=Kids%20%26%20Family`. Clients in wide use join conditions
with `|`; a running media server was seen to read that as "or", which shows more than
either of the two, and `&` as "and". A bare `&` inside a value was seen to break it, so
values are percent-encoded. Conditions that are none of ours (`label!=…`) are somebody's
decision and stay.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote, unquote

RATINGS = "contentRating"
LABELS = "label"
BOTH = "&"

_BETWEEN = re.compile(r"([|&])(?=[A-Za-z]+!?=)")
_NAME = re.compile(r"[A-Za-z]+!?")
_COMMA = re.compile(r",|%2C", re.IGNORECASE)


class Condition(NamedTuple):
    """`joint` is how it is joined to the one before: of the first it says nothing."""

    joint: str
    name: str
    values: tuple[str, ...]


class ContentFilter(NamedTuple):
    """The ratings and the labels that are shown; empty means all."""

    ratings: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


def parse_filter(text: str) -> ContentFilter:
    """What of a filter is ours to say."""
    told = {each.name: each.values for each in conditions(text)}
    return ContentFilter(told.get(RATINGS, ()), told.get(LABELS, ()))


def with_filter(text: str, wanted: ContentFilter) -> str:
    """The filter with other ratings and labels; untouched where it says so already."""
    if parse_filter(text) == wanted:
        return text
    ours = [(RATINGS, wanted.ratings), (LABELS, wanted.labels)]
    theirs = [
        (each.name, each.values)
        for each in conditions(text)
        if _NAME.fullmatch(each.name) and each.name not in {RATINGS, LABELS}
    ]
    return BOTH.join(_said(*each) for each in [*ours, *theirs] if each[1])


def same_filter(one: str, other: str) -> bool:
    """Whether both hide the same, however they are spelled."""
    return _plain(one) == _plain(other)


def conditions(text: str) -> list[Condition]:
    first, *rest = _BETWEEN.split(text)
    parts = [(BOTH, first), *zip(rest[::2], rest[1::2], strict=True)]
    return [_condition(joint, part) for joint, part in parts if part]


def _condition(joint: str, part: str) -> Condition:
    name, _, told = part.partition("=")
    values = (unquote(each).strip() for each in _COMMA.split(told))
    return Condition(joint, name, _once(each for each in values if each))


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _said(name: str, values: Iterable[str]) -> str:
    return f"{name}={'%2C'.join(quote(each, safe='') for each in values)}"


def _plain(text: str) -> list[tuple[str, str, frozenset[str]]]:
    return [
        (each.joint, each.name, frozenset(each.values)) for each in conditions(text)
    ]

"""Plex's text form of the ratings and labels that a guest may see.

`contentRating=G%2CPG&label=Kids%20%26%20Family`. Widely used clients join conditions
with `|`; a running media server was seen to read that as "or", which shows more than
either condition alone, and `&` as "and". A bare `&` inside a value was seen to break
the filter, so values are percent-encoded. Conditions of other kinds (`label!=…`) were
set by somebody on purpose and are kept.
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
    """`joint` is the operator before the condition; it is ignored on the first one."""

    joint: str
    name: str
    values: tuple[str, ...]


class ContentFilter(NamedTuple):
    """The ratings and labels that are shown; empty means all."""

    ratings: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


def parse_filter(text: str) -> ContentFilter:
    """The ratings and labels of a filter; other conditions are ignored."""
    found = {each.name: each.values for each in conditions(text)}
    return ContentFilter(found.get(RATINGS, ()), found.get(LABELS, ()))


def with_filter(text: str, wanted: ContentFilter) -> str:
    """The filter with other ratings and labels; returned unchanged if it has them
    already.
    """
    if parse_filter(text) == wanted:
        return text
    changed = [(RATINGS, wanted.ratings), (LABELS, wanted.labels)]
    kept = [
        (each.name, each.values)
        for each in conditions(text)
        if _NAME.fullmatch(each.name) and each.name not in {RATINGS, LABELS}
    ]
    return BOTH.join(_written(*each) for each in [*changed, *kept] if each[1])


def same_filter(one: str, other: str) -> bool:
    """Whether both hide the same content, however they are written."""
    return _plain(one) == _plain(other)


def conditions(text: str) -> list[Condition]:
    first, *rest = _BETWEEN.split(text)
    parts = [(BOTH, first), *zip(rest[::2], rest[1::2], strict=True)]
    return [_condition(joint, part) for joint, part in parts if part]


def _condition(joint: str, part: str) -> Condition:
    name, _, text = part.partition("=")
    values = (unquote(each).strip() for each in _COMMA.split(text))
    return Condition(joint, name, _once(each for each in values if each))


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _written(name: str, values: Iterable[str]) -> str:
    return f"{name}={'%2C'.join(quote(each, safe='') for each in values)}"


def _plain(text: str) -> list[tuple[str, str, frozenset[str]]]:
    return [
        (each.joint, each.name, frozenset(each.values)) for each in conditions(text)
    ]

"""Reads values of unknown form: a field that is missing or odd costs its row nothing.

Seerr's document leaves out fields that requests depend on, and its relatives differ. So
rows are not decoded by a fixed shape.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import cast

type Row = Mapping[str, object]

NOTHING: Row = {}


def row(value: object) -> Row:
    return cast("Row", value) if isinstance(value, dict) else NOTHING


def rows(value: object) -> Sequence[Row]:
    if not isinstance(value, list):
        return ()
    return [row(each) for each in cast("list[object]", value)]


def number(value: object) -> int | None:
    """A whole number; `true` is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None


def text(value: object) -> str | None:
    """A text that is not blank."""
    return value.strip() or None if isinstance(value, str) else None


def own_id(value: object) -> str | None:
    """An id as text, whether it came as a number or as text."""
    found = number(value)
    return str(found) if found is not None else text(value)


def moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(text(value) or "")
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def day(value: object) -> date | None:
    """The day of a date or of a moment."""
    try:
        return date.fromisoformat((text(value) or "")[:10])
    except ValueError:
        return None

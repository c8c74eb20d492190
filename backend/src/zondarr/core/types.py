"""Words used in signatures everywhere."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

type JsonValue = (
    bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None
)

Timestamp = Annotated[datetime, Meta(tz=True)]
"""A moment with its zone; written as ISO 8601 in UTC with `Z`."""

"""Type aliases used everywhere."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

type JsonValue = (
    bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None
)

Timestamp = Annotated[datetime, Meta(tz=True)]
"""A time with time zone; written as ISO 8601 in UTC with `Z`."""

"""The shapes that all bodies share."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta


class RequestBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A body that is sent to us. `kw_only` is not inherited: repeat it."""


class ResponseBody(msgspec.Struct, kw_only=True, frozen=True):
    """A body we answer with. A field without a value is null, never left out."""


class Page[T](ResponseBody, kw_only=True, frozen=True):
    """Part of a list. Routes answer a named subclass that says `items` again: Litestar
    reads no type variable into the OpenAPI document."""

    items: Sequence[T]
    next_cursor: str | None
    total: int


END = r"$(?!\n)"
"""The end of a pattern: Python's `$` alone lets a last newline through."""

Email = Annotated[str, Meta(max_length=254, pattern=rf"^[^@\s]+@[^@\s]+{END}")]
OperatorPassword = Annotated[str, Meta(min_length=12, max_length=256)]
Name = Annotated[str, Meta(max_length=100, pattern=rf"^\S(.*\S)?{END}")]

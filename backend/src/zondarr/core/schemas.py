"""The base types of all bodies."""

from collections.abc import Callable, Collection, Sequence
from typing import Annotated, Any, Self

import msgspec
from msgspec import UNSET, Meta

from zondarr.core.repository import Slice


class RequestBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A request body. `kw_only` is not inherited: repeat it."""

    def sent(self, *, but: Collection[str] = ()) -> dict[str, Any]:
        """The fields that were sent, and those that have a default, by their names."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        return {
            name: value
            for name, value in fields.items()
            if value is not UNSET and name not in but
        }


class ResponseBody(msgspec.Struct, kw_only=True, frozen=True):
    """A response body. A field without a value is null, never left out."""

    @classmethod
    def from_row(cls, row: object, /, **given: object) -> Self:
        """The body of a row: its attributes by name, except the given ones."""
        fields = {
            name: given[name] if name in given else getattr(row, name)
            for name in cls.__struct_fields__
        }
        return msgspec.convert(fields, cls, from_attributes=True)


class Page[T](ResponseBody, kw_only=True, frozen=True):
    """A part of a list. Routes return a named subclass that declares `items` again:
    Litestar does not resolve type variables in the OpenAPI document.
    """

    items: Sequence[T]
    next_cursor: str | None
    total: int

    @classmethod
    def of[R](cls, found: Slice[R], body: Callable[[R], T]) -> Self:
        """The page of these rows; `body` converts one."""
        return cls.of_items([body(row) for row in found.items], found)

    @classmethod
    def of_items(cls, items: Sequence[T], found: Slice[Any]) -> Self:
        """The page of items that are bodies already."""
        return cls(items=items, next_cursor=found.next_cursor, total=found.total)

    @classmethod
    def whole(cls, items: Sequence[T]) -> Self:
        """A list so short that it is always returned whole."""
        return cls(items=items, next_cursor=None, total=len(items))


END = r"$(?!\n)"
"""The end of a pattern: Python's `$` alone accepts a trailing newline."""

Email = Annotated[str, Meta(max_length=254, pattern=rf"^[^@\s]+@[^@\s]+{END}")]
OperatorPassword = Annotated[str, Meta(min_length=12, max_length=256)]
Name = Annotated[str, Meta(max_length=100, pattern=rf"^\S(.*\S)?{END}")]

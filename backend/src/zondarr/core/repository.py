"""The base of all repositories, with lists that are paged by key."""

import base64
import binascii
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, Protocol, cast
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Select,
    Uuid,
    bindparam,
    func,
    literal,
    select,
    tuple_,
)

from zondarr.core.clock import in_utc
from zondarr.core.database import Session
from zondarr.core.exceptions import InvalidError, NotFoundError
from zondarr.core.models import Entity, UTCDateTime


@dataclass(frozen=True, kw_only=True, slots=True)
class PageRequest:
    """The requested part of a list. `sort` is a name, with `-` for descending."""

    limit: int = 50
    cursor: str | None = None
    sort: str | None = None


@dataclass(frozen=True, slots=True)
class Slice[T]:
    """The rows of one page, the cursor of the next one, and the total."""

    items: Sequence[T]
    next_cursor: str | None
    total: int


class _Cursor(msgspec.Struct, array_like=True, frozen=True):
    """The last row of a page: the sort order, its value, and its key."""

    sort: str
    value: str | int
    id: UUID


type AnySelect = Select[*tuple[Any, ...]]

_LIMIT, _VALUE, _ID = "_limit", "_last_value", "_last_id"


@dataclass(frozen=True, slots=True)
class Part:
    """A query for one page, without the request's parameters.

    `rows` selects the page, with `_sort` and `_total` as the last two columns;
    `counted` selects the total.
    """

    sort: str
    order: Any
    rows: AnySelect
    counted: Select[int]

    def values(self, request: PageRequest) -> dict[str, Any]:
        """The request's parameters. Raises `InvalidError` for an invalid cursor."""
        values: dict[str, Any] = {_LIMIT: request.limit + 1}
        if request.cursor is not None:
            last = _read_cursor(request.cursor, self.sort)
            values |= {_VALUE: _value_of(last, self.order), _ID: last.id}
        return values


class Place[T](NamedTuple):
    """An item's position in a list: its key, its sort value, and the total."""

    item: T
    id: UUID
    value: Any
    total: int


MAX_INTEGER, MAX_BIG_INTEGER = 2**31 - 1, 2**63 - 1
"""What PostgreSQL's `integer` and `bigint` hold: counts and sizes that we sort by."""


class Repository[E: Entity]:
    """Queries on one table. It flushes; the owner of the session commits.

    A subclass sets its `entity`, and the expressions that its list can be sorted by.
    They must never be null, since a null cannot be compared with the last row of a
    page.
    """

    entity: ClassVar[type[Entity]]
    sorts: ClassVar[Mapping[str, Any]] = {}
    default_sort: ClassVar[str] = "-created_at"

    def __init__(self, session: Session, /) -> None:
        self.session = session

    @property
    def _rows(self) -> type[E]:
        return cast("type[E]", self.entity)

    async def get_by_id(self, id: UUID, /) -> E | None:
        rows = self._rows
        return await self.session.scalar(select(rows).where(rows.id == id))

    async def require(self, id: UUID, /) -> E:
        """The row with this id; raises `NotFoundError`."""
        return self.found(await self.get_by_id(id), id)

    def found(self, row: E | None, id: UUID) -> E:
        """The row that was looked up by this id; raises `NotFoundError` for None."""
        if row is None:
            raise NotFoundError(self.entity.__name__, id)
        return row

    async def get_by_ids(self, ids: Collection[UUID], /) -> Sequence[E]:
        """The rows that exist, in no particular order."""
        if not ids:
            return []
        rows = self._rows
        return (await self.session.scalars(select(rows).where(rows.id.in_(ids)))).all()

    async def get_all(self) -> Sequence[E]:
        return (await self.session.scalars(select(self._rows))).all()

    async def create(self, row: E, /) -> E:
        self.session.add(row)
        await self.session.flush()
        return row

    async def update(self, row: E, /) -> E:
        await self.session.flush()
        return row

    async def delete(self, row: E, /) -> None:
        await self.session.delete(row)
        await self.session.flush()

    async def page(
        self, rows: Select[E], request: PageRequest, *, with_total: bool = True
    ) -> Slice[E]:
        """One page of a query, by key: its cost does not grow with the position.

        Without the total, which the caller has, `total` is 0.
        """
        further = request.cursor is not None
        part = self.part(rows, request.sort, further=further, with_total=with_total)
        values = part.values(request)
        answer = await self.session.execute(part.rows, values)
        found: Sequence[Any] = answer.unique().all()
        places = [Place(row[0], row[0].id, *row[1:]) for row in found]
        return await self.slice(part, values, places)

    @classmethod
    def part(
        cls,
        rows: AnySelect,
        sort: str | None,
        *,
        further: bool,
        with_total: bool = True,
    ) -> Part:
        """The query for the first page, or for a `further` one.

        It depends on nothing else of the request, so it can be cached.
        """
        sort = sort or cls.default_sort
        order = cls.sorts.get(sort.removeprefix("-"))
        if order is None:
            raise InvalidError("No such order.", sort=cls._sort_choices())
        key, descending = (order, cls.entity.id), sort.startswith("-")
        counted = rows.with_only_columns(func.count(), maintain_column_froms=True)
        if further:
            last = tuple_(
                bindparam(_VALUE, type_=order.type), bindparam(_ID, type_=Uuid())
            )
            rows = rows.where(
                tuple_(*key) < last if descending else tuple_(*key) > last
            )
        # The total is selected with the rows: a separate query costs more.
        total = counted.correlate(None).scalar_subquery() if with_total else literal(0)
        rows = rows.add_columns(order.label("_sort"), total.label("_total"))
        rows = rows.order_by(*(each.desc() if descending else each for each in key))
        return Part(sort, order, rows.limit(bindparam(_LIMIT)), counted)

    async def slice[T](
        self, part: Part, values: Mapping[str, Any], found: Sequence[Place[T]]
    ) -> Slice[T]:
        """The page, from the rows found: one more than is shown, if there are more."""
        if not found:
            further = _ID in values
            there = further and await self.session.scalar(part.counted, values)
            return Slice[T]([], None, there or 0)
        page = found[: values[_LIMIT] - 1]
        cursor = _write_cursor(part.sort, page[-1]) if len(found) > len(page) else None
        return Slice([place.item for place in page], cursor, page[0].total)

    @classmethod
    def _sort_choices(cls) -> str:
        return f"one of {', '.join(cls.sorts)}, with or without a leading -"


class Ordered(Protocol):
    """An item of a list that was read whole."""

    @property
    def id(self) -> UUID: ...
    @property
    def value(self) -> Any: ...


def page_of[T: Ordered](
    items: Sequence[T], request: PageRequest, *, sort: str, order: Any
) -> Slice[T]:
    """A page of a list in memory, by the same cursors as those of queries.

    `items` are in ascending order of `order`, then of their ids; `sort` is the order's
    name, with `-` for descending. Raises `InvalidError` for an invalid cursor.
    """
    descending = sort.startswith("-")
    begin, end = 0, len(items)
    if request.cursor is not None:
        cursor = _read_cursor(request.cursor, sort)
        last = _value_of(cursor, order), cursor.id
        if descending:
            end = bisect_left(items, last, key=_place_in_order)
        else:
            begin = bisect_right(items, last, key=_place_in_order)
    further = end - begin > request.limit
    if descending:
        found = items[max(begin, end - request.limit) : end][::-1]
    else:
        found = items[begin : min(end, begin + request.limit)]
    next_cursor = _write_cursor(sort, found[-1]) if further else None
    return Slice(found, next_cursor, len(items))


def _place_in_order(item: Ordered) -> tuple[Any, UUID]:
    return item.value, item.id


def _write_cursor(sort: str, last: Ordered) -> str:
    value = last.value
    if isinstance(value, datetime):
        value = value.isoformat()
    cursor = _Cursor(sort, value, last.id)
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode()


def _read_cursor(text: str, sort: str) -> _Cursor:
    try:
        raw = base64.urlsafe_b64decode(text)
        cursor = msgspec.json.decode(raw, type=_Cursor)
    except (binascii.Error, msgspec.MsgspecError, ValueError) as error:
        raise _unknown_cursor() from error
    if cursor.sort != sort:
        raise InvalidError("The cursor is of another order.", cursor="another sort")
    return cursor


def _value_of(cursor: _Cursor, order: Any) -> str | int | datetime:
    """The cursor's value in the type of the column. Anyone can write a cursor."""
    try:
        if isinstance(order.type, UTCDateTime):
            return in_utc(datetime.fromisoformat(str(cursor.value)))
        value: str | int = order.type.python_type(cursor.value)
    except ValueError as error:
        raise _unknown_cursor() from error
    most = MAX_BIG_INTEGER if isinstance(order.type, BigInteger) else MAX_INTEGER
    too_large = isinstance(value, int) and abs(value) > most
    if too_large or "\0" in str(value):
        raise _unknown_cursor()
    return value


def _unknown_cursor() -> InvalidError:
    return InvalidError("The cursor is not one of ours.", cursor="unknown")

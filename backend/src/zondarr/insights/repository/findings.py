"""The titles that a condition holds for: pages, numbers, bytes."""

from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any, ClassVar
from uuid import UUID

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    False_,
    FromClause,
    and_,
    case,
    cast,
    exists,
    func,
    null,
    select,
    true,
)

from zondarr.catalogue.models import MediaItem, Title, TitleKind
from zondarr.core.repository import PageRequest, Repository, Slice
from zondarr.core.search import contains
from zondarr.media.types import ItemKind

COPIES = (ItemKind.MOVIE, ItemKind.SHOW)


class FindingFilter(Struct, frozen=True, kw_only=True):
    """What a list is limited to, besides the rule's own condition."""

    q: str | None = None
    server_id: UUID | None = None
    library_id: UUID | None = None
    kind: TitleKind | None = None
    min_size: int | None = None


class Amount(Struct, frozen=True):
    """A number of titles and their bytes."""

    count: int
    bytes: int


FEW = 5000
"""From there on, reading and sorting all takes longer than walking an index."""

type Bounds = Mapping[str, ColumnElement[bool]]
"""By the name of an order."""


def sizes_if(conditions: Sequence[ColumnElement[bool]]) -> list[ColumnElement[Any]]:
    """For each condition a column: the size of a title for which it holds, or null."""
    return [
        (
            cast(null(), BigInteger)
            if isinstance(each, False_)
            else case((each, Title.size))
        ).label(f"size_{place}")
        for place, each in enumerate(conditions)
    ]


def sums(sizes: FromClause, count: int) -> list[ColumnElement[Any]]:
    """The columns of `amounts_of`, for as many columns of `sizes_if`: for each a number
    and bytes.
    """
    columns = [sizes.c[f"size_{place}"] for place in range(count)]
    return [
        value
        for each in columns
        for value in (func.count(each), func.coalesce(func.sum(each), 0))
    ]


def amounts_of(row: Sequence[Any]) -> list[Amount]:
    return [Amount(int(n), int(size)) for n, size in batched(row, 2, strict=True)]


class FindingRepository(Repository[Title]):
    entity = Title
    sorts: ClassVar = {
        "name": Title.name_key,
        "year": Title.year,
        "size": Title.size,
        "added": Title.added_at,
        "last_activity": Title.active_at,
        "arrived": Title.arrived_at,
    }
    default_sort = "-size"

    async def find(
        self,
        request: PageRequest,
        condition: ColumnElement[bool],
        wanted: FindingFilter,
        *,
        expected: int,
        bounds: Bounds | None = None,
    ) -> Slice[Title]:
        """A page of them, without the total.

        SQLite does not know how many match, so the way is chosen here. If many are
        `expected`, the index of the order is walked, and the condition is kept away
        from indexes
        (`IS TRUE`); `bounds` are conditions on the column of an order that follow from
        it, so that the walk begins where findings do. Few are found by the condition's
        indexes, and sorted.
        """
        if isinstance(condition, False_) or not expected:
            return Slice([], None, 0)
        conditions = self._conditions(condition, wanted)
        if expected <= FEW:
            rows = select(Title).where(*conditions)
            return await _FewFindings(self.session).page(
                rows, request, with_total=False
            )
        sort = (request.sort or self.default_sort).removeprefix("-")
        bound = [bounds[sort]] if bounds and sort in bounds else []
        own, listed, *others = conditions
        rows = select(Title).where(own, listed, *bound, and_(*others).is_(True))
        return await self.page(rows, request, with_total=False)

    async def amounts(
        self, conditions: Sequence[ColumnElement[bool]], wanted: FindingFilter
    ) -> list[Amount]:
        """How many titles there are for each condition, and how much space they take;
        in one pass.
        """
        rows = select(*sizes_if(conditions)).select_from(Title)
        rows = rows.where(*self._conditions(true(), wanted))
        # Not merged into the query around it, which would evaluate each twice.
        sizes = rows.offset(0).subquery()
        counted = select(*sums(sizes, len(conditions)))
        return amounts_of((await self.session.execute(counted)).one())

    # "Never" is no condition that could be combined: SQLAlchemy reduces it to `false`,
    # without the workspace.
    def _conditions(
        self, condition: ColumnElement[bool], wanted: FindingFilter
    ) -> list[ColumnElement[bool]]:
        mine = Title.workspace_id == self.session.workspace_id
        listed: Any = Title.listed
        found: list[ColumnElement[bool]] = [mine, listed, condition]
        if wanted.q:
            found.append(contains(Title.search_text, wanted.q))
        if wanted.kind is not None:
            found.append(Title.kind == wanted.kind)
        if wanted.min_size is not None:
            found.append(Title.size >= wanted.min_size)
        if wanted.server_id is not None or wanted.library_id is not None:
            found.append(self._lies_in(wanted))
        return found

    def _lies_in(self, wanted: FindingFilter) -> ColumnElement[bool]:
        of_title: list[Any] = [
            MediaItem.title_id == Title.id,
            MediaItem.kind.in_(COPIES),
            MediaItem.listed,
            MediaItem.workspace_id == self.session.workspace_id,
        ]
        if wanted.server_id is not None:
            of_title.append(MediaItem.media_server_id == wanted.server_id)
        if wanted.library_id is not None:
            of_title.append(MediaItem.library_id == wanted.library_id)
        return exists().where(and_(*of_title))


class _FewFindings(FindingRepository):
    """The same orders, as expressions that no index serves."""

    sorts: ClassVar = {
        name: func.coalesce(column, column)
        for name, column in FindingRepository.sorts.items()
    }

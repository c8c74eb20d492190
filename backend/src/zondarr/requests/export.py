"""Lists of requests as CSV, page by page, so that their length costs no memory."""

from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Collection,
    Mapping,
    Sequence,
)
from typing import Any

from zondarr.core.clock import utc_now
from zondarr.core.csv_lines import csv_line
from zondarr.core.database import UnitOfWork
from zondarr.core.database.cache import AtRevision
from zondarr.core.repository import PageRequest
from zondarr.requests.hooks import ProtectionsOf
from zondarr.requests.repository import RequestFilter
from zondarr.requests.schemas import RequestPage, RequestResponse
from zondarr.requests.service import Clock, RequestService
from zondarr.requests.states import RequestState

PAGE = 500
COLUMNS = (
    "number",
    "type",
    "title",
    "year",
    "tmdb",
    "is_4k",
    "seasons",
    "requester",
    "person",
    "requested_at",
    "approved_at",
    "out_at",
    "out_by",
    "state",
    "reason",
    "sentence",
    "protected_until",
)

type Part = tuple[Sequence[RequestResponse], str | None]
"""The rows of a page, and the cursor of the next one."""


class RequestExport:
    """Opens a session for each page: the response outlives the request's."""

    def __init__(
        self,
        work: UnitOfWork,
        sums: AtRevision,
        protections_of: ProtectionsOf,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self.work = work
        self.sums = sums
        self.protections_of = protections_of
        self.now = clock()

    async def lines(
        self,
        wanted: RequestFilter,
        states: Collection[RequestState],
        *,
        sort: str | None,
        overrides: Mapping[str, Any],
    ) -> AsyncGenerator[str]:
        async def page(cursor: str | None) -> Part:
            request = PageRequest(limit=PAGE, cursor=cursor, sort=sort)
            async with self.work(reading=True) as session:
                service = RequestService(
                    session, self.sums, self.protections_of, clock=lambda: self.now
                )
                found: RequestPage = await service.find(
                    request, wanted, states, overrides
                )
            return found.items, found.next_cursor

        return await request_lines(page)


async def request_lines(
    page: Callable[[str | None], Awaitable[Part]],
) -> AsyncGenerator[str]:
    """Reads the first page at once, so that what is wrong is said before the response
    begins; gives the lines, a page at a time.
    """
    first = await page(None)

    async def stream() -> AsyncGenerator[str]:
        rows, cursor = first
        yield csv_line(COLUMNS) + _lines(rows)
        while cursor is not None:
            rows, cursor = await page(cursor)
            yield _lines(rows)

    return stream()


def _lines(rows: Sequence[RequestResponse]) -> str:
    return "".join(csv_line(_cells(row)) for row in rows)


def _cells(row: RequestResponse) -> tuple[Any, ...]:
    asker, protection = row.requester, row.protection
    return (
        row.external_id,
        row.type.value,
        row.title.name,
        row.title.year,
        row.title.tmdb,
        row.is_4k,
        ", ".join(str(each.number) for each in row.seasons),
        asker and asker.name,
        asker and asker.identity,
        row.requested_at,
        row.approved_at,
        row.out_at,
        row.out_by and row.out_by.value,
        row.state.value,
        row.reason.code,
        row.reason.sentence,
        protection and (protection.expires_at or "always"),
    )

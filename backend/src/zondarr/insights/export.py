"""The list of an insight as CSV, page by page, so that its length costs no memory."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any

from zondarr.catalogue.insight import Insight
from zondarr.core.clock import utc_now
from zondarr.core.csv_lines import csv_line
from zondarr.core.database import UnitOfWork
from zondarr.core.database.cache import AtRevision
from zondarr.core.repository import PageRequest
from zondarr.insights.repository import FindingFilter
from zondarr.insights.schemas import FindingPage, FindingRow
from zondarr.insights.service import Clock, InsightService, Listed
from zondarr.media.registry import ClientRegistry

PAGE = 500
COLUMNS = (
    "title",
    "year",
    "type",
    "servers",
    "libraries",
    "size",
    "added_at",
    "last_activity_at",
    "last_activity_by",
    "verdict",
    "reason",
    "sentence",
    "parts",
    "protected_until",
)


class InsightExport:
    """Opens a session for each page: the response outlives the request's."""

    def __init__(
        self,
        work: UnitOfWork,
        registry: ClientRegistry,
        sums: AtRevision,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self.work = work
        self.sums = sums
        self.registry = registry
        self.now = clock()

    async def lines(
        self,
        insight: Insight,
        wanted: FindingFilter,
        *,
        sort: str | None,
        listed: Listed,
        overrides: Mapping[str, Any],
    ) -> AsyncGenerator[str]:
        """Reads the first page at once, so that what is wrong is said before the
        response begins; gives the lines, a page at a time.
        """

        async def page(cursor: str | None) -> FindingPage:
            request = PageRequest(limit=PAGE, cursor=cursor, sort=sort)
            async with self.work(reading=True) as session:
                service = InsightService(
                    session, self.registry, self.sums, clock=lambda: self.now
                )
                return await service.find(
                    insight, request, wanted, listed=listed, overrides=overrides
                )

        first = await page(None)

        async def stream() -> AsyncGenerator[str]:
            found = first
            yield csv_line(COLUMNS) + _lines(found)
            while found.next_cursor is not None:
                found = await page(found.next_cursor)
                yield _lines(found)

        return stream()


def _lines(page: FindingPage) -> str:
    return "".join(csv_line(_cells(row)) for row in page.items)


def _cells(row: FindingRow) -> tuple[Any, ...]:
    active, protection = row.last_activity, row.protection
    return (
        row.title.name,
        row.title.year,
        row.title.type.value,
        ", ".join(sorted({each.server for each in row.copies})),
        ", ".join(sorted({each.library for each in row.copies})),
        row.size,
        row.added_at,
        active and active.at,
        active and active.account,
        row.verdict.value,
        row.reason.code,
        row.reason.sentence,
        ", ".join(each.label for each in row.parts),
        protection and (protection.expires_at or "always"),
    )

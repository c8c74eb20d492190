"""Insights over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Stream

from zondarr.accounts.guards import signed_in
from zondarr.catalogue.insight import Insight, TitleInsight
from zondarr.catalogue.models import TitleKind
from zondarr.core.repository import MAX_BIG_INTEGER, PageRequest
from zondarr.insights.by_requester import ByRequester
from zondarr.insights.export import InsightExport
from zondarr.insights.overrides import OVERRIDES
from zondarr.insights.repository import FindingFilter
from zondarr.insights.schemas import (
    FindingPage,
    InsightSummary,
    RequesterGroups,
    TitleVerdictPage,
)
from zondarr.insights.service import InsightService, Listed
from zondarr.insights.stuck.service import StuckService
from zondarr.insights.summary import SummaryService


def finding_filter(
    q: Annotated[str | None, QueryParameter(max_length=500)] = None,
    server_id: FromQuery[UUID | None] = None,
    library_id: FromQuery[UUID | None] = None,
    type: FromQuery[TitleKind | None] = None,
    min_size: Annotated[int | None, QueryParameter(ge=0, le=MAX_BIG_INTEGER)] = None,
) -> FindingFilter:
    return FindingFilter(
        q=q, server_id=server_id, library_id=library_id, kind=type, min_size=min_size
    )


class InsightController(Controller):
    path = "/api/v1/insights"
    tags = ["Insights"]
    guards = [signed_in]
    dependencies = {
        **OVERRIDES,
        "wanted": Provide(finding_filter, sync_to_thread=False),
    }

    @get("/summary", operation_id="summarizeInsights")
    async def summary(
        self,
        insight_summary: NamedDependency[SummaryService],
        overrides: NamedDependency[dict[str, Any]],
    ) -> InsightSummary:
        """How much each insight finds, in the workspace and in each library.

        Any policy value that is given replaces the workspace's for this response."""
        return await insight_summary.show(overrides)

    @get("/recent/by-requester", operation_id="groupRecentByRequester")
    async def by_requester(
        self,
        insights: NamedDependency[InsightService],
        overrides: NamedDependency[dict[str, Any]],
    ) -> RequesterGroups:
        """What is new, grouped by who requested it, with a text to copy for each."""
        return await ByRequester(insights).show(overrides)

    @get(
        "/{insight:str}/export.csv",
        operation_id="exportFindings",
        media_type="text/csv",
    )
    async def export(
        self,
        insight: FromPath[TitleInsight],
        insight_export: NamedDependency[InsightExport],
        wanted: NamedDependency[FindingFilter],
        overrides: NamedDependency[dict[str, Any]],
        verdict: FromQuery[Listed] = Listed.FINDING,
        sort: Annotated[str | None, QueryParameter(max_length=50)] = None,
    ) -> Stream:
        """The whole list as CSV, with the same filters."""
        lines = await insight_export.lines(
            Insight(insight), wanted, sort=sort, listed=verdict, overrides=overrides
        )
        name = f'attachment; filename="{insight}.csv"'
        return Stream(
            lines,
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": name},
        )

    @get("/{insight:str}", operation_id="listFindings")
    async def list_all(
        self,
        insight: FromPath[TitleInsight],
        insights: NamedDependency[InsightService],
        page: NamedDependency[PageRequest],
        wanted: NamedDependency[FindingFilter],
        overrides: NamedDependency[dict[str, Any]],
        verdict: FromQuery[Listed] = Listed.FINDING,
    ) -> FindingPage:
        """The titles that an insight finds, each with its reason, the largest first;
        or, by `verdict`, those for which a fact is missing, and those that would be
        found but are protected.

        Any policy value that is given replaces the workspace's for this response.
        `q` searches names; sorts: name, year, size, added, last_activity, arrived."""
        return await insights.find(
            Insight(insight), page, wanted, listed=verdict, overrides=overrides
        )


class TitleVerdictController(Controller):
    path = "/api/v1/titles"
    tags = ["Insights"]
    guards = [signed_in]
    dependencies = OVERRIDES

    @get("/{id:uuid}/why", operation_id="explainTitle")
    async def why(
        self,
        id: FromPath[UUID],
        insights: NamedDependency[InsightService],
        stuck_requests: NamedDependency[StuckService],
        overrides: NamedDependency[dict[str, Any]],
    ) -> TitleVerdictPage:
        """What every insight makes of a title, listed or not, and why."""
        verdicts = await insights.why(id, overrides)
        return await stuck_requests.add_to(verdicts, id, overrides)

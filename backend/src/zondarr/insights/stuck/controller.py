"""Stuck requests over HTTP."""

from typing import Annotated, Any

from litestar import Controller, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter
from litestar.response import Stream

from zondarr.accounts.guards import signed_in
from zondarr.core.repository import PageRequest
from zondarr.insights.overrides import OVERRIDES
from zondarr.insights.service import Listed
from zondarr.insights.stuck.export import StuckExport
from zondarr.insights.stuck.schemas import StuckPage
from zondarr.insights.stuck.service import StuckService
from zondarr.requests.controller import csv_file, request_filter
from zondarr.requests.repository import RequestFilter


class StuckController(Controller):
    path = "/api/v1/insights/stuck"
    tags = ["Insights"]
    guards = [signed_in]
    dependencies = {
        **OVERRIDES,
        "wanted": Provide(request_filter, sync_to_thread=False),
    }

    @get(operation_id="listStuckRequests")
    async def list_all(
        self,
        stuck_requests: NamedDependency[StuckService],
        page: NamedDependency[PageRequest],
        wanted: NamedDependency[RequestFilter],
        overrides: NamedDependency[dict[str, Any]],
        verdict: FromQuery[Listed] = Listed.FINDING,
    ) -> StuckPage:
        """The requests that are stuck, failed, or gone again, and those that wait for
        approval for too long; by `verdict`, those of which no date is known, and those
        that would be listed but are protected.

        `show_future` lists those that are not out yet too, `hide_recent_releases` false
        those that came out lately. Filters and sorts are those of requests."""
        return await stuck_requests.find(
            page, wanted, listed=verdict, overrides=overrides
        )

    @get("/export.csv", operation_id="exportStuckRequests", media_type="text/csv")
    async def export(
        self,
        stuck_export: NamedDependency[StuckExport],
        wanted: NamedDependency[RequestFilter],
        overrides: NamedDependency[dict[str, Any]],
        verdict: FromQuery[Listed] = Listed.FINDING,
        sort: Annotated[str | None, QueryParameter(max_length=50)] = None,
    ) -> Stream:
        """The whole list as CSV, with the same filters."""
        lines = await stuck_export.lines(
            wanted, sort=sort, listed=verdict, overrides=overrides
        )
        return csv_file("stuck", lines)

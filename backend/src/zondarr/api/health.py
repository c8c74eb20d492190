"""Liveness and readiness of the process.

Media servers are not included: they belong to others, and restarting this process would
not help them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from enum import StrEnum

import structlog
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec

from zondarr.core.schemas import ResponseBody
from zondarr.core.startup_errors import explain

TIMEOUT = timedelta(seconds=2)
"""The time that each dependency has to respond."""

log = structlog.get_logger(__name__)

type Checks = Mapping[str, Callable[[], Awaitable[None]]]
"""The dependencies and their checks; a check that raises has failed."""
type Notices = Mapping[str, Callable[[], Awaitable[bool]]]
"""Conditions an operator should know about. They are listed with the checks while they
apply, and never cause a 503.
"""


class Health(StrEnum):
    HEALTHY = "healthy"
    DEGRADED = "degraded"


class HealthResponse(ResponseBody, kw_only=True, frozen=True):
    """`checks` maps each dependency to `healthy` or `degraded`. Notices are listed too
    and do not cause a 503: `clock` (it went back) and `set_aside` (work that crashed
    the process several times; see `/api/v1/jobs`).
    """

    status: Health
    checks: dict[str, Health]


class LiveResponse(ResponseBody, kw_only=True, frozen=True):
    status: Health = Health.HEALTHY


_DEGRADED = {
    503: ResponseSpec(
        HealthResponse,
        description="A dependency does not answer.",
        generate_examples=False,
    )
}


class HealthController(Controller):
    path = "/health"
    tags = ["health"]
    security = []

    @get(summary="All dependencies", responses=_DEGRADED)
    async def overall(
        self, checks: NamedDependency[Checks], notices: NamedDependency[Notices]
    ) -> Response[HealthResponse]:
        health = await examine(checks)
        if health.status is Health.HEALTHY:
            health.checks.update(await _noticed(notices))
        return _answer(health)

    @get("/live", summary="The process runs")
    async def live(self) -> LiveResponse:
        return LiveResponse()

    @get("/ready", summary="Requests can be served", responses=_DEGRADED)
    async def ready(self, checks: NamedDependency[Checks]) -> Response[HealthResponse]:
        return _answer(await examine(checks))


async def examine(checks: Checks) -> HealthResponse:
    """Run all checks at the same time."""
    words = await asyncio.gather(*(_ask(name, ask) for name, ask in checks.items()))
    found = dict(zip(checks, words, strict=True))
    well = all(word is Health.HEALTHY for word in words)
    status = Health.HEALTHY if well else Health.DEGRADED
    return HealthResponse(status=status, checks=found)


async def _noticed(notices: Notices) -> dict[str, Health]:
    return {name: Health.DEGRADED for name, is_so in notices.items() if await is_so()}


async def _ask(name: str, ask: Callable[[], Awaitable[None]]) -> Health:
    try:
        async with asyncio.timeout(TIMEOUT.total_seconds()):
            await ask()
    except Exception as error:
        reason = explain(error)
        log.warning(
            "a dependency does not answer",
            dependency=name,
            reason=reason,
            exc_info=None if reason else error,
        )
        return Health.DEGRADED
    return Health.HEALTHY


def _answer(health: HealthResponse) -> Response[HealthResponse]:
    return Response(health, status_code=200 if health.status is Health.HEALTHY else 503)

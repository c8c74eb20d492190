"""The health routes report any state of the dependencies."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import monotonic
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.di import Provide

from zondarr.api import health
from zondarr.api.bodies import StrictRequest
from zondarr.api.dependencies import constant
from zondarr.api.errors import EXCEPTION_HANDLERS
from zondarr.api.health import HealthController
from zondarr.container import Container


async def well() -> None:
    pass


async def raises() -> None:
    raise OSError("postgresql://zondarr:hunter2@db refused")


async def hangs() -> None:
    await asyncio.Event().wait()


STATES = {"well": well, "raises": raises, "hangs": hangs}
WORDS = {"well": "healthy", "raises": "degraded", "hangs": "degraded"}


def application(checks: dict[str, Callable[[], Awaitable[None]]]) -> Litestar:
    provided: dict[str, Provide] = {
        "checks": constant(checks),
        "notices": constant({}),
    }
    return Litestar(
        [HealthController],
        dependencies=provided,
        exception_handlers=EXCEPTION_HANDLERS,
        request_class=StrictRequest,
        openapi_config=None,
        logging_config=None,
    )


def serving(checks: dict[str, Callable[[], Awaitable[None]]]) -> httpx2.AsyncClient:
    app: Any = application(checks)
    transport = httpx2.ASGITransport(app)
    return httpx2.AsyncClient(transport=transport, base_url="http://zondarr.test")


@given(
    states=st.dictionaries(
        st.sampled_from(("database", "work", "cache", "queue")),
        st.sampled_from(sorted(STATES)),
        min_size=1,
    )
)
@settings(max_examples=120, deadline=None)
async def test_the_three_routes_answer_as_the_dependencies_are(
    states: dict[str, str],
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(health, "TIMEOUT", timedelta(seconds=0.01))
        async with serving({name: STATES[s] for name, s in states.items()}) as client:
            overall = await client.get("/health")
            live = await client.get("/health/live")
            ready = await client.get("/health/ready")
    all_well = set(states.values()) == {"well"}
    expected = {
        "status": "healthy" if all_well else "degraded",
        "checks": {name: WORDS[state] for name, state in states.items()},
    }
    assert (overall.status_code, ready.status_code) == (
        (200,) * 2 if all_well else (503,) * 2
    )
    assert overall.json() == expected
    assert ready.json() == expected
    assert (live.status_code, live.json()) == (200, {"status": "healthy"})
    assert "hunter2" not in overall.text + ready.text


async def test_dependencies_that_hang_cost_two_seconds_together_not_each() -> None:
    began = monotonic()
    async with serving(dict.fromkeys(("a", "b", "c"), hangs)) as client:
        answer = await client.get("/health")
    assert answer.status_code == 503
    assert 1.9 < monotonic() - began < 6


async def test_the_real_database_is_asked(
    client: httpx2.AsyncClient, container: Container
) -> None:
    answer = await client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["checks"]["database"] == "healthy"
    assert set(answer.json()["checks"]) == set(container.checks)


async def test_health_can_be_asked_with_head(client: httpx2.AsyncClient) -> None:
    answer = await client.head("/health/live")
    assert (answer.status_code, answer.content) == (200, b"")

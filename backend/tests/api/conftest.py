"""The application over ASGI, and with routes of the test's own."""

from collections.abc import AsyncGenerator, Sequence

import httpx2
import pytest
from litestar.types import ControllerRouterHandler

from zondarr.api.application import build_litestar
from zondarr.api.asgi import ASGIApp
from zondarr.api.edge import Edge
from zondarr.api.metrics import Metrics
from zondarr.api.ui import BuiltUI
from zondarr.config import Settings
from zondarr.container import Container
from zondarr.core.database import Database


def build(
    container: Container,
    routes: Sequence[ControllerRouterHandler] = (),
    ui: BuiltUI | None = None,
) -> Edge:
    """The application as `create_app` builds it, with more routes."""
    metrics = Metrics()
    litestar = build_litestar(container, metrics)
    for route in routes:
        litestar.register(route)
    return Edge(
        litestar,
        ui or BuiltUI(),
        running=litestar.lifespan,
        metrics=metrics,
        proxies=container.settings.trusted_proxies,
    )


def client_of(app: ASGIApp, *, peer: str = "192.0.2.1") -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False, client=(peer, 1))
    return httpx2.AsyncClient(transport=transport, base_url="http://zondarr.test")


@pytest.fixture
async def container(
    settings: Settings, database: Database
) -> AsyncGenerator[Container]:
    """The program, up and running."""
    container = Container.build(settings, database=database)
    async with container.running(shown_at="http://zondarr.test"):
        yield container


@pytest.fixture
async def client(container: Container) -> AsyncGenerator[httpx2.AsyncClient]:
    async with client_of(build(container)) as client:
        yield client

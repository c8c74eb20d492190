"""The application: `create_app(settings)`, and `app` for an ASGI server.

    granian zondarr.app:app --interface asgi

does the same as `zondarr serve`.
"""

import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import TYPE_CHECKING

from litestar import Litestar

from zondarr.api.application import build_litestar
from zondarr.api.edge import Edge
from zondarr.api.metrics import Metrics
from zondarr.api.ui import BuiltUI
from zondarr.config import LogFormat, Settings, load_settings
from zondarr.container import Container
from zondarr.core.durable import Timing
from zondarr.core.exceptions import ConfigurationError
from zondarr.core.logs import configure_logs
from zondarr.core.startup_errors import explain
from zondarr.jobs.schedule import schedule
from zondarr.migrations.with_copy import upgrade

if TYPE_CHECKING:
    app: Edge


LOCAL = "http://127.0.0.1:8000"
"""The address, unless another is given."""


def create_app(
    settings: Settings, *, shown_at: str = LOCAL, timing: Timing | None = None
) -> Edge:
    """The ASGI application; nothing is opened before its lifespan starts.

    `shown_at` is the address to print on the console; `timing` is for tests. Raises
    `ConfigurationError` when the key file cannot be used.
    """
    container, metrics = Container.build(settings, timing=timing), Metrics()
    schedule(container)
    litestar = build_litestar(container, metrics)
    return Edge(
        litestar,
        BuiltUI(base_url=settings.base_url),
        running=partial(_running, container, litestar, shown_at),
        metrics=metrics,
        proxies=settings.trusted_proxies,
        end_streams=container.durable.events.close,
    )


@asynccontextmanager
async def _running(
    container: Container, litestar: Litestar, shown_at: str
) -> AsyncGenerator[None]:
    await upgrade(container.settings)
    async with container.running(shown_at=shown_at), litestar.lifespan():
        yield


@cache
def from_environment(shown_at: str = LOCAL) -> Edge:
    """The application for the environment's settings; exits the process if they are
    invalid.
    """
    os.umask(0o077)  # the database contains password hashes
    try:
        settings = load_settings()
        configure_logs(
            level=settings.log_level, json=settings.log_format is LogFormat.JSON
        )
        return create_app(settings, shown_at=shown_at)
    except (ConfigurationError, OSError) as error:
        sys.exit(f"zondarr: {explain(error) or error}")


def __getattr__(name: str) -> Edge:
    """`app` reads the environment on first access, not on import."""
    if name == "app":
        return from_environment()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

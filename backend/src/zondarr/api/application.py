"""Configures Litestar."""

from typing import override

from litestar import Litestar
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin

from zondarr.accounts.guards import AuthenticationMiddleware
from zondarr.accounts.sessions import Sessions
from zondarr.api.bodies import StrictRequest
from zondarr.api.dependencies import dependencies
from zondarr.api.docs import openapi_config
from zondarr.api.errors import EXCEPTION_HANDLERS
from zondarr.api.metrics import Metrics
from zondarr.api.routes import ROUTES
from zondarr.container import Container

MAX_BODY = 1024 * 1024
"""Bytes. The largest expected body, a bulk action on people, has some thousands."""


class _MsgspecOnly(Litestar):
    """Omits the plugins for Pydantic and attrs.

    Litestar adds and imports them (9 MiB) wherever those packages are installed, as
    they are with the development tools. Our bodies use msgspec.
    """

    @staticmethod
    @override
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def build_litestar(container: Container, metrics: Metrics) -> Litestar:
    return _MsgspecOnly(
        route_handlers=ROUTES,
        dependencies=dependencies(container, metrics),
        middleware=[AuthenticationMiddleware(Sessions(container.database))],
        exception_handlers=EXCEPTION_HANDLERS,
        request_class=StrictRequest,
        request_max_body_size=MAX_BODY,
        openapi_config=openapi_config(),
        logging_config=None,
        pdb_on_exception=False,
        debug=False,
    )

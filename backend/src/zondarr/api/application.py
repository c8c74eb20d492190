"""Litestar, told what is ours."""

from litestar import Litestar

from zondarr.accounts.guards import AuthenticationMiddleware
from zondarr.accounts.sessions import Sessions
from zondarr.api.bodies import StrictRequest
from zondarr.api.dependencies import dependencies
from zondarr.api.docs import openapi_config
from zondarr.api.errors import EXCEPTION_HANDLERS
from zondarr.api.metrics import Metrics
from zondarr.api.routes import ROUTES
from zondarr.wiring import Program

MAX_BODY = 1024 * 1024
"""Bytes. The largest body we know of, a bulk action on people, has some thousands."""


def build_litestar(program: Program, metrics: Metrics) -> Litestar:
    return Litestar(
        route_handlers=ROUTES,
        dependencies=dependencies(program, metrics),
        middleware=[AuthenticationMiddleware(Sessions(program.database))],
        exception_handlers=EXCEPTION_HANDLERS,
        request_class=StrictRequest,
        request_max_body_size=MAX_BODY,
        openapi_config=openapi_config(),
        logging_config=None,
        pdb_on_exception=False,
        debug=False,
    )

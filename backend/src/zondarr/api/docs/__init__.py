"""The API documentation: the OpenAPI document, and two viewers.

All scripts are served by us, and the pages have a content security policy. The large
bundles are fetched by `scripts/docs-assets` and packaged, but not committed.
"""

from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, Contact, License, SecurityScheme

from zondarr import __version__
from zondarr.api.docs.pages import (
    ContractPlugin,
    IndexPlugin,
    ScalarPlugin,
    SwaggerPlugin,
    docs_router,
)

DESCRIPTION = """\
Invitations, people and libraries for those who share Plex and Jellyfin servers.

People sign in with a cookie and send `X-CSRF-Token` (from `GET /api/v1/session`) with
every change; programs send `Authorization: Bearer zdr_…`. Times are ISO 8601 in UTC,
sizes bytes, durations seconds. Whatever goes wrong has the shape `ErrorBody`, and its
`correlation_id` is also in the header `X-Correlation-ID` of every answer.
"""


def openapi_config() -> OpenAPIConfig:
    """A new one for each application: its parts keep a reference to it."""
    return OpenAPIConfig(
        title="Zondarr",
        version=__version__,
        description=DESCRIPTION,
        license=License(name="MIT", identifier="MIT"),
        contact=Contact(name="Zondarr"),
        components=Components(
            security_schemes={
                "session": SecurityScheme(
                    type="apiKey",
                    name="zondarr_session",
                    security_scheme_in="cookie",
                    description="Set by `POST /api/v1/session`, for people.",
                ),
                "token": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    bearer_format="zdr_…",
                    description="For programs; no CSRF token needed.",
                ),
            }
        ),
        use_handler_docstrings=True,
        openapi_router=docs_router(),
        render_plugins=[
            IndexPlugin(),
            ContractPlugin(),
            SwaggerPlugin(),
            ScalarPlugin(),
        ],
    )


__all__ = ["openapi_config"]

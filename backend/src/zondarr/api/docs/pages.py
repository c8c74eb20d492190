"""The pages under /docs, and their scripts."""

from importlib.resources import files
from typing import Any, override

import msgspec
from litestar import MediaType, Request, Response, Router, get
from litestar.datastructures import ResponseHeader
from litestar.enums import OpenAPIMediaType
from litestar.openapi.plugins import (
    JsonRenderPlugin,
    OpenAPIRenderPlugin,
    ScalarRenderPlugin,
    SwaggerRenderPlugin,
)
from litestar.params import FromPath

from zondarr.api.docs.contract import contract
from zondarr.core.exceptions import NotFoundError

ASSETS = files(__package__) / "assets"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        # Both bundles set styles from their scripts, which no hash can name.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
}


def docs_router() -> Router:
    return Router(
        "/docs",
        route_handlers=[asset],
        include_in_schema=False,
        response_headers=[
            ResponseHeader(name="Content-Security-Policy", value=POLICY),
            ResponseHeader(name="Cache-Control", value="no-cache"),
        ],
    )


@get("/assets/{name:str}", sync_to_thread=True)
def asset(name: FromPath[str]) -> Response[bytes]:
    """A script or stylesheet of the pages."""
    kind = _TYPES.get(f".{name.rpartition('.')[2]}")
    file = ASSETS / name
    if kind is None or "/" in name or not file.is_file():
        raise NotFoundError("Asset", name)
    return Response(file.read_bytes(), media_type=kind)


class ContractPlugin(JsonRenderPlugin):
    """The document itself; built once."""

    def __init__(self) -> None:
        super().__init__(path="/openapi.json", media_type=OpenAPIMediaType.OPENAPI_JSON)
        self._document: bytes | None = None

    @override
    def render(
        self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]
    ) -> bytes:
        if self._document is None:
            self._document = msgspec.json.encode(contract(request.app))
        return self._document


class IndexPlugin(OpenAPIRenderPlugin):
    """Links to the viewers."""

    def __init__(self) -> None:
        super().__init__(path="/", media_type=MediaType.HTML)

    @override
    def render(
        self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]
    ) -> bytes:
        return _page(
            '<link rel="stylesheet" href="/docs/assets/docs.css">',
            "<main><h1>Zondarr's API</h1><ul>"
            '<li><a href="/docs/swagger">Swagger UI</a>: read and try</li>'
            '<li><a href="/docs/scalar">Scalar</a>: read and search</li>'
            '<li><a href="/docs/openapi.json">openapi.json</a>: for programs</li>'
            "</ul></main>",
        )


class SwaggerPlugin(SwaggerRenderPlugin):
    """Swagger UI from our own files."""

    @override
    def render(
        self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]
    ) -> bytes:
        return _bundled(
            "swagger-ui-bundle.js",
            '<link rel="stylesheet" href="/docs/assets/swagger-ui.css">',
            '<div id="swagger"></div>'
            '<script src="/docs/assets/swagger-ui-bundle.js"></script>'
            '<script src="/docs/assets/start-swagger.js"></script>',
        )


class ScalarPlugin(ScalarRenderPlugin):
    """Scalar from our own files."""

    @override
    def render(
        self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]
    ) -> bytes:
        return _bundled(
            "scalar.js",
            "",
            '<div id="scalar"></div>'
            '<script src="/docs/assets/scalar.js"></script>'
            '<script src="/docs/assets/start-scalar.js"></script>',
        )


def _bundled(bundle: str, head: str, body: str) -> bytes:
    if not (ASSETS / bundle).is_file():
        return _page(
            '<link rel="stylesheet" href="/docs/assets/docs.css">',
            "<main><h1>Not built</h1><p>This page needs a script that is not here. Run"
            " <code>scripts/docs-assets</code> in the checkout, or read "
            '<a href="/docs/openapi.json">openapi.json</a>.</p></main>',
        )
    return _page(head, body)


def _page(head: str, body: str) -> bytes:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Zondarr's API</title>{head}</head><body>{body}</body></html>"
    ).encode()

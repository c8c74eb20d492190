"""The published OpenAPI document: Litestar's, plus error responses.

Litestar documents successful responses. The errors that every route may return are
added here.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute

from zondarr.api.errors import ErrorBody
from zondarr.core.schemas import RequestBody

_TEMPLATE = "#/components/schemas/{name}"
_METHODS = {"get", "post", "put", "patch", "delete"}
_TEXTS = {
    "400": "What was sent is not valid; `fields` says where.",
    "401": "Nobody is signed in.",
    "403": "Not allowed to whoever signed in, or the CSRF token is missing.",
    "404": "There is no such thing (here).",
    "413": "The body is too large.",
    "415": "The body is not `application/json`.",
    "default": "Anything else that goes wrong.",
}


def contract(app: Litestar) -> dict[str, Any]:
    """The whole document, ready to be written as JSON."""
    document = app.openapi_schema.to_schema()
    schemas = document["components"].setdefault("schemas", {})
    _, errors = msgspec.json.schema_components([ErrorBody], ref_template=_TEMPLATE)
    schemas.update(errors)
    for name in _exact_bodies(RequestBody):
        if name in schemas:
            schemas[name]["additionalProperties"] = False
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    closed = set(_closed(app))
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in _METHODS:
                _complete(operation, closed=(path, method) in closed)
                if "requestBody" in operation:
                    _may_be_left_out(operation["requestBody"], schemas)
    return document


def _exact_bodies(parent: type[RequestBody]) -> Iterator[str]:
    """The bodies that reject unknown fields, which Litestar does not document."""
    for child in parent.__subclasses__():
        yield child.__name__
        yield from _exact_bodies(child)


def _closed(app: Litestar) -> Iterator[tuple[str, str]]:
    """The operations that need an account; see `accounts.guards`."""
    for route in app.routes:
        if isinstance(route, HTTPRoute) and route.path.startswith("/api/"):
            for handler in route.route_handlers:
                if not handler.opt.get("public"):
                    yield from (
                        (route.path_format, method.lower())
                        for method in handler.http_methods
                    )


def _complete(operation: dict[str, Any], *, closed: bool) -> None:
    if " " not in operation["summary"]:
        operation["summary"] = _in_words(operation["operationId"])
    operation["security"] = [{"session": []}, {"token": []}] if closed else []
    answers = operation["responses"]
    if "204" in answers:
        answers["204"].pop("content", None)
    for status in _refusals(operation, closed=closed):
        if status == "400" or status not in answers:
            answers[status] = _refusal(_TEXTS[status])


def _may_be_left_out(body: dict[str, Any], schemas: dict[str, Any]) -> None:
    """A body with a default, which Litestar documents as required."""
    reference = body["content"]["application/json"]["schema"]["$ref"]
    if schemas[reference.rpartition("/")[2]].pop("default", None) is not None:
        body["required"] = False


def _in_words(name: str) -> str:
    """`listInvitations` as a title."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return text[:1].upper() + text[1:]


def _refusals(operation: dict[str, Any], *, closed: bool) -> Iterator[str]:
    parameters = operation.get("parameters", [])
    has_body = "requestBody" in operation
    if parameters or has_body:
        yield "400"
    if closed:
        yield from ("401", "403")
    if any(parameter["in"] == "path" for parameter in parameters):
        yield "404"
    if has_body:
        yield from ("413", "415")
    yield "default"


def _refusal(text: str) -> dict[str, Any]:
    schema = {"$ref": _TEMPLATE.format(name=ErrorBody.__name__)}
    return {"description": text, "content": {"application/json": {"schema": schema}}}

"""Jellyfin's own OpenAPI documents as JSON Schema, to hold answers against."""

import json
import re
from functools import cache
from typing import cast

import jsonschema_rs
from tests.contract.shared import beside

from media_server_simulators.jellyfin import Version
from media_server_simulators.wire import Json, JsonObject

type Told = dict[str, "Told"]


class Document:
    """The operations that a version of Jellyfin describes."""

    def __init__(self, version: Version) -> None:
        name = f"jellyfin-{version.value.rpartition('.')[0]}.json"
        whole: JsonObject = json.loads(beside(f"openapi/{name}").read_text())
        result = cast(Told, cast(object, nullable_as_type(whole)))
        self._paths, self._components = result["paths"], result["components"]
        self._templates = sorted(self._paths, key=lambda path: path.count("{"))

    def complaints(self, method: str, path: str, status: int, body: bytes) -> list[str]:
        """What violates the document in this response."""
        template = self._template(method, path)
        if template is None:
            return [f"{method} {path} is not described"]
        name = f"{method} {template} {status}"
        responses = self._paths[template][method.lower()]["responses"]
        if str(status) not in responses:
            return [f"{name} is not described"]
        content = responses[str(status)].get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema is None or not body:
            return []
        result: Json = json.loads(body)
        validator = self._validator(json.dumps(schema))
        errors = validator.iter_errors(result)
        return [f"{name}: {each.message[:200]}" for each in errors]

    def _template(self, method: str, path: str) -> str | None:
        for template in self._templates:
            pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template))
            if method.lower() in self._paths[template] and re.fullmatch(pattern, path):
                return template
        return None

    @cache  # noqa: B019  # a document lives as long as the run
    def _validator(self, schema: str) -> jsonschema_rs.Validator:
        whole = {"allOf": [json.loads(schema)], "components": self._components}
        return jsonschema_rs.validator_for(whole)


@cache
def document(version: Version) -> Document:
    return Document(version)


def nullable_as_type(value: Json) -> Json:
    """OpenAPI 3.0 has `nullable` where JSON Schema has an additional type."""
    if isinstance(value, list):
        return [nullable_as_type(each) for each in value]
    if not isinstance(value, dict):
        return value
    read: JsonObject = {key: nullable_as_type(each) for key, each in value.items()}
    if read.pop("nullable", None) is not True:
        return read
    return {"anyOf": [read, {"type": "null"}]}

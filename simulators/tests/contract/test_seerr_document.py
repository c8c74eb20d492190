"""The routes of the simulated Seerr are those of Seerr's own OpenAPI document."""

import re
from typing import Any

import pytest
import yaml
from tests.contract.shared import beside

from media_server_simulators.seerr import Profile
from media_server_simulators.seerr.routing import Route
from media_server_simulators.seerr.simulator import routes

# A real server has them, and its document does not.
UNDESCRIBED: set[str] = set()


@pytest.fixture(scope="module")
def paths() -> dict[str, Any]:
    text = beside("openapi/seerr.yml").read_text("utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)["paths"]


def plain(template: str) -> str:
    return re.sub(r"\{\w+\}", "{}", template)


def described(paths: dict[str, Any], route: Route) -> dict[str, Any] | None:
    for template, methods in paths.items():
        same = plain(template) == plain(route.template)
        if same and route.method.lower() in methods:
            return methods[route.method.lower()]
    return None


def test_every_route_is_in_the_document(paths: dict[str, Any]) -> None:
    unknown = {
        f"{route.method} {route.template}"
        for route in routes(Profile.SEERR)
        if described(paths, route) is None
    }
    assert unknown == UNDESCRIBED


def test_queries_allow_what_the_document_allows(paths: dict[str, Any]) -> None:
    for route in routes(Profile.SEERR):
        operation = described(paths, route) or {}
        known = {
            each["name"]: each["schema"]
            for each in operation.get("parameters", [])
            if each["in"] == "query"
        }
        for name, rule in route.query.items():
            here = f"{route.method} {route.template} {name}"
            assert name in known, here
            assert rule.type == known[name]["type"] or rule.allowed, here
            values = known[name].get("enum", [])
            assert rule.allowed == tuple(values) or not values, here

"""Loaded by schemathesis: lets generated requests reach things that are there.

`THINGS` in the environment holds the ids of the workspace's things by the part of an
address they stand behind, its libraries, the address and key of its server, the code of
its invitation, and a guest's token. Only what has the right form is replaced, so that
what is wrong on purpose stays wrong.
"""

import json
import os
from typing import Any, cast
from uuid import UUID

import schemathesis

THINGS: dict[str, Any] = json.loads(os.environ["THINGS"])
NOWHERE = "http://127.0.0.1:9"
"""Nothing listens there: no other machine is called, whatever is generated."""
UNKNOWN = "00000000-0000-4000-8000-000000000000"
LONGEST_URL = 500

hook: Any = vars(schemathesis)["hook"]


@hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Whatever phase a request comes from."""
    given: dict[str, Any] = case.path_parameters or {}
    if "id" in given:
        whole = case.path.partition("/{id}")[0]
        place, last = "/".join(whole.split("/")[-2:]), whole.rpartition("/")[2]
        real = THINGS["ids"].get(place) or THINGS["ids"].get(last, UNKNOWN)
        given["id"] = _id(given["id"], real, case.method.upper())
        if case.path.startswith("/api/v1/join/redemptions/"):
            case.headers["Authorization"] = f"Bearer {THINGS['token']}"
    if "pin_id" in given:
        place = "/".join(case.path.partition("/{pin_id}")[0].split("/")[-2:])
        given["pin_id"] = _id(given["pin_id"], THINGS["ids"][place], "GET")
    asked: dict[str, Any] = case.query or {}
    if "pin_id" in asked:
        asked["pin_id"] = _id(asked["pin_id"], THINGS["ids"]["plex/pin"], "GET")
    if case.path.endswith("/seerr") and case.method.upper() == "DELETE":
        _keep(case, asked)
    if isinstance(given.get("code"), str) and len(given["code"]) % 2:
        given["code"] = THINGS["code"]
    if isinstance(case.body, dict):
        of = THINGS["seerr"] if "/seerr" in case.path else THINGS
        _change(cast("dict[str, Any]", case.body), of)


def _keep(case: Any, asked: dict[str, Any]) -> None:
    """The connection is not deleted."""
    if str(asked.get("dry_run", False)).lower() == "false":
        case.query = {**asked, "dry_run": "true"}


def _id(given: object, real: str, method: str) -> object:
    """Every second id is of something that is there; but that is not deleted."""
    if method == "DELETE":
        return UNKNOWN if given == real else given
    return real if _is_id(given) and int(str(given)[-1], 16) % 2 == 0 else given


def _change(body: dict[str, Any], of: dict[str, Any]) -> None:
    """`of` has the address and key of what is asked about."""
    for name, real in (
        ("server_ids", [THINGS["ids"]["servers"]]),
        ("library_ids", THINGS["libraries"]),
        ("title_ids", [THINGS["ids"]["titles"]]),
    ):
        if _are_ids(body.get(name)):
            body[name] = real
    if _is_id(body.get("identity_id")):
        body["identity_id"] = THINGS["ids"]["identities"]
    _protect(body)
    if "server_ids" in body and isinstance(body.get("all_libraries", True), bool):
        body["all_libraries"] = not body.get("library_ids")
    url, key = body.get("url"), body.get("api_key")
    if isinstance(url, str) and 0 < len(url) <= LONGEST_URL:
        body["url"] = of["url"] if len(url) % 2 else NOWHERE
        if isinstance(key, str) and len(key) % 2 and key.isascii() and key.isalnum():
            body["api_key"] = of["key"]


def _protect(body: dict[str, Any]) -> None:
    scope = body.get("scope")
    if isinstance(scope, dict) and _is_id(
        cast("dict[str, Any]", scope).get("title_id")
    ):
        body["scope"] = {"title_id": THINGS["ids"]["titles"]}


def _are_ids(given: object) -> bool:
    if not isinstance(given, list) or not given:
        return False
    return all(map(_is_id, cast("list[object]", given)))


def _is_id(given: object) -> bool:
    try:
        return isinstance(given, str) and str(UUID(given)) == given
    except ValueError:
        return False

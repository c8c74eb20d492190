"""Every request of our client is one that Jellyfin's own documents describe."""

import json
import re
from functools import cache
from pathlib import Path
from typing import cast

import jsonschema_rs
import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator, Version
from media_server_simulators.server import serve
from media_server_simulators.wire import Request
from tests.media.servers import connection

from zondarr.media.clients.jellyfin.client import JellyfinClient
from zondarr.media.connections import ClientOptions, HostStates
from zondarr.media.types import Permissions

DOCUMENTS = Path(__file__).parents[3].parent / "shared" / "openapi"
QUICK = ClientOptions(retry_pause=0.001, delete_pause=0, settle_pause=0)

type Json = dict[str, Json]

EVERY_OPERATION = {
    "DELETE /Users/{userId}",
    "GET /Library/VirtualFolders",
    "GET /System/Info/Public",
    "GET /Users",
    "GET /Users/{userId}",
    "POST /Sessions/Logout",
    "POST /Users/AuthenticateByName",
    "POST /Users/New",
    "POST /Users/Password",
    "POST /Users/{userId}/Policy",
}


@cache
def document(version: Version) -> Json:
    path = DOCUMENTS / f"jellyfin-{version.value.rpartition('.')[0]}.json"
    if not path.exists():
        pytest.skip(f"Jellyfin's own documents are not beside the project: {path.name}")
    whole: Json = json.loads(path.read_text())
    return whole


def operation_of(paths: Json, request: Request) -> tuple[str, Json]:
    """The described operation that this request is; the plainest path wins."""
    for path in sorted(paths, key=lambda path: path.count("{")):
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        described = paths[path].get(request.method.lower())
        if described is not None and re.fullmatch(pattern, request.path):
            return f"{request.method} {path}", described
    raise AssertionError(f"no document describes {request.method} {request.path}")


def body_schema(whole: Json, operation: Json) -> Json:
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    return cast(Json, {"allOf": [body], "components": whole["components"]})


def parameters_of(operation: Json) -> set[str]:
    described = cast(list[dict[str, str]], operation.get("parameters", []))
    return {each["name"] for each in described}


@pytest.mark.parametrize("version", Version)
async def test_every_request_is_described(version: Version) -> None:
    whole = document(version)
    simulator = JellyfinSimulator(version=version)
    async with serve(simulator) as url:
        client = JellyfinClient(connection(url, simulator.api_key), HostStates(QUICK))
        async with client:
            await use_everything(simulator, client)
    seen: set[str] = set()
    for entry in simulator.journal.entries:
        name, operation = operation_of(whole["paths"], entry.request)
        seen.add(name)
        assert {key for key, _ in entry.request.query} <= parameters_of(operation)
        if entry.request.body:
            sent = json.loads(entry.request.body)
            jsonschema_rs.validate(body_schema(whole, operation), sent)
    assert seen == EVERY_OPERATION


async def use_everything(simulator: JellyfinSimulator, client: JellyfinClient) -> None:
    info, libraries = await client.server_info(), await client.get_libraries()
    assert info.id == simulator.state.server_id
    simulator.faults.add(Fault("/Users/New", FaultKind.LOST_RESPONSE))
    made = await client.create_user(
        "guest", "Guest-Passw0rd", library_ids=[each.external_id for each in libraries]
    )
    assert await client.set_user_enabled(made.id, enabled=False)
    assert await client.set_user_enabled(made.id, enabled=True)
    assert await client.set_library_access(made.id, [])
    assert await client.update_permissions(made.id, Permissions(max_sessions=1))
    assert await client.set_password(made.id, "Other-Passw0rd")
    assert await client.list_users()
    assert await client.delete_user(made.id)

"""The request's database session: whose it is, and when it is committed."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import httpx2
import pytest
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy import func, select
from tests.api.conftest import build, client_of

from zondarr.accounts.models import Workspace
from zondarr.api.edge import Edge
from zondarr.container import Container
from zondarr.core.actor import Actor
from zondarr.core.database import Database, Session
from zondarr.core.exceptions import ConflictError
from zondarr.core.repository import PageRequest
from zondarr.users.models import Identity


@post("/api/people/{name:str}")
async def add(name: FromPath[str], session: NamedDependency[Session]) -> dict[str, str]:
    session.add(Identity(display_name=name))
    await session.flush()
    if name == "refused":
        raise ConflictError("No.")
    return {"name": name}


@get("/api/people")
async def count(
    session: NamedDependency[Session],
    actor: NamedDependency[Actor],
    page: NamedDependency[PageRequest],
) -> dict[str, Any]:
    found = await session.scalar(select(func.count()).select_from(Identity))
    own = str(actor.workspace_id) == str(session.workspace_id)
    return {"count": found, "own": own, "limit": page.limit}


@pytest.fixture
def app(container: Container) -> Edge:
    return build(container, [add, count])


@pytest.fixture
async def client(app: Edge) -> AsyncGenerator[httpx2.AsyncClient]:
    async with client_of(app) as client:
        yield client


@pytest.fixture
async def owner(client: httpx2.AsyncClient, container: Container) -> UUID:
    """The client is signed in from here on; the id of its workspace."""
    body = {
        "setup_token": await container.set_up.ensure_token(),
        "email": "owner@example.org",
        "password": "correct horse battery",
    }
    answer = await client.post("/api/v1/setup", json=body)
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return UUID(answer.json()["workspace"]["id"])


async def stored(database: Database, workspace_id: UUID) -> list[str]:
    async with database.scoped(workspace_id, reading=True) as session:
        return list(await session.scalars(select(Identity.display_name)))


async def test_what_was_written_is_there_when_the_answer_is(
    app: Edge, client: httpx2.AsyncClient, owner: UUID, container: Container
) -> None:
    seen: list[list[str]] = []

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        async def look_and_send(message: Any) -> None:
            if message["type"] == "http.response.start":
                seen.append(await stored(container.database, owner))
            await send(message)

        await app(scope, receive, look_and_send)

    async with client_of(watched) as watching:
        watching.cookies = client.cookies
        watching.headers = client.headers
        answer = await watching.post("/api/people/Ada")
    assert answer.status_code == 201
    assert seen == [["Ada"]]


async def test_nothing_is_kept_of_a_request_that_failed(
    client: httpx2.AsyncClient, owner: UUID, container: Container
) -> None:
    assert (await client.post("/api/people/refused")).status_code == 409
    assert await stored(container.database, owner) == []
    assert (await client.post("/api/people/Ada")).status_code == 201


async def test_the_session_is_the_workspace_of_whoever_signed_in(
    client: httpx2.AsyncClient, owner: UUID, container: Container
) -> None:
    async with container.database.unscoped("set-up") as session:
        other = Workspace(name="Next door")
        session.add(other)
    async with container.database.scoped(other.id) as session:
        session.add(Identity(display_name="Neighbour"))
    await client.post("/api/people/Ada")
    answer = await client.get("/api/people?limit=7")
    assert answer.json() == {"count": 1, "own": True, "limit": 7}


async def test_the_limit_of_a_page_has_a_limit(
    client: httpx2.AsyncClient, owner: UUID
) -> None:
    answer = await client.get("/api/people?limit=201")
    assert answer.status_code == 400
    assert [field["field"] for field in answer.json()["fields"]] == ["limit"]


async def test_without_signing_in_there_is_no_session(
    client: httpx2.AsyncClient,
) -> None:
    answer = await client.get("/api/people")
    assert (answer.status_code, answer.json()["error_code"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"

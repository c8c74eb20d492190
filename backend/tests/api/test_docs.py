"""The documentation: a valid contract, and pages that need nobody else."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.api.conftest import build, client_of

from zondarr.api.docs.pages import ASSETS
from zondarr.config import Settings
from zondarr.container import Container


@pytest.fixture
async def client(tmp_path: Path) -> AsyncGenerator[httpx2.AsyncClient]:
    """The application without a database: nothing here asks one."""
    url = f"sqlite+aiosqlite:///{tmp_path}/none.db"
    settings = Settings(secret_key="k" * 32, data_dir=tmp_path, database_url=url)
    async with client_of(build(Container.build(settings))) as client:
        yield client


async def document(client: httpx2.AsyncClient) -> dict[str, Any]:
    return (await client.get("/docs/openapi.json")).json()


async def test_the_contract_is_openapi_3_1(client: httpx2.AsyncClient) -> None:
    found = await document(client)
    assert found["openapi"].startswith("3.1")
    assert set(found["components"]["securitySchemes"]) == {"session", "token"}


async def test_every_operation_says_how_it_fails(client: httpx2.AsyncClient) -> None:
    found = await document(client)
    for path, item in found["paths"].items():
        for method, operation in item.items():
            answers = operation["responses"]
            schema = answers["default"]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ErrorBody"}, (path, method)
            assert "422" not in answers
            if "requestBody" in operation:
                assert {"400", "413", "415"} <= set(answers), (path, method)
            if operation["security"]:
                assert {"401", "403"} <= set(answers), (path, method)


async def test_what_is_open_to_everybody_is_listed_here(
    client: httpx2.AsyncClient,
) -> None:
    found = await document(client)
    public = {
        f"{method} {path}"
        for path, item in found["paths"].items()
        for method, operation in item.items()
        if not operation["security"]
    }
    assert public == {
        "get /health",
        "get /health/live",
        "get /health/ready",
        "get /metrics",
        "get /api/v1/setup",
        "post /api/v1/setup",
        "post /api/v1/session",
        "get /api/v1/join/{code}",
        "post /api/v1/join/{code}",
        "get /api/v1/join/redemptions/{id}",
        "post /api/v1/join/plex/oauth/pin",
        "get /api/v1/join/plex/oauth/pin/{pin_id}",
    }


async def test_bodies_say_that_they_take_no_other_fields(
    client: httpx2.AsyncClient,
) -> None:
    found = await document(client)
    bodies = [
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        for item in found["paths"].values()
        for operation in item.values()
        if "requestBody" in operation
    ]
    assert bodies
    for reference in bodies:
        schema = found["components"]["schemas"][reference.rpartition("/")[2]]
        assert schema["additionalProperties"] is False, reference


async def test_a_body_that_may_be_left_out_says_so(
    client: httpx2.AsyncClient,
) -> None:
    found = await document(client)
    optional = {
        operation["operationId"]
        for item in found["paths"].values()
        for operation in item.values()
        if not operation.get("requestBody", {"required": True})["required"]
    }
    assert optional == {"beginPlexSignIn", "beginGuestPlexSignIn", "testSeerr"}


async def test_operations_have_names_of_their_own(client: httpx2.AsyncClient) -> None:
    found = await document(client)
    names = [
        operation["operationId"]
        for item in found["paths"].values()
        for operation in item.values()
    ]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("page", ["/docs", "/docs/swagger", "/docs/scalar"])
async def test_a_page_takes_everything_from_us(
    client: httpx2.AsyncClient, page: str
) -> None:
    answer = await client.get(page)
    assert answer.status_code == 200
    assert "text/html" in answer.headers["Content-Type"]
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "http" not in policy
    for address in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
        assert address.startswith("/docs/")
        assert (await client.get(address)).status_code == 200


@pytest.mark.parametrize(
    "name", ["nothing.js", ".gitignore", "__init__.py", "a%2fb.js"]
)
async def test_only_scripts_and_styles_are_handed_out(
    client: httpx2.AsyncClient, name: str
) -> None:
    assert (await client.get(f"/docs/assets/{name}")).status_code == 404


def test_what_the_pages_run_is_packaged() -> None:
    for name in ("docs.css", "start-swagger.js", "start-scalar.js"):
        assert (ASSETS / name).is_file()

"""One shape for all that goes wrong, and nothing of the inside in it."""

import json
from collections.abc import AsyncGenerator, Callable
from typing import Annotated, Any
from uuid import UUID, uuid4

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta
from sqlalchemy.exc import OperationalError
from tests.api.conftest import build, client_of

from zondarr.api.edge import Edge
from zondarr.api.errors import INTERNAL
from zondarr.config import Settings
from zondarr.container import Container
from zondarr.core.exceptions import (
    ConflictError,
    GoneError,
    InvalidError,
    NotFoundError,
    RepositoryError,
    TooManyRequestsError,
    ZondarrError,
)
from zondarr.core.schemas import RequestBody
from zondarr.media.exceptions import ErrorKind, MediaClientError

type Logs = Callable[[], list[dict[str, Any]]]

ORDER = UUID(int=7)
to_raise: list[Exception] = []


class Order(RequestBody, kw_only=True):
    name: Annotated[str, Meta(min_length=3)]
    count: Annotated[int, Meta(ge=1)] = 1
    tags: list[str] = []


@get("/api/raise", opt={"public": True})
async def raising() -> None:
    raise to_raise.pop()


@post("/api/orders", opt={"public": True})
async def ordering(data: JSONBody[Order]) -> dict[str, Any]:
    return {"name": data.name, "count": data.count}


@get("/api/orders/{id:uuid}", opt={"public": True})
async def order(id: FromPath[UUID], limit: FromQuery[int] = 1) -> dict[str, int]:
    return {"limit": limit}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Edge:
    folder = tmp_path_factory.mktemp("errors")
    url = f"sqlite+aiosqlite:///{folder}/x.db"
    container = Container.build(
        Settings(secret_key="k" * 32, data_dir=folder, database_url=url)
    )
    return build(container, [raising, ordering, order])


@pytest.fixture
async def client(app: Edge) -> AsyncGenerator[httpx2.AsyncClient]:
    async with client_of(app) as client:
        yield client


async def raise_in_route(app: Edge, error: Exception) -> httpx2.Response:
    to_raise.append(error)
    async with client_of(app) as client:
        return await client.get("/api/raise")


SECRETS = st.sampled_from(
    (
        "/srv/zondarr/data/zondarr.db",
        "sk-4f2d9a1b7c3e",
        "SELECT api_key FROM media_servers WHERE id = 7",
        "postgresql://zondarr:hunter2@db/zondarr",
        'File "/app/zondarr/core/database/engine.py", line 12',
    )
)


def _of_litestar(text: str) -> Exception:
    return HTTPException(status_code=500, detail=text)


def _of_the_database(text: str) -> Exception:
    return OperationalError(text, {"secret": text}, Exception(text))


def _group(text: str) -> Exception:
    return ExceptionGroup(text, [ValueError(text), KeyError(text)])


MAKERS: tuple[Callable[[str], Exception], ...] = (
    RuntimeError,
    ValueError,
    KeyError,
    OSError,
    TimeoutError,
    RepositoryError,
    ZondarrError,
    AssertionError,
    RecursionError,
    _of_litestar,
    _of_the_database,
    _group,
)


@given(kind=st.sampled_from(MAKERS), secret=SECRETS, noise=st.text(max_size=40))
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_whatever_is_raised_the_answer_is_safe_and_the_log_has_its_reference(
    app: Edge, logs: Logs, kind: Callable[[str], Exception], secret: str, noise: str
) -> None:
    before = len(logs())
    answer = await raise_in_route(app, kind(f"{noise}{secret}{noise}"))
    assert answer.status_code == 500
    body = answer.json()
    assert body.keys() == {"detail", "error_code", "timestamp", "correlation_id"}
    assert (body["detail"], body["error_code"]) == (INTERNAL, "internal_error")
    assert secret not in answer.text
    assert answer.headers["X-Correlation-ID"] == body["correlation_id"]
    lines = logs()[before:]
    failures = [line for line in lines if line["event"] == "the request failed"]
    assert [line["correlation_id"] for line in failures] == [body["correlation_id"]]
    assert failures[0]["level"] == "error"
    assert "raising" in failures[0]["exception"]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NotFoundError("Invitation", "ABC"), 404, "not_found"),
        (ConflictError("There already."), 409, "conflict"),
        (GoneError("Over."), 410, "gone"),
        (TooManyRequestsError(2.1), 429, "too_many_requests"),
        (InvalidError("No.", name="is odd"), 400, "validation_error"),
        (HTTPException(status_code=403), 403, "forbidden"),
    ],
)
async def test_an_error_of_ours_says_its_status_code_and_sentence(
    app: Edge, error: Exception, status: int, code: str
) -> None:
    answer = await raise_in_route(app, error)
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)
    if isinstance(error, ZondarrError):
        assert answer.json()["detail"] == str(error)
    assert answer.headers.get("Retry-After") == ("3" if status == 429 else None)


async def test_a_thing_that_is_not_there_is_named_by_type_and_identifier(
    app: Edge,
) -> None:
    identifier = uuid4()
    answer = await raise_in_route(app, NotFoundError("MediaServer", identifier))
    assert "MediaServer" in answer.json()["detail"]
    assert str(identifier) in answer.json()["detail"]


@pytest.mark.parametrize("kind", list(ErrorKind))
async def test_a_failing_media_server_is_told_by_kind_and_never_by_address(
    app: Edge, kind: ErrorKind
) -> None:
    error = MediaClientError(
        "server_info", "http://10.0.0.5:8096/secret", kind, retry_after=7
    )
    answer = await raise_in_route(app, error)
    expected = {
        **dict.fromkeys(("unauthorized", "not_this_type", "invalid"), 400),
        **dict.fromkeys(("taken", "refused"), 409),
        **dict.fromkeys(("unreachable", "starting", "busy"), 504),
        "gone": 404,
        **dict.fromkeys(("failed", "replaced"), 502),
    }
    assert answer.status_code == expected[kind.value]
    assert "10.0.0.5" not in answer.text
    assert answer.headers["Retry-After"] == "7"


async def test_a_wrong_key_is_told_as_a_wrong_field(app: Edge) -> None:
    error = MediaClientError("server_info", "http://x", ErrorKind.UNAUTHORIZED)
    [field] = (await raise_in_route(app, error)).json()["fields"]
    assert (field["field"], field["code"]) == ("api_key", "unauthorized")


async def test_every_wrong_field_of_a_body_is_named(
    client: httpx2.AsyncClient,
) -> None:
    answer = await client.post(
        "/api/orders", json={"name": "x", "count": "2", "tags": [1], "colour": "red"}
    )
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "validation_error"
    found = {field["field"]: field["code"] for field in answer.json()["fields"]}
    assert found == {
        "name": "too_short",
        "count": "wrong_type",
        "tags.0": "wrong_type",
        "colour": "unknown_field",
    }


async def test_a_body_that_fits_is_taken(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/api/orders", json={"name": "abc", "count": 2})
    assert (answer.status_code, answer.json()) == (201, {"name": "abc", "count": 2})


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"[" * 200_000, "application/json", 400),
        (b'"\xff"', "application/json", 400),
        (b'{"name": "a\\u0000bc"}', "application/json", 400),
        (b'{"name": "a\\\\u0000bc"}', "application/json", 201),
        (b"name=abc", "application/x-www-form-urlencoded", 415),
        (b'{"name": "abc"}', "text/plain", 415),
        (b'{"name": "abc"}', "application/json; charset=utf-8", 201),
        (b" " * 1_100_000, "application/json", 413),
    ],
)
async def test_bodies_of_all_kinds_are_answered_in_the_one_shape(
    client: httpx2.AsyncClient, body: bytes, kind: str, status: int
) -> None:
    answer = await client.post(
        "/api/orders", content=body, headers={"Content-Type": kind}
    )
    assert answer.status_code == status
    if status != 201:
        assert answer.json()["correlation_id"] == answer.headers["X-Correlation-ID"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("GET", "/api", 404),
        ("GET", "/api/orders/not-a-uuid", 404),
        ("DELETE", "/api/orders", 405),
        ("HEAD", "/api/raise", 405),
        ("FROB", "/api/orders", 405),
        ("GET", f"/api/orders/{ORDER}?limit=many", 400),
        ("GET", f"/api/orders/{ORDER}?limit=%00", 400),
        ("GET", "/api/nothing%00", 400),
    ],
)
async def test_the_router_refuses_in_the_one_shape(
    client: httpx2.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == status
    body = json.loads(answer.content or b"{}")
    if method != "HEAD":
        assert body["correlation_id"] == answer.headers["X-Correlation-ID"]
    assert ("Allow" in answer.headers) == (status == 405)


async def test_a_wrong_query_parameter_is_named(client: httpx2.AsyncClient) -> None:
    answer = await client.get(f"/api/orders/{uuid4()}?limit=many")
    assert [field["field"] for field in answer.json()["fields"]] == ["limit"]


async def test_a_refusal_is_logged_with_its_reference(
    client: httpx2.AsyncClient, logs: Logs
) -> None:
    answer = await client.get(
        "/api/nothing?token=abc", headers={"X-Correlation-ID": "r-1"}
    )
    [line] = [line for line in logs() if line["event"] == "request"]
    assert (line["correlation_id"], line["error_code"]) == ("r-1", "not_found")
    assert answer.headers["X-Correlation-ID"] == "r-1"
    assert "abc" not in json.dumps(line)

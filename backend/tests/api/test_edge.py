"""Before routing and after answering: references, headers, proxies, log lines."""

import re
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Request, get
from tests.api.conftest import build, client_of

from zondarr.api import edge
from zondarr.api.correlation import correlation_id
from zondarr.api.proxies import client_address, client_scheme
from zondarr.config import Settings
from zondarr.container import Container

type Networks = tuple[IPv4Network | IPv6Network, ...]
PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@get("/api/mirror/{word:str}", opt={"public": True})
async def mirror(request: Request[Any, Any, Any]) -> dict[str, Any]:
    client = request.client
    return {"client": client.host if client else None, "scheme": request.url.scheme}


def container_in(folder: Path, proxies: Networks = ()) -> Container:
    url = f"sqlite+aiosqlite:///{folder}/x.db"
    settings = Settings(
        secret_key="k" * 32, data_dir=folder, database_url=url, trusted_proxies=proxies
    )
    return Container.build(settings)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncGenerator[httpx2.AsyncClient]:
    async with client_of(build(container_in(tmp_path), [mirror])) as client:
        yield client


@given(given_id=st.binary(max_size=100))
def test_a_reference_is_kept_if_it_fits_and_replaced_if_not(given_id: bytes) -> None:
    chosen = correlation_id(given_id)
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", chosen)
    if re.fullmatch(rb"[A-Za-z0-9._-]{1,64}", given_id):
        assert chosen == given_id.decode()
    else:
        assert chosen != given_id.decode("latin-1")


@pytest.mark.parametrize(
    "path", ["/api/mirror/x", "/api/nothing", "/", "/docs", "/health/live"]
)
async def test_every_answer_has_a_reference_and_the_guarding_headers(
    client: httpx2.AsyncClient, path: str
) -> None:
    answer = await client.get(path, headers={"X-Correlation-ID": "mine.1_-"})
    assert answer.headers["X-Correlation-ID"] == "mine.1_-"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "Permissions-Policy" in answer.headers
    assert "Strict-Transport-Security" not in answer.headers


async def test_what_the_api_says_is_not_stored(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/api/mirror/x")).headers["Cache-Control"] == "no-store"
    assert (await client.get("/api/none")).headers["Cache-Control"] == "no-store"


async def test_a_proxy_that_is_trusted_speaks_for_the_client(tmp_path: Path) -> None:
    app = build(container_in(tmp_path, PROXIES), [mirror])
    forwarded = {
        "X-Forwarded-For": "6.6.6.6, 198.51.100.7",
        "X-Forwarded-Proto": "https",
    }
    async with client_of(app, peer="10.1.2.3") as client:
        answer = await client.get("/api/mirror/x", headers=forwarded)
    assert answer.json() == {"client": "198.51.100.7", "scheme": "https"}
    assert "max-age" in answer.headers["Strict-Transport-Security"]


async def test_a_stranger_cannot_speak_for_another(tmp_path: Path) -> None:
    app = build(container_in(tmp_path, PROXIES), [mirror])
    forwarded = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}
    async with client_of(app, peer="203.0.113.9") as client:
        answer = await client.get("/api/mirror/x", headers=forwarded)
    assert answer.json() == {"client": "203.0.113.9", "scheme": "http"}


ADDRESS = st.one_of(
    st.ip_addresses().map(str), st.sampled_from(("10.0.0.1", "10.9.9.9", "fd00::1"))
)


@given(peer=ADDRESS, hops=st.lists(ADDRESS, max_size=5))
def test_the_client_is_the_last_hop_that_no_proxy_of_ours_is(
    peer: str, hops: list[str]
) -> None:
    found = client_address(peer, [", ".join(hops)] if hops else [], PROXIES)
    strangers = [
        address
        for address in (*hops, peer)
        if not any(ip_address(address) in network for network in PROXIES)
    ]
    expected = ip_address((strangers[-1:] or [*hops, peer])[0])
    assert ip_address(found) in {expected, getattr(expected, "ipv4_mapped", None)}


def test_what_is_no_address_ends_the_list() -> None:
    assert client_address("10.0.0.1", ["unknown"], PROXIES) == "10.0.0.1"
    assert client_address("10.0.0.1", ["1.2.3.4:80"], PROXIES) == "1.2.3.4"
    assert client_address("10.0.0.1", ["[2001:db8::1]:80"], PROXIES) == "2001:db8::1"


def test_only_http_and_https_are_schemes() -> None:
    assert client_scheme("http", "https", trusted=True) == "https"
    assert client_scheme("http", "http, https", trusted=True) == "https"
    assert client_scheme("http", "gopher", trusted=True) == "http"
    assert client_scheme("http", "https", trusted=False) == "http"


async def test_a_request_is_one_line_with_the_route_and_without_the_query(
    client: httpx2.AsyncClient, logs: Callable[[], list[dict[str, Any]]]
) -> None:
    await client.get("/api/mirror/secret-word?api_key=sk-1")
    [line] = [line for line in logs() if line["event"] == "request"]
    assert line["route"] == "/api/mirror/{word}"
    assert (line["method"], line["status"], line["level"]) == ("GET", 200, "debug")
    assert line["ms"] >= 0
    text = msgspec.json.encode(line).decode()
    assert "secret-word" not in text
    assert "sk-1" not in text


async def test_a_request_that_failed_or_was_slow_is_worth_a_line(
    client: httpx2.AsyncClient,
    logs: Callable[[], list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await client.get("/api/nothing")
    monkeypatch.setattr(edge, "SLOW", timedelta(0))
    await client.get("/health/live")
    await client.get("/api/mirror/x")
    levels = [line["level"] for line in logs() if line["event"] == "request"]
    assert levels == ["info", "debug", "info"]


async def test_the_reference_of_one_request_does_not_leak_into_the_next(
    client: httpx2.AsyncClient, logs: Callable[[], list[dict[str, Any]]]
) -> None:
    await client.get("/api/mirror/x", headers={"X-Correlation-ID": "one"})
    await client.get("/api/mirror/x")
    first, second = (line for line in logs() if line["event"] == "request")
    assert first["correlation_id"] == "one"
    assert second["correlation_id"] != "one"


async def test_metrics_name_routes_not_paths(client: httpx2.AsyncClient) -> None:
    await client.get("/api/mirror/secret-word")
    await client.request("FROB-9", "/api/mirror/x")
    text = (await client.get("/metrics")).text
    labels = 'method="GET",route="/api/mirror/{word}",status="200"'
    assert f"zondarr_http_requests_total{{{labels}}} 1.0" in text
    assert "secret-word" not in text
    assert "FROB" not in text

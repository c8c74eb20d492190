"""The built UI: real files first, pages for the rest, and never a page for a script."""

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx2
import pytest
from tests.api.conftest import client_of

from zondarr.api.edge import Edge
from zondarr.api.metrics import Metrics
from zondarr.api.ui import BuiltUI

PAGE = "<!doctype html><title>Zondarr</title>"
FILES = {
    "index.html": PAGE,
    "index.html.gz": "packed page",
    "theme.js": "let theme",
    "_app/immutable/start.1a2b.js": "start()",
    "_app/immutable/start.1a2b.js.br": "brotli",
    "_app/immutable/start.1a2b.js.gz": "gzip",
    "icon.svg": "<svg/>",
}
START = "/_app/immutable/start.1a2b.js"


async def no_api(_scope: object, _receive: object, _send: object) -> None:
    raise AssertionError("the API was asked")


def serving(folder: Path, base_url: str | None = None) -> httpx2.AsyncClient:
    def never() -> None:
        raise AssertionError

    edge = Edge(no_api, BuiltUI(folder, base_url), running=never, metrics=Metrics())  # pyright: ignore[reportArgumentType]
    return client_of(edge)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncGenerator[httpx2.AsyncClient]:
    for name, text in FILES.items():
        path = tmp_path / "web" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    async with serving(tmp_path / "web") as client:
        client.headers["Accept-Encoding"] = ""
        yield client


@pytest.mark.parametrize(
    "path", ["/", "/join/ABCD-EFGH", "/servers", "/a.b/c", "/apis"]
)
async def test_what_is_no_file_is_a_page(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"


@pytest.mark.parametrize(
    "path",
    [
        "/_app/immutable/gone.js",
        "/favicon.ico",
        "/robots.txt",
        "/servers/x.map",
        "/.env",
    ],
)
async def test_a_missing_file_is_a_404_and_no_page(
    client: httpx2.AsyncClient, path: str
) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.json()["error_code"] == "not_found"


async def test_immutable_files_are_kept_for_a_year(client: httpx2.AsyncClient) -> None:
    answer = await client.get(START)
    assert answer.text == "start()"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "javascript" in answer.headers["Content-Type"]
    assert (await client.get("/theme.js")).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.0", None),
        ("identity", None),
    ],
)
async def test_the_smallest_form_that_is_accepted_is_sent(
    client: httpx2.AsyncClient, accepted: str, encoding: str | None
) -> None:
    head = await client.head(START, headers={"Accept-Encoding": accepted})
    assert head.headers.get("Content-Encoding") == encoding
    assert head.headers["Vary"] == "accept-encoding"
    sizes = {"br": 6, "gzip": 4, None: 7}
    assert int(head.headers["Content-Length"]) == sizes[encoding]


async def test_an_unchanged_file_is_not_sent_again(client: httpx2.AsyncClient) -> None:
    etag = (await client.get("/icon.svg")).headers["ETag"]
    answer = await client.get("/icon.svg", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/../secret", "/%2e%2e/secret", "/_app/..%2f..%2fsecret", "//secret"]
)
async def test_nothing_outside_the_folder_is_read(
    client: httpx2.AsyncClient, tmp_path: Path, path: str
) -> None:
    (tmp_path / "secret").write_text("hunter2")
    assert "hunter2" not in (await client.get(path)).text


async def test_pages_can_only_be_read(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/join/ABC")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert answer.json()["error_code"] == "method_not_allowed"


async def test_without_a_build_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    async with serving(tmp_path / "none") as client:
        answer = await client.get("/")
        assert answer.status_code == 503
        assert "make build" in answer.text
        assert (await client.get("/_app/start.js")).status_code == 404


async def test_with_a_base_url_the_preview_picture_has_a_whole_address(
    tmp_path: Path,
) -> None:
    page = '<meta property="og:image" content="/preview.png" />'
    (tmp_path / "index.html").write_text(page)
    (tmp_path / "index.html.gz").write_text("packed page")
    async with serving(tmp_path, "https://join.example.org") as client:
        answer = await client.get("/join/ABCD-EFGH")
    assert answer.text == page.replace("/preview", "https://join.example.org/preview")

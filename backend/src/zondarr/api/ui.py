"""Serves the built UI from the package.

An existing file is served first. Any other address is a page of the application, which
does its own routing (`/join/CODE`). An address that looks like a file (`/favicon.ico`,
`/robots.txt`) and every missing asset is a 404, so that a page is never sent instead of
a file.
"""

import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import cast

import anyio
from litestar.exceptions import MethodNotAllowedException, NotFoundException

from zondarr.api.asgi import Headers, Receive, Scope, Send

FOLDER = Path(str(files("zondarr") / "web"))
INDEX = "/index.html"
PICTURE = b'content="/preview.png"'
POLICY = b"frame-ancestors 'none'"
"""The page contains the rest of it, in a meta element with its scripts' hashes."""

_ASSETS = "/_app/"
_FOREVER = b"public, max-age=31536000, immutable"
_ASK_FIRST = b"no-cache"
_NEVER = b"no-store"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_REFUSED = re.compile(r"q=0(\.0*)?$")
_NOT_BUILT = b"""\
<!doctype html><html lang="en"><meta charset="utf-8"><title>Zondarr</title>
<h1>The UI is not built</h1>
<p>Zondarr runs, and its API is <a href="/docs">documented here</a>. To have the UI too,
run <code>make build</code> in the checkout and start again.</p></html>
"""


@dataclass(frozen=True, slots=True)
class _Variant:
    """Read from its file each time, unless it was made in memory."""

    path: Path
    headers: tuple[tuple[bytes, bytes], ...]
    made: bytes | None = None

    async def body(self) -> bytes:
        return self.made or await anyio.Path(self.path).read_bytes()


@dataclass(frozen=True, slots=True)
class _File:
    """One file of the UI, plain and precompressed."""

    etag: bytes
    plain: _Variant
    compressed: Mapping[str, _Variant]

    def variant(self, accepted: str) -> _Variant:
        for encoding, _ in _ENCODINGS:
            if encoding in self.compressed and _accepts(accepted, encoding):
                return self.compressed[encoding]
        return self.plain


class BuiltUI:
    """The ASGI application for everything that is not the API."""

    def __init__(self, folder: Path = FOLDER, base_url: str | None = None) -> None:
        self._files = _read(folder) if folder.is_dir() else {}
        if base_url is not None and INDEX in self._files:
            self._files[INDEX] = _with_absolute_picture(self._files[INDEX], base_url)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            raise MethodNotAllowedException(headers={"Allow": "GET, HEAD"})
        scope["path_template"] = "/{page}"
        file = self._find(scope["path"])
        if file is None:
            await _send_not_built(send)
            return
        given = dict(cast("Headers", scope["headers"]))
        if given.get(b"if-none-match") == file.etag:
            await _send(send, HTTPStatus.NOT_MODIFIED, file.plain.headers)
            return
        variant = file.variant(given.get(b"accept-encoding", b"").decode("latin-1"))
        await _send(send, HTTPStatus.OK, variant.headers, await variant.body())

    def _find(self, path: str) -> _File | None:
        found = self._files.get(path)
        if found is None and _names_a_file(path):
            raise NotFoundException
        return found or self._files.get(INDEX)


def _names_a_file(path: str) -> bool:
    """Page addresses have no dot in their last segment; codes and ids contain none."""
    return path.startswith(_ASSETS) or "." in path.rpartition("/")[2]


def _read(folder: Path) -> dict[str, _File]:
    suffixes = tuple(suffix for _, suffix in _ENCODINGS)
    return {
        f"/{path.relative_to(folder).as_posix()}": _file(path, folder)
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(suffixes)
    }


def _file(path: Path, folder: Path) -> _File:
    name = f"/{path.relative_to(folder).as_posix()}"
    etag = f'"{sha256(path.read_bytes()).hexdigest()[:32]}"'.encode()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind.endswith(("json", "javascript")):
        kind += "; charset=utf-8"
    common = (
        (b"content-type", kind.encode()),
        (b"content-security-policy", POLICY),
        (b"cache-control", _caching(name)),
        (b"vary", b"accept-encoding"),
        (b"etag", etag),
    )
    compressed = {
        encoding: _variant(
            path.with_name(path.name + suffix), common, encoding=encoding
        )
        for encoding, suffix in _ENCODINGS
        if path.with_name(path.name + suffix).is_file()
    }
    return _File(etag, _variant(path, common), compressed)


def _variant(
    path: Path, common: tuple[tuple[bytes, bytes], ...], *, encoding: str = ""
) -> _Variant:
    size = (b"content-length", str(path.stat().st_size).encode())
    packed = ((b"content-encoding", encoding.encode()),) if encoding else ()
    return _Variant(path, (*common, *packed, size))


def _with_absolute_picture(page: _File, base_url: str) -> _File:
    """The page whose preview picture has a whole address: most messengers that show a
    link do not resolve a relative one."""
    found = page.plain.path.read_bytes()
    body = found.replace(PICTURE, PICTURE.replace(b"/", base_url.encode() + b"/", 1))
    etag = f'"{sha256(body).hexdigest()[:32]}"'.encode()
    replaced = {b"etag": etag, b"content-length": str(len(body)).encode()}
    headers = tuple(
        (name, replaced.get(name, value)) for name, value in page.plain.headers
    )
    return _File(etag, _Variant(page.plain.path, headers, body), {})


def _caching(name: str) -> bytes:
    if name.startswith("/_app/immutable/"):
        return _FOREVER
    return _NEVER if name.endswith(".html") else _ASK_FIRST


def _accepts(header: str, encoding: str) -> bool:
    for part in header.lower().split(","):
        name, _, weight = (text.strip() for text in part.partition(";"))
        if name == encoding:
            return _REFUSED.match(weight) is None
    return False


async def _send(
    send: Send,
    status: int,
    headers: tuple[tuple[bytes, bytes], ...],
    body: bytes = b"",
) -> None:
    if status == HTTPStatus.NOT_MODIFIED:
        headers = tuple(pair for pair in headers if pair[0] != b"content-length")
    await send(
        {"type": "http.response.start", "status": int(status), "headers": headers}
    )
    await send({"type": "http.response.body", "body": body})


async def _send_not_built(send: Send) -> None:
    length = str(len(_NOT_BUILT)).encode()
    headers = (
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", length),
    )
    await _send(send, HTTPStatus.SERVICE_UNAVAILABLE, headers, _NOT_BUILT)

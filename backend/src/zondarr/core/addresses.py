"""Normalizes addresses of web servers."""

import re
from ipaddress import IPv6Address
from typing import NoReturn
from urllib.parse import SplitResult, urlsplit

_HOST = re.compile(r"(?!-)[\w-]+(\.[\w-]+)*\.?")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PAGE = re.compile(r"/web(/(index\.html)?)?$", re.IGNORECASE)
"""The path of the web client of Jellyfin and of Plex, below the
server's own address.
"""
_TLS_PORTS = frozenset({443, 8443, 8920})
_MAX_PORT = 65535
_MAX_HOST = 253


def base_url(text: str) -> str:
    """The normalized address of a server: scheme, host, port, base path.

    Raises ValueError, with what is wrong, for anything else: another scheme, a user or
    password (they would collide with the key and end up in logs), a query, a fragment.
    """
    text = text.strip()
    if re.search(r"[\s\\\x00-\x1f\x7f]", text):
        _refuse("has a blank or a backslash in it")
    parts = _split(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        _refuse("does not begin with http:// or https:// and a host")
    if "@" in parts.netloc:
        _refuse("has a user or a password in it")
    if parts.query:
        _refuse("has a query: leave out what begins with a question mark")
    if parts.fragment:
        _refuse("has a fragment: leave out what begins with #")
    return f"{parts.scheme}://{_host_and_port(parts)}{parts.path}".rstrip("/")


def root_url(text: str) -> str:
    """A base URL without a path; raises ValueError for anything else."""
    url = base_url(text)
    if urlsplit(url).path:
        _refuse(
            "has a path: only the root of a host can be served, such as"
            + " https://zondarr.example.org"
        )
    return url


def repaired_url(text: str) -> str:
    """The base URL that a person most likely meant by this input.

    A scheme is added, the page of the web client (`/web/index.html#!/home`) removed.
    Raises ValueError if it is not the address of a server.
    """
    text = re.sub(r"[\u200b\u2060\ufeff]", "", text).strip().strip("<>\"'").strip()
    if not _SCHEME.match(text):
        text = _with_scheme(text.removeprefix("//"))
    parts = _split(text)
    page = _PAGE.search(parts.path)
    if page is not None:
        path = parts.path[: page.start()]
        text = parts._replace(path=path, query="", fragment="").geturl()
    return base_url(text)


def _with_scheme(text: str) -> str:
    """`https://` for a public host name or a port that usually has TLS."""
    parts = _split(f"//{text}")
    port = _port(parts)
    is_public_name = bool(re.search(r"\.[^\W\d_]{2,}\.?$", parts.hostname or ""))
    private = (".local", ".lan", ".home", ".internal", ".localdomain", ".arpa")
    is_public_name = is_public_name and not (parts.hostname or "").endswith(private)
    tls = port in _TLS_PORTS or (port is None and is_public_name)
    return f"{'https' if tls else 'http'}://{text}"


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        _refuse("has a host that is none")


def _host_and_port(parts: SplitResult) -> str:
    host, port = (parts.hostname or "").lower(), _port(parts)
    if ":" in host:
        _check_ipv6(host)
        host = f"[{host}]"
    elif len(host) > _MAX_HOST or not _HOST.fullmatch(host):
        _refuse("has a host that is none")
    return host if port is None else f"{host}:{port}"


def _check_ipv6(host: str) -> None:
    try:
        IPv6Address(host)
    except ValueError:
        _refuse("has a host that is none")


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port is not None and not 0 < port <= _MAX_PORT:
        _refuse("has a port that is none: it is a number from 1 to 65535")
    return port


def _refuse(why: str) -> NoReturn:
    raise ValueError(why) from None

"""Outgoing HTTP: which addresses may be called, and how much is read."""

import asyncio
import datetime
import gzip
import socket
import ssl
from collections.abc import AsyncGenerator
from ipaddress import IPv4Address
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from zondarr.core.http import (
    AnswerTooLargeError,
    ForbiddenAddressError,
    is_public,
    outgoing_client,
    read_bounded,
)

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 — one of the addresses that are refused
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]


@pytest.fixture
async def url() -> AsyncGenerator[str]:
    """A server on loopback that responds with hello, and to `/pack` with a
    million compressed zeros.
    """

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        packed = b"/pack" in head
        body = gzip.compress(bytes(1_000_000)) if packed else b"hello"
        encoding = b"Content-Encoding: gzip\r\n" if packed else b""
        length = f"Content-Length: {len(body)}\r\n".encode()
        writer.write(b"HTTP/1.1 200 OK\r\n" + encoding + length + b"\r\n" + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize("address", PRIVATE)
def test_these_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "64:ff9b::101:101"])
def test_these_addresses_are(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_every_wrapping(address: object) -> None:
    bare = is_public(str(address))
    assert is_public(f"::ffff:{address}") is bare
    assert is_public(f"64:ff9b::{address}") is bare


async def test_a_private_address_is_called_where_that_is_allowed(url: str) -> None:
    async with outgoing_client(allow_private=True) as client:
        assert (await client.get(url)).text == "hello"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
async def test_a_private_address_is_refused_under_any_name(url: str, host: str) -> None:
    async with outgoing_client(allow_private=False) as client:
        with pytest.raises(ForbiddenAddressError):
            await client.get(url.replace("127.0.0.1", host))


async def test_a_name_is_resolved_once_and_judged_by_where_it_leads(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that changes its mind between a check and the call gains nothing."""
    asked: list[str] = []

    async def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    async with outgoing_client(allow_private=False) as client:
        with pytest.raises(ForbiddenAddressError):
            await client.get(url.replace("127.0.0.1", "rebinds.example"))
    assert asked == ["rebinds.example"]


async def test_what_fails_in_the_network_fails_as_the_library_of_the_client_says(
    unused_tcp_port: int,
) -> None:
    async def breaks_off(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
        await writer.drain()
        writer.close()

    async with outgoing_client(allow_private=True) as client:
        with pytest.raises(httpx2.ConnectError):
            await client.get(f"http://127.0.0.1:{unused_tcp_port}")
        async with await asyncio.start_server(breaks_off, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(httpx2.RemoteProtocolError):
                await client.get(f"http://127.0.0.1:{port}")


async def test_a_redirect_is_not_followed() -> None:
    def sends_on(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(302, headers={"Location": "http://169.254.169.254/"})

    transport = httpx2.MockTransport(sends_on)
    async with outgoing_client(allow_private=True, transport=transport) as client:
        assert (await client.get("http://media.example")).status_code == 302


async def test_an_answer_is_read_up_to_its_limit_once_unpacked(url: str) -> None:
    async with outgoing_client(allow_private=True) as client:
        async with client.stream("GET", f"{url}/pack") as response:
            assert len(await read_bounded(response, 1_000_000)) == 1_000_000
        async with client.stream("GET", f"{url}/pack") as response:
            with pytest.raises(AnswerTooLargeError):
                await read_bounded(response, 999_999)


@pytest.fixture
def own_certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Home")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - day, now + day)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "own.pem"
    _ = file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


async def test_an_own_authority_is_trusted_where_it_is_named(
    own_certificate: Path,
) -> None:
    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        _ = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(own_certificate)
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    async with server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        async with outgoing_client(allow_private=True) as stranger:
            with pytest.raises(httpx2.ConnectError):
                _ = await stranger.get(url)
        async with outgoing_client(
            allow_private=True, ca_file=own_certificate
        ) as friend:
            assert (await friend.get(url)).status_code == 204

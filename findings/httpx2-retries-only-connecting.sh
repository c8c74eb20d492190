#!/usr/bin/env bash
# Guess: a transport with retries=3 asks again when a kept-alive connection had ended.
# It repeats only the opening of a connection. When the server ends an idle one just as
# the next request is on its way, even a GET fails with RemoteProtocolError, as without.
# Why it matters: servers with a short keep-alive give errors now and then under light
# load, and the setting that seems made for it does nothing. httpx2 2.16.2, 2026-11-29.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=$("$(dirname "$0")/python-with" "$folder" httpx2==2.16.2)
"$python" - <<'PYTHON'
import asyncio

import httpx2

connections = 0


async def answer_once(reader, writer):
    """One answer for each connection, which ends when a second request has come."""
    global connections
    connections += 1
    for answer in (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", b""):
        try:
            await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            break
        writer.write(answer)
        await writer.drain()
    writer.close()


async def main():
    global connections
    server = await asyncio.start_server(answer_once, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    seen = []
    for retries in (0, 3):
        connections = 0
        transport = httpx2.AsyncHTTPTransport(retries=retries)
        outcomes = []
        async with httpx2.AsyncClient(transport=transport) as client:
            for _ in range(2):
                try:
                    outcomes.append((await client.get(url)).text)
                except httpx2.HTTPError as error:
                    outcomes.append(type(error).__name__)
        print(f"retries={retries}: {outcomes}, {connections} connection")
        seen.append((outcomes, connections))
    server.close()
    return seen


print("httpx2", httpx2.__version__)
expected = [(["ok", "RemoteProtocolError"], 1)] * 2
assert asyncio.run(main()) == expected, "the behaviour has changed"
PYTHON

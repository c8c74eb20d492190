"""Each media server that is switched on: does it respond, with its key, as itself?"""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

from zondarr.container import Container
from zondarr.core.exceptions import ZondarrError
from zondarr.doctor.finding import Finding
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.servers.connections import connect, open_client
from zondarr.servers.models import MediaServer
from zondarr.servers.repository import MediaServerRepository

TIME_LIMIT = timedelta(seconds=30)
_ADVICE = {
    ErrorKind.UNREACHABLE: "Is it running, and does its address lead there from this"
    " machine? Correct the address on the server's page.",
    ErrorKind.STARTING: "Wait until it has started.",
    ErrorKind.UNAUTHORIZED: "Create a new API key there, and type it on the server's"
    " page.",
    ErrorKind.NOT_THIS_TYPE: "Something else responds at this address. Correct it on"
    " the server's page.",
    ErrorKind.REPLACED: "Open the server's page: it shows what would change if the new"
    " one takes its place.",
}
_LOG = "Look at the log of that server."


async def check(container: Container) -> AsyncGenerator[Finding]:
    async with container.database.unscoped("command line", reading=True) as session:
        servers = await MediaServerRepository(session).get_enabled(None)
    if not servers:
        advice = "Add one on the page Servers."
        yield Finding.note("servers", "No media server is switched on.", advice)
    for server in servers:
        yield await _check(container, server)


async def _check(container: Container, server: MediaServer) -> Finding:
    about = f"server {server.name}"
    try:
        async with asyncio.timeout(TIME_LIMIT.total_seconds()):
            connection = connect(server, container.keyring)
            async with open_client(container.registry, connection) as client:
                info = await client.server_info()
    except TimeoutError:
        sentence = f"{server.url}: no response within {TIME_LIMIT.seconds} seconds."
        return Finding.trouble(about, sentence, _ADVICE[ErrorKind.UNREACHABLE])
    except MediaClientError as error:
        advice = _ADVICE.get(error.kind, _LOG)
        return Finding.trouble(about, f"{error.server_url}: {error}", advice)
    except ZondarrError as error:
        return Finding.trouble(about, str(error), _LOG)
    return Finding.ok(about, f"{server.url} responds, version {info.version}.")

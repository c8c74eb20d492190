"""Each media server that is switched on, and each Seerr: does it respond, with its key,
as itself?
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial

from zondarr.container import Container
from zondarr.core.exceptions import ZondarrError
from zondarr.doctor.finding import Finding
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.requests.connection.opening import connect as connect_seerr
from zondarr.requests.connection.repository import RequestServerRepository
from zondarr.requests.models import RequestServer
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
_SEERR_ADVICE = {
    ErrorKind.UNREACHABLE: "Is it running, and does its address lead there from this"
    " machine? Correct the address in the settings.",
    ErrorKind.STARTING: "Wait until it has started.",
    ErrorKind.UNAUTHORIZED: "Copy the API key from its settings, and type it in the"
    " settings of Zondarr.",
    ErrorKind.NOT_THIS_TYPE: "Something else responds at this address. Correct it in"
    " the settings.",
}
_LOG = "Look at the log of that server."


async def check(container: Container) -> AsyncGenerator[Finding]:
    async with container.database.unscoped("command line", reading=True) as session:
        servers = await MediaServerRepository(session).get_enabled(None)
    if not servers:
        advice = "Add one on the page Servers."
        yield Finding.note("servers", "No media server is switched on.", advice)
    for server in servers:
        version = partial(_version_of_server, container, server)
        yield await _check(f"server {server.name}", server.url, version, _ADVICE)
    async with container.database.unscoped("command line", reading=True) as session:
        request_servers = await RequestServerRepository(session).get_all()
    for each in request_servers:
        version = partial(_version_of_seerr, container, each)
        yield await _check(each.product.label, each.url, version, _SEERR_ADVICE)


async def _check(
    about: str,
    url: str,
    version: Callable[[], Awaitable[str]],
    advice: Mapping[ErrorKind, str],
) -> Finding:
    try:
        async with asyncio.timeout(TIME_LIMIT.total_seconds()):
            found = await version()
    except TimeoutError:
        sentence = f"{url}: no response within {TIME_LIMIT.seconds} seconds."
        return Finding.trouble(about, sentence, advice[ErrorKind.UNREACHABLE])
    except MediaClientError as error:
        sentence = f"{error.server_url}: {error}"
        return Finding.trouble(about, sentence, advice.get(error.kind, _LOG))
    except ZondarrError as error:
        return Finding.trouble(about, str(error), _LOG)
    return Finding.ok(about, f"{url} responds, version {found}.")


async def _version_of_server(container: Container, server: MediaServer) -> str:
    connection = connect(server, container.keyring)
    async with open_client(container.registry, connection) as client:
        return (await client.server_info()).version or "unknown"


async def _version_of_seerr(container: Container, server: RequestServer) -> str:
    connection = connect_seerr(server, container.keyring)
    async with container.registry.get_request_client(connection) as client:
        return (await client.server_info()).version

"""The media servers that somebody owns, as plex.tv lists them for their token."""

from contextlib import AsyncExitStack

from zondarr.media.clients.plex.shapes import Resource
from zondarr.media.clients.plex.transport import ThrottledTransport
from zondarr.media.clients.plex.tv import PlexTv
from zondarr.media.connections import HostStates
from zondarr.media.operations import named_operation
from zondarr.media.sign_in import OwnedConnection, OwnedServer, Token

SERVER = "server"


async def owned_servers(token: Token, states: HostStates) -> list[OwnedServer]:
    """The servers that the token's account owns; may be empty. `GET /api/v2/resources`.

    Raises `MediaClientError`: `unauthorized` for a token that is not valid any more,
    else the failure of plex.tv.
    """
    with named_operation("owned_servers"):
        async with AsyncExitStack() as stack:
            tv = await _plex_tv(token, states, stack)
            found = await tv.resources()
    return [_server(each) for each in found if _is_owned_server(each)]


async def _plex_tv(token: Token, states: HostStates, stack: AsyncExitStack) -> PlexTv:
    async def host(url: str) -> ThrottledTransport:
        state = states.of(url)
        http = await stack.enter_async_context(state.connections())
        return ThrottledTransport(url, http, state, states.throttle(url))

    options = states.options
    return PlexTv(
        token.reveal(),
        tv=await host(options.plex_tv_url),
        clients=await host(options.plex_clients_url),
    )


def _is_owned_server(resource: Resource) -> bool:
    """A malformed id could form another path, so such a server is left out."""
    provides = {each.strip() for each in resource.provides.split(",")}
    return resource.owned and SERVER in provides and _is_name(resource)


def _is_name(resource: Resource) -> bool:
    name = resource.client_identifier
    return name.isascii() and name.isalnum()


def _server(resource: Resource) -> OwnedServer:
    return OwnedServer(
        machine_id=resource.client_identifier,
        name=resource.name,
        version=resource.product_version,
        connections=[
            OwnedConnection(url=each.uri, local=each.local, relay=each.relay)
            for each in resource.connections
        ],
    )

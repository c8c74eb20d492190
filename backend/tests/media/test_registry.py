"""The registry: one per process, a client for each known type, a refusal for others."""

from uuid import UUID, uuid7

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zondarr.media.clients import register_clients
from zondarr.media.clients.jellyfin.client import JellyfinClient
from zondarr.media.clients.plex.client import PlexClient
from zondarr.media.exceptions import (
    UnknownServerTypeError,
)
from zondarr.media.protocol import MediaClient
from zondarr.media.registry import ClientRegistry
from zondarr.media.types import Capability, Connection, ServerType

CLIENTS = {ServerType.JELLYFIN: JellyfinClient, ServerType.PLEX: PlexClient}

server_types = st.sampled_from(ServerType)
other_types = st.text().filter(lambda text: text not in set(ServerType))


@pytest.fixture(autouse=True, scope="module")
def _registered() -> None:
    register_clients(ClientRegistry())


def server(
    server_type: str, url: str = "http://media.example", id: UUID | None = None
) -> Connection:
    return Connection(
        id=id or uuid7(), server_type=server_type, url=url, api_key="a-key"
    )


@given(server_types, st.uuids(), st.text(), st.text())
def test_any_registered_type_gives_its_own_client(
    server_type: ServerType, id: UUID, url: str, key: str
) -> None:
    registry = ClientRegistry()
    one = Connection(id=id, server_type=server_type.value, url=url, api_key=key)
    first, second = registry.get_client(one), registry.get_client(one)
    assert type(first) is CLIENTS[server_type] is registry.get_client_class(server_type)
    assert first is not second
    assert registry.get_capabilities(server_type) == type(first).capabilities()
    assert registry.get_capabilities(server_type.value) == type(first).capabilities()


@given(other_types)
def test_any_other_type_is_unknown_to_every_method(other: str) -> None:
    registry = ClientRegistry()
    with pytest.raises(UnknownServerTypeError):
        registry.get_client(server(other))
    with pytest.raises(UnknownServerTypeError):
        registry.get_client_class(other)
    with pytest.raises(UnknownServerTypeError):
        registry.guest_url(other, "http://media.example")
    with pytest.raises(UnknownServerTypeError) as caught:
        registry.get_capabilities(other)
    assert caught.value.server_type == other
    assert caught.value.status == 400


@given(st.integers(min_value=1, max_value=20), server_types)
def test_the_registry_is_one(times: int, server_type: ServerType) -> None:
    registries = [ClientRegistry() for _ in range(times)]
    registries[0].register(server_type, CLIENTS[server_type])
    assert all(each is registries[0] for each in registries)
    assert registries[-1].get_client_class(server_type) is CLIENTS[server_type]


def test_what_is_registered_is_listed() -> None:
    assert ClientRegistry().server_types() == [ServerType.JELLYFIN, ServerType.PLEX]


def test_jellyfin_can_do_everything_and_plex_all_but_two() -> None:
    registry = ClientRegistry()
    assert registry.get_capabilities(ServerType.JELLYFIN) == frozenset(Capability)
    cannot = {Capability.ENABLE_DISABLE_USER, Capability.SET_PASSWORD}
    able = registry.get_capabilities(ServerType.PLEX)
    assert able == frozenset(Capability) - cannot


def test_guests_enter_jellyfin_where_it_is_and_plex_at_its_own_page() -> None:
    registry = ClientRegistry()
    url = "http://media.example:8096/jellyfin"
    assert registry.guest_url(ServerType.JELLYFIN, url) == url
    assert registry.guest_url(ServerType.PLEX, url) == "https://app.plex.tv/desktop"


def test_a_clients_own_class_fits_without_inheriting_anything() -> None:
    fits: list[type[MediaClient]] = [JellyfinClient, PlexClient]
    assert all(not issubclass(each, ClientRegistry) for each in fits)


def test_a_connection_does_not_show_its_key() -> None:
    assert "a-key" not in repr(server("jellyfin"))

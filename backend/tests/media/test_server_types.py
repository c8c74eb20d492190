"""What the clients declare of their server types."""

import pytest

from zondarr.media.catalogue import CatalogueReader
from zondarr.media.clients.jellyfin.client import JellyfinClient
from zondarr.media.clients.plex.client import PlexClient
from zondarr.media.protocol import MediaClient
from zondarr.media.server_types import JoinMethod
from zondarr.media.types import Capability, Permissions, PlexUserType

READERS: list[type[CatalogueReader]] = [JellyfinClient, PlexClient]
"""Their being typed so is the proof."""
CLIENTS: list[type[MediaClient]] = [JellyfinClient, PlexClient]
WISHES = Permissions(
    can_download=True,
    can_transcode=False,
    can_watch_live_tv=True,
    can_access_remotely=False,
    max_sessions=1,
    max_bitrate_kbps=800,
    can_use_channels=True,
    allowed_ratings=("PG",),
    allowed_labels=("Kids",),
)


@pytest.mark.parametrize("client", CLIENTS)
def test_the_facts_agree_with_the_client(client: type[MediaClient]) -> None:
    info = client.INFO
    assert info.capabilities == client.capabilities()
    assert info.can_disable is (Capability.ENABLE_DISABLE_USER in info.capabilities)
    assert info.reads_catalogue is (client in READERS)
    assert bool(info.watch_details) is info.reads_catalogue
    assert set(info.permissions) <= set(Permissions.__struct_fields__)
    assert set(info.join_methods) == set(PlexUserType)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_wish_is_kept_or_named(client: type[MediaClient]) -> None:
    kept = client.INFO.permissions
    assert {*client.INFO.not_kept(WISHES), *kept} == set(Permissions.__struct_fields__)
    assert client.INFO.not_kept(Permissions()) == ()


def test_ratings_and_labels_are_for_plex_and_limits_for_jellyfin() -> None:
    assert JellyfinClient.INFO.not_kept(WISHES) == (
        "can_use_channels",
        "allowed_ratings",
        "allowed_labels",
    )
    assert "max_sessions" in PlexClient.INFO.not_kept(WISHES)


def test_only_plex_has_more_than_one_way_in() -> None:
    assert JellyfinClient.INFO.user_types == ()
    assert PlexClient.INFO.user_types == (PlexUserType.FRIEND, PlexUserType.HOME)
    assert set(JellyfinClient.INFO.join_methods.values()) == {JoinMethod.ACCOUNT}

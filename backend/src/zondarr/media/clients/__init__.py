"""The available media clients. They do not import each other."""

from zondarr.media.clients.jellyfin.client import JellyfinClient
from zondarr.media.clients.plex.client import PlexClient
from zondarr.media.clients.plex.pins import PlexPins
from zondarr.media.clients.seerr.client import SeerrClient
from zondarr.media.registry import ClientRegistry
from zondarr.media.types import ServerType


def register_clients(registry: ClientRegistry) -> None:
    """Add every client to the registry."""
    registry.register(ServerType.JELLYFIN, JellyfinClient)
    registry.register(ServerType.PLEX, PlexClient)
    registry.register_sign_in(PlexPins)
    registry.register_requests(SeerrClient)

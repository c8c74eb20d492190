"""A simulated plex.tv and its media servers, over one world."""

from media_server_simulators.plex.server import PlexServerSimulator
from media_server_simulators.plex.state import PlexWorld
from media_server_simulators.plex.throttle import Throttle
from media_server_simulators.plex.tv import PlexTvSimulator

__all__ = ["PlexServerSimulator", "PlexTvSimulator", "PlexWorld", "Throttle"]

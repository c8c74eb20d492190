"""A simulated plex.tv and its media servers, over one world."""

from zondarr.simulators.plex.server import PlexServerSimulator
from zondarr.simulators.plex.state import PlexWorld
from zondarr.simulators.plex.throttle import Throttle
from zondarr.simulators.plex.tv import PlexTvSimulator

__all__ = ["PlexServerSimulator", "PlexTvSimulator", "PlexWorld", "Throttle"]

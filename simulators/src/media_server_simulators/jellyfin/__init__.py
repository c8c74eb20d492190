"""A simulated Jellyfin server in three versions."""

from media_server_simulators.jellyfin.simulator import Admin, JellyfinSimulator
from media_server_simulators.jellyfin.versions import Version

__all__ = ["Admin", "JellyfinSimulator", "Version"]

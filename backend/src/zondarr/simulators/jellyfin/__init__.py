"""A simulated Jellyfin server in three versions."""

from zondarr.simulators.jellyfin.simulator import Admin, JellyfinSimulator
from zondarr.simulators.jellyfin.versions import Version

__all__ = ["Admin", "JellyfinSimulator", "Version"]

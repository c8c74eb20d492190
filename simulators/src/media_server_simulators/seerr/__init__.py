"""A simulated Seerr, and its predecessors Jellyseerr and Overseerr."""

from media_server_simulators.seerr.profiles import Profile
from media_server_simulators.seerr.simulator import SeerrSimulator, Start

__all__ = ["Profile", "SeerrSimulator", "Start"]

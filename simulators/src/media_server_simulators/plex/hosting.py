"""The server that answers at one address, with its titles."""

from dataclasses import dataclass

from media_server_simulators.plex.catalogue import Catalogue
from media_server_simulators.plex.state import PlexWorld, Server


@dataclass(frozen=True, slots=True)
class Hosting:
    server: Server
    catalogue: Catalogue

    @classmethod
    def of(cls, plex: PlexWorld, server: Server) -> Hosting:
        return cls(server, Catalogue(plex, server))

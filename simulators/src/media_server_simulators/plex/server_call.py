"""One call of a media server's handler: the caller, and the libraries they see."""

from dataclasses import dataclass, field

from media_server_simulators.plex.catalogue import Catalogue
from media_server_simulators.plex.errors import page
from media_server_simulators.plex.numbers import whole
from media_server_simulators.plex.state import Account, PlexWorld, Section, Server
from media_server_simulators.plex.tv_call import plex_value
from media_server_simulators.wire import Request

ENDLESS = 1 << 60
LARGEST_PAGE = 1000


@dataclass
class ServerCall:
    world: PlexWorld
    server: Server
    request: Request
    catalogue: Catalogue
    account: Account | None
    visible: tuple[Section, ...]
    path: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def is_owner(self) -> bool:
        return self.account is not None and self.account.id == self.server.owner_id

    def query(self, name: str) -> str | None:
        return next((v for k, v in self.request.query if k == name), None)

    def window(self) -> tuple[int, int]:
        """Where a page starts and how much it holds; without a size, everything.

        400 for a page of more than a thousand.
        """
        start = plex_value(self.request, "container-start")
        size = plex_value(self.request, "container-size")
        if (whole(size) or 0) > LARGEST_PAGE:
            raise page(400, "Bad Request")
        return _number(start, 0), _number(size, ENDLESS)

    def section(self) -> Section:
        """The library of the path; 404 for one that is not there for the caller."""
        wanted = self.path["key"]
        found = next((each for each in self.visible if each.key == wanted), None)
        if found is None:
            raise page(404, "Not Found")
        return found


def _number(text: str | None, otherwise: int) -> int:
    found = whole(text)
    return otherwise if found is None else found

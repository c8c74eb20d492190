"""One server and its owner's plex.tv: what the steps of an account work with."""

import asyncio
from collections.abc import Collection

from zondarr.media.clients.plex.server import PlexServer
from zondarr.media.clients.plex.shapes import Share
from zondarr.media.clients.plex.shares import share_of
from zondarr.media.clients.plex.tv import Guest, PlexTv
from zondarr.media.exceptions import ErrorKind, MediaClientError


class Reach:
    """`machine_id` is how plex.tv knows the server; asked of the server itself."""

    def __init__(self, server: PlexServer, tv: PlexTv, machine_id: str) -> None:
        self.server = server
        self.tv = tv
        self.machine_id = machine_id
        self._numbers: dict[str, int] | None = None

    async def shares(self) -> list[Share]:
        return await self.tv.shares(self.machine_id)

    async def share_of(self, guest: Guest) -> Share | None:
        return share_of(await self.shares(), guest)

    async def section_ids(self, library_ids: Collection[str]) -> list[int]:
        """plex.tv's numbers of these libraries; an unknown one is a failure."""
        if self._numbers is None:
            found = await self.tv.sections(self.machine_id)
            self._numbers = {each.key: each.id for each in found}
        numbers = self._numbers
        if not numbers.keys() >= set(library_ids):
            raise self.error(ErrorKind.INVALID, "library_unknown")
        return sorted({numbers[each] for each in library_ids})

    def lock(self, guest: Guest) -> asyncio.Lock:
        """Held while somebody's shares are changed."""
        return self.tv.tv.state.write_lock(f"{self.machine_id} {guest.key}")

    def error(self, kind: ErrorKind, code: str | None = None) -> MediaClientError:
        return self.server.error(kind, code)

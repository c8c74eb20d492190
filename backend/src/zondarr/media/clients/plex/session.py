"""One server and its owner's plex.tv account, as the account steps use them."""

import asyncio
from collections.abc import Collection

from zondarr.media.clients.plex.server import PlexServer
from zondarr.media.clients.plex.shapes import Share, ShareV1
from zondarr.media.clients.plex.shares import guest_of, share_of
from zondarr.media.clients.plex.tv import Guest, PlexTv
from zondarr.media.exceptions import ErrorKind, MediaClientError


class PlexSession:
    """`machine_id` identifies the server on plex.tv.

    Pending shares are read before accepted ones: a share accepted in between is then
    seen twice, not missed.
    """

    def __init__(self, server: PlexServer, tv: PlexTv, machine_id: str) -> None:
        self.server = server
        self.tv = tv
        self.machine_id = machine_id
        self._section_ids: dict[str, int] | None = None

    async def shares(self) -> list[Share]:
        """All shares of this server: pending, accepted, and left."""
        pending = await self.tv.pending(self.machine_id)
        return [*await self.tv.accepted(self.machine_id), *pending]

    async def share_of(self, *names: Guest) -> Share | None:
        """The person's share, pending or accepted.

        One request for somebody who was just invited, two for all others.
        """
        pending = await self.tv.pending(self.machine_id)
        found = share_of(pending, names[0])
        if found is not None and _is_certain(names[0], found):
            return found
        both = [*await self.tv.accepted(self.machine_id), *pending]
        each = (share_of(both, name) for name in names)
        return next((share for share in each if share is not None), None)

    async def has_no_share(self, *names: Guest) -> bool:
        """Whether a share that was not found is certainly absent.

        plex.tv has two lists of a server's shares. The newer one, which is normally
        used, was once seen empty for a minute while every share existed; so the older
        one is read too. If that is empty as well, plex.tv must at least return the
        owner's Home, which contains the owner.
        """
        older = await self.tv.shares_v1(self.machine_id)
        if older:
            return not any(_is_for(each, name) for each in older for name in names)
        return bool(await self.tv.home())

    async def require_no_share(self, *names: Guest) -> None:
        """Raise if a share was not found but may exist."""
        if not await self.has_no_share(*names):
            raise self.error(ErrorKind.FAILED, "answer_doubtful")

    async def accepted(self, share_id: int) -> Share | None:
        """The accepted share with this id; the guest may have left it since."""
        return _by_share_id(share_id, await self.tv.accepted(self.machine_id))

    async def reload(self, share: Share) -> Share:
        """The current state of the share. An accepted share never becomes pending
        again.
        """
        if share.accepted_at is None:
            pending = await self.tv.pending(self.machine_id)
            found = _by_share_id(share.id, pending)
            if found is not None:
                return found
        found = await self.accepted(share.id)
        if found is None:
            raise self.error(ErrorKind.GONE)
        return found

    async def section_ids_by_key(self) -> dict[str, int]:
        """plex.tv's section ids of all libraries, by library key."""
        if self._section_ids is None:
            found = await self.tv.sections(self.machine_id)
            self._section_ids = {each.key: each.id for each in found}
        return self._section_ids

    async def section_ids(self, library_ids: Collection[str]) -> list[int]:
        """plex.tv's section ids of these libraries; raises for an unknown one."""
        numbers = await self.section_ids_by_key()
        if not numbers.keys() >= set(library_ids):
            raise self.error(ErrorKind.INVALID, "library_unknown")
        return sorted({numbers[each] for each in library_ids})

    def lock(self, guest: Guest) -> asyncio.Lock:
        """Held while somebody's shares are changed."""
        return self.tv.tv.state.write_lock(f"{self.machine_id} {guest.key}")

    def error(
        self,
        kind: ErrorKind,
        code: str | None = None,
        cause: BaseException | None = None,
    ) -> MediaClientError:
        return self.server.error(kind, code, cause)


def _is_certain(guest: Guest, share: Share) -> bool:
    """An address may match another person's share; a plex.tv id does not."""
    return guest.plex_id is None or guest_of(share).plex_id == guest.plex_id


def _is_for(share: ShareV1, guest: Guest) -> bool:
    if guest.plex_id and share.plex_id:
        return guest.plex_id == share.plex_id
    return guest.email is not None and guest.email == share.email


def _by_share_id(share_id: int, shares: Collection[Share]) -> Share | None:
    return next((each for each in shares if each.id == share_id), None)

"""The rules of sharing, for both generations of paths."""

from collections.abc import Sequence
from dataclasses import dataclass

from media_server_simulators.plex.numbers import whole
from media_server_simulators.plex.settings import Sharing
from media_server_simulators.plex.state import Account, PlexWorld, Server, Share
from media_server_simulators.wire import Json


class SharingError(Exception):
    """Why plex.tv does not share, in its own sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


@dataclass(frozen=True, slots=True)
class Wish:
    """`email` may also be a username, as plexapi sends it; `sections` are raw."""

    server: Server
    sections: Json
    email: str | None
    invited_id: int | None
    sharing: Sharing
    befriend: bool = True


def share_once(world: PlexWorld, wish: Wish) -> Share:
    """Share once: a friend and a Home's member have it at once, others must accept.

    An empty list of libraries shares every one, which is the more dangerous reading.
    """
    owner = world.accounts[wish.server.owner_id]
    invited = _invited(world, wish)
    email = invited.email if invited else (wish.email or "").strip().lower()
    if invited is owner:
        raise SharingError(400, "You cannot share a server with yourself.")
    _not_twice(world, wish.server, invited, email)
    made = Share(
        id=world.next_id(),
        machine_identifier=wish.server.machine_identifier,
        owner_id=owner.id,
        invited_id=invited.id if invited else None,
        invited_email=email,
        section_ids=chosen(wish.server, wish.sections)
        or [each.id for each in wish.server.sections],
        sharing=wish.sharing,
        invited_at=world.now(),
    )
    world.shares[made.id] = made
    if invited is not None:
        _begin(world, made, invited, befriend=wish.befriend)
    return made


def change(server: Server, share: Share, sections: Json) -> None:
    """Other libraries. None at all is refused: that is what taking back is for."""
    ids = chosen(server, sections)
    if not ids:
        raise SharingError(422, "At least one library must be shared.")
    share.section_ids = ids


def chosen(server: Server, sections: Json) -> list[int]:
    """The libraries of these plex.tv ids; a media server's own key is not one."""
    if sections is None:
        return []
    if not isinstance(sections, list):
        raise SharingError(422, "Library sections must be a list.")
    known = {each.id for each in server.sections}
    ids = [_number(each) for each in sections]
    if not known.issuperset(ids):
        raise SharingError(422, "Library section not found.")
    return sorted(set(ids))


def mark_accepted(world: PlexWorld, share: Share) -> None:
    """Accepting a share makes friends of the two."""
    share.accepted_at = world.now()
    if share.invited_id is not None:
        world.friends[frozenset((share.owner_id, share.invited_id))] = True


def live_or_pending(shares: Sequence[Share]) -> list[Share]:
    return [each for each in shares if each.left_at is None]


def _begin(world: PlexWorld, made: Share, invited: Account, *, befriend: bool) -> None:
    pair = frozenset((made.owner_id, invited.id))
    at_home = invited.home_of == made.owner_id
    if at_home or world.are_friends(made.owner_id, invited.id):
        made.accepted_at = world.now()
    elif befriend:
        world.friends.setdefault(pair, False)


def _invited(world: PlexWorld, wish: Wish) -> Account | None:
    """Nobody yet for an address without an account; a refusal for an unknown name."""
    if wish.invited_id is not None:
        found = world.accounts.get(wish.invited_id)
    elif wish.email:
        found = world.find(wish.email)
    else:
        raise SharingError(400, "No user was named.")
    if found is None and (wish.invited_id is not None or "@" not in (wish.email or "")):
        raise SharingError(404, "The user could not be found.")
    return found


def _not_twice(
    world: PlexWorld, server: Server, invited: Account | None, email: str | None
) -> None:
    for each in world.shares.values():
        if each.machine_identifier != server.machine_identifier or each.left_at:
            continue
        same = invited is not None and each.invited_id == invited.id
        if same or (email and each.invited_email == email):
            who = invited.title if invited else email
            raise SharingError(
                400,
                f"You're already sharing this server with {who}. "
                "Please edit your existing share.",
            )


def _number(value: Json) -> int:
    found = whole(value)
    if found is None:
        raise SharingError(422, "Library section not found.")
    return found

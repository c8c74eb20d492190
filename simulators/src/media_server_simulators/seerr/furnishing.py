"""A Seerr that is in use: who has an account on it, and what they asked for.

Users are people of the world, with their ids on Jellyfin and Plex, and some whom no
media server knows. Each kind of request occurs, beginning with the first ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from media_server_simulators.plex.state import account_id_of
from media_server_simulators.seerr.blocklist import block
from media_server_simulators.seerr.drafts import Draft, Drafts
from media_server_simulators.seerr.profiles import Profile
from media_server_simulators.seerr.scan import count_seasons
from media_server_simulators.seerr.state import (
    Blocked,
    Media,
    MediaRequest,
    State,
    User,
)
from media_server_simulators.seerr.values import (
    MediaServer,
    MediaStatus,
    Permission,
    RequestStatus,
    UserType,
)
from media_server_simulators.world import Person, World

PLEX, NOBODY = 2, 5
THERE = {MediaStatus.AVAILABLE, MediaStatus.PARTIALLY_AVAILABLE}


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many requests, and how many users with the owner among them."""

    requests: int = 60
    users: int = 12


def set_up(state: State, world: World) -> User:
    """The administrator of the world becomes the owner."""
    admin = world.administrator
    state.initialized = True
    jellyfin = state.profile.knows_jellyfin
    state.media_server = MediaServer.JELLYFIN if jellyfin else MediaServer.PLEX
    user = _user(state, admin, UserType.JELLYFIN if jellyfin else UserType.PLEX)
    user.permissions, user.email = int(Permission.ADMIN), f"{admin.name}@example.org"
    return user


def furnish(state: State, worlds: Sequence[World], crowd: Crowd) -> None:
    owner = set_up(state, worlds[0])
    users = [owner]
    people = [each for each in worlds[0].people if not each.disabled]
    for number in range(1, crowd.users):
        person = people.pop(0) if people and number % NOBODY else None
        kind = UserType.PLEX if number % 3 == PLEX else UserType.JELLYFIN
        if person is None:
            users.append(local_user(state, f"Neighbour {number}"))
        elif not state.profile.knows_jellyfin:
            users.append(_user(state, person, UserType.PLEX))
        else:
            users.append(_user(state, person, kind))
    drafts = Drafts(worlds, state.titles, state.now())
    made = sorted(drafts.make(crowd.requests), key=lambda draft: draft.at)
    for number, draft in enumerate(made):
        _ = store(state, draft, users[number * 7 % len(users)])


def _user(state: State, person: Person, type: UserType) -> User:
    at = state.now() - timedelta(days=900 - 7 * len(state.users))
    if type is UserType.PLEX:
        number = account_id_of(person)
        return state.add_user(
            User(
                id=state.next_id("user"),
                created=at,
                type=type,
                email=f"{person.name.lower().replace(' ', '.')}@example.org",
                plex_username=person.name.replace(" ", ""),
                plex_id=number,
                avatar=f"https://plex.tv/users/{number}/avatar",
            )
        )
    return state.add_user(
        User(
            id=state.next_id("user"),
            created=at,
            type=type,
            email=person.name.lower(),
            jellyfin_username=person.name,
            jellyfin_id=person.id,
            avatar=f"/avatarproxy/{person.id}?v=null",
        )
    )


def local_user(state: State, name: str) -> User:
    """Somebody with a password of this Seerr alone."""
    return state.add_user(
        User(
            id=state.next_id("user"),
            created=state.now() - timedelta(days=300),
            type=UserType.LOCAL,
            email=f"{name.lower().replace(' ', '.')}@example.org",
            username=name,
            password="Guest-Passw0rd",  # noqa: S106  # of people who do not exist
        )
    )


def store(state: State, draft: Draft, by: User) -> MediaRequest:
    """A request as it came to be, with its media as it is now."""
    media = state.media_of(draft.type, draft.tmdb)
    if media is None:
        tvdb = draft.tvdb
        media = state.add_media(draft.type, draft.tmdb, tvdb=tvdb, at=draft.at)
    media.set_status(draft.media_status, draft.is_4k)
    if draft.added is not None:
        media.added = draft.added
        media.jellyfin_id = draft.item_id if _on_jellyfin(state) else None
        media.rating_key = None if _on_jellyfin(state) else draft.item_id
    _store_seasons(state, media, draft)
    waiting = draft.status is RequestStatus.PENDING
    owner = state.users[min(state.users)]
    request = MediaRequest(
        id=state.next_id("request"),
        media=media,
        by=by,
        created=draft.at,
        status=draft.status,
        is_4k=draft.is_4k,
        seasons=state.new_seasons(draft.seasons, draft.status, draft.at),
        modified_by=None if waiting else owner,
    )
    if draft.media_status is MediaStatus.BLOCKLISTED:
        _block(state, draft, owner)
    return state.add_request(request)


def _on_jellyfin(state: State) -> bool:
    return state.media_server is MediaServer.JELLYFIN


def _store_seasons(state: State, media: Media, draft: Draft) -> None:
    """As a scan finds them, but with the status that was drafted."""
    if not draft.episodes:
        return
    count_seasons(state, media, list(draft.episodes))
    media.set_status(draft.media_status, draft.is_4k)


def _block(state: State, draft: Draft, owner: User) -> None:
    if state.profile is Profile.OVERSEERR:
        return
    title = state.titles.find(draft.type, draft.tmdb)
    name = title.name if title else None
    number = state.next_id("block")
    block(state, Blocked(number, draft.type, draft.tmdb, name, owner, draft.at))

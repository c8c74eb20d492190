"""Links requesters to people by the ids of their accounts, never by name."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from zondarr.media.types import ServerType
from zondarr.requests.models import Requester, RequesterLink
from zondarr.requests.sync.repository import SnapshotRepository

type People = Mapping[tuple[ServerType, str], UUID]


def plain_id(jellyfin_id: str) -> str:
    """Jellyfin writes ids with and without dashes, in either case."""
    return jellyfin_id.replace("-", "").lower()


async def link_people(snapshot: SnapshotRepository) -> None:
    requesters = await snapshot.requesters()
    jellyfin = {each.jellyfin_user_id for each in requesters if each.jellyfin_user_id}
    plex = {each.plex_id for each in requesters if each.plex_id}
    people = await snapshot.people(jellyfin, plex)
    for each in requesters:
        link(each, people)


def link(requester: Requester, people: People) -> None:
    """What an operator chose stays; and so does a person whose account is gone."""
    if requester.link is RequesterLink.UNLINKED:
        return
    if requester.link is RequesterLink.HAND and requester.identity_id is not None:
        return
    found = next((people[key] for key in _keys(requester) if key in people), None)
    person = found or requester.identity_id
    link = RequesterLink.ID if person is not None else None
    if (requester.identity_id, requester.link) != (person, link):
        requester.identity_id, requester.link = person, link


def _keys(requester: Requester) -> Iterable[tuple[ServerType, str]]:
    if requester.jellyfin_user_id:
        yield ServerType.JELLYFIN, requester.jellyfin_user_id
    if requester.plex_id:
        yield ServerType.PLEX, requester.plex_id

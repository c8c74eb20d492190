"""Whether what is to be protected exists, in a constant number of queries."""

from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from zondarr.core.database import Session
from zondarr.core.exceptions import InvalidError, NotFoundError, Problem
from zondarr.protections.repository import TargetRepository
from zondarr.protections.schemas import EpisodeOf, ScopeRequest, SeasonOf
from zondarr.protections.scopes import Scope
from zondarr.servers.models import Library, MediaServer


class Targets(NamedTuple):
    """What was found: titles, parts of them (a season's number is None), libraries with
    their servers, requests."""

    titles: Collection[UUID | None]
    parts: Collection[tuple[UUID | None, int | None, int | None]]
    libraries: Mapping[UUID, tuple[Library, MediaServer]]
    requests: Collection[UUID]

    def has(self, scope: Scope) -> bool:
        if scope.library_id is not None:
            return scope.library_id in self.libraries
        if scope.request_id is not None:
            return scope.request_id in self.requests
        if scope.title_id not in self.titles:
            return False
        part = (scope.title_id, scope.season, scope.number)
        return scope.season is None or part in self.parts

    def require(self, scope: Scope) -> None:
        """Raise `NotFoundError` if it is not there."""
        if self.has(scope):
            return
        if scope.library_id is not None:
            raise NotFoundError("Library", scope.library_id)
        if scope.request_id is not None:
            raise NotFoundError("Request", scope.request_id)
        if scope.title_id not in self.titles:
            raise NotFoundError("Title", str(scope.title_id))
        if scope.number is None:
            raise NotFoundError("Season", f"{scope.season} of {scope.title_id}")
        place = f"{scope.season}/{scope.number} of {scope.title_id}"
        raise NotFoundError("Episode", place)


async def find_targets(session: Session, scopes: Collection[Scope]) -> Targets:
    """What exists of these scopes."""
    targets = TargetRepository(session)
    titles = {each.title_id for each in scopes if each.title_id is not None}
    with_parts = {
        each.title_id
        for each in scopes
        if each.title_id is not None and each.season is not None
    }
    libraries = {each.library_id for each in scopes if each.library_id is not None}
    requests = {each.request_id for each in scopes if each.request_id is not None}
    return Targets(
        titles=await targets.titles(titles),
        parts=await targets.parts(with_parts),
        libraries=await targets.libraries(libraries),
        requests=await targets.requests(requests),
    )


async def read_scope(session: Session, given: ScopeRequest) -> Scope:
    """The scope that a request names; raises `InvalidError` unless it is exactly one
    thing."""
    whole = [each for each in (given.library_id, given.request_id) if each is not None]
    others = (given.title_id, given.season, given.number, given.episode)
    if whole:
        if len(whole) > 1 or any(each is not None for each in others):
            raise _not_one()
        return Scope(library_id=given.library_id, request_id=given.request_id)
    if isinstance(given.episode, UUID):
        scope = await TargetRepository(session).leaf(given.episode)
        if scope is None:
            raise NotFoundError("Episode", given.episode)
    else:
        scope = _flat(given)
    if scope.title_id is None or (scope.season is None and scope.number is not None):
        raise _not_one()
    if given.title_id not in {None, scope.title_id}:
        raise _not_one()
    return scope


def _flat(given: ScopeRequest) -> Scope:
    episode, season = given.episode, given.season
    if isinstance(episode, EpisodeOf):
        return Scope(
            title_id=episode.title_id, season=episode.season, number=episode.number
        )
    number = episode if isinstance(episode, int) else given.number
    if isinstance(season, SeasonOf):
        return Scope(title_id=season.title_id, season=season.season, number=number)
    return Scope(title_id=given.title_id, season=season, number=number)


def _not_one() -> InvalidError:
    problem = Problem(
        "is one title, one of its seasons or episodes, a library or a request",
        "required",
    )
    return InvalidError("Say what is to be protected.", scope=problem)

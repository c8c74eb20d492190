"""Whether people watched what they requested, and what is kept for one of them only.

A person's plays are those of their accounts on servers. A play counts whether it was
finished or not.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from zondarr.catalogue.models import MediaItem, Title, WatchAccount, WatchFact
from zondarr.core.database import Session
from zondarr.media.requests import RequestStatus
from zondarr.requests.models import MediaRequest, Requester
from zondarr.users.models import User


class Plays(NamedTuple):
    """By person and title, the last play; None if the server does not report when.
    `known` are the people of whom an account was read."""

    at: Mapping[tuple[UUID, UUID], datetime | None]
    known: frozenset[UUID]

    def watched(self, person: UUID | None, title: UUID | None) -> bool | None:
        """None if nobody can tell: no person, no title, or no account that was read."""
        if person is None or title is None:
            return None
        if (person, title) in self.at:
            return True
        return False if person in self.known else None

    def last(self, person: UUID | None, title: UUID | None) -> datetime | None:
        return None if not (person and title) else self.at.get((person, title))


class OnlyFor(NamedTuple):
    titles: int
    bytes: int


class WatchedRepository:
    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def plays(self, people: Collection[UUID], titles: Collection[UUID]) -> Plays:
        if not people:
            return Plays({}, frozenset())
        rows = (
            select(
                User.identity_id,
                MediaItem.title_id,
                func.max(WatchFact.last_played_at),
            )
            .join(MediaItem, MediaItem.media_server_id == User.media_server_id)
            .join(WatchFact, and_(self._of_item(), self._by_user()))
            .where(
                MediaItem.workspace_id == self.session.workspace_id,
                MediaItem.title_id.in_(titles),
                User.identity_id.in_(people),
                _is_play(),
            )
            .group_by(User.identity_id, MediaItem.title_id)
        )
        found = await self.session.execute(rows) if titles else ()
        at = {(person, title): moment for person, title, moment in found}
        return Plays(at, await self._known(people))

    async def _known(self, people: Collection[UUID]) -> frozenset[UUID]:
        account = and_(
            WatchAccount.workspace_id == self.session.workspace_id,
            WatchAccount.media_server_id == User.media_server_id,
            WatchAccount.external_id == User.external_user_id,
        )
        rows = select(User.identity_id).join(WatchAccount, account)
        rows = rows.where(User.identity_id.in_(people), WatchAccount.as_of.is_not(None))
        return frozenset(await self.session.scalars(rows.distinct()))

    async def only_for(self, person: UUID) -> OnlyFor:
        """The titles that are here, that nobody else requested, and nobody else ever
        played."""
        mine = self.session.workspace_id
        own = select(Requester.id).where(
            Requester.workspace_id == mine, Requester.identity_id == person
        )
        asked = select(MediaRequest.title_id).where(
            MediaRequest.workspace_id == mine,
            MediaRequest.missing_since.is_(None),
            MediaRequest.request_status != RequestStatus.DECLINED,
            MediaRequest.title_id.is_not(None),
        )
        by_person = asked.where(MediaRequest.requester_id.in_(own))
        by_others = asked.where(
            or_(
                MediaRequest.requester_id.is_(None),
                MediaRequest.requester_id.not_in(own),
            )
        )
        accounts = select(User.external_user_id).where(
            User.workspace_id == mine,
            User.identity_id == person,
            User.media_server_id == WatchFact.media_server_id,
        )
        played = (
            select(MediaItem.title_id)
            .join(WatchFact, self._of_item())
            .where(
                MediaItem.workspace_id == mine,
                MediaItem.title_id.in_(by_person),
                _is_play(),
                WatchFact.account_id.not_in(accounts),
            )
        )
        rows = select(
            func.count(Title.id), func.coalesce(func.sum(Title.size), 0)
        ).where(
            Title.workspace_id == mine,
            Title.listed,
            Title.id.in_(by_person),
            Title.id.not_in(by_others),
            Title.id.not_in(played),
        )
        count, size = (await self.session.execute(rows)).one()
        return OnlyFor(count, int(size))

    def _of_item(self) -> ColumnElement[bool]:
        return and_(
            WatchFact.workspace_id == self.session.workspace_id,
            WatchFact.media_server_id == MediaItem.media_server_id,
            WatchFact.item_id == MediaItem.external_id,
        )

    def _by_user(self) -> ColumnElement[bool]:
        return WatchFact.account_id == User.external_user_id


def _is_play() -> ColumnElement[bool]:
    return or_(
        WatchFact.played.is_(True),
        WatchFact.play_count > 0,
        WatchFact.last_played_at.is_not(None),
        WatchFact.position > 0,
    )

"""Queries about sign-ins with Plex."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Update, delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from zondarr.core.database import Session
from zondarr.core.repository import Repository
from zondarr.plex_accounts.models import PlexDevice, PlexSignIn


class PlexDeviceRepository:
    """The one row of `plex_device`."""

    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def get_or_make(self, client_id: UUID, /) -> UUID:
        """The stored id, created on first use; also if two replicas start at once."""
        known = await self.session.scalar(select(PlexDevice.client_id))
        if known is not None:
            return known
        with suppress(IntegrityError):
            async with self.session.begin_nested():
                row = PlexDevice(id=1, client_id=client_id)
                self.session.add(row)
        return (await self.session.scalars(select(PlexDevice.client_id))).one()


class PlexSignInRepository(Repository[PlexSignIn]):
    entity = PlexSignIn
    sorts: ClassVar = {"created_at": PlexSignIn.created_at}

    async def get_held(self, id: UUID, holder: str, /) -> PlexSignIn | None:
        """The row, if it belongs to this holder."""
        rows = select(PlexSignIn).where(
            PlexSignIn.id == id, PlexSignIn.holder == holder
        )
        return await self.session.scalar(rows)

    async def get_latest(self, holder: str, /, *, now: datetime) -> UUID | None:
        """The id of the last approved sign-in that has not ended."""
        rows = select(PlexSignIn.id).where(
            PlexSignIn.holder == holder,
            PlexSignIn.plex_id.is_not(None),
            PlexSignIn.expires_at > now,
        )
        newest_first = PlexSignIn.created_at.desc(), PlexSignIn.id.desc()
        return await self.session.scalar(rows.order_by(*newest_first).limit(1))

    async def take_turn(self, id: UUID, /, *, now: datetime, pause: timedelta) -> bool:
        """Whether plex.tv may be polled now; of several concurrent callers one may."""
        rested = or_(
            PlexSignIn.asked_at.is_(None),
            PlexSignIn.asked_at <= now - pause,
            PlexSignIn.asked_at > now,  # noted while the clock was ahead
        )
        turn = update(PlexSignIn).where(PlexSignIn.id == id, rested)
        turn = turn.values(asked_at=now).returning(PlexSignIn.id)
        return await self.session.scalar(turn) is not None

    async def store_token(
        self, id: UUID, token: str, /, *, now: datetime, until: datetime
    ) -> None:
        """Store the sealed token, unless there is one or the sign-in has ended."""
        change = self._unanswered(id).where(PlexSignIn.expires_at > now)
        await self.session.execute(change.values(token=token, expires_at=until))

    async def store_error(self, id: UUID, /, *, error: str) -> None:
        """Store the error of a sign-in that nobody approved in time."""
        await self.session.execute(self._unanswered(id).values(error=error))

    def _unanswered(self, id: UUID) -> Update:
        return update(PlexSignIn).where(PlexSignIn.id == id, PlexSignIn.token.is_(None))

    async def store_account(self, id: UUID, /, **account: str | None) -> None:
        """Store the account of the token, if the token is still stored."""
        change = update(PlexSignIn).where(
            PlexSignIn.id == id, PlexSignIn.token.is_not(None)
        )
        await self.session.execute(change.values(account))

    async def end(self, id: UUID, /, *, now: datetime) -> bool:
        """End the sign-in and delete its account data: it can be used once. False if it
        was used, or has ended.
        """
        change = update(PlexSignIn).where(
            PlexSignIn.id == id,
            PlexSignIn.token.is_not(None),
            PlexSignIn.expires_at > now,
        )
        cleared = {"token": None, "plex_id": None, "email": None, "username": None}
        change = change.values(expires_at=now, **cleared).returning(PlexSignIn.id)
        return await self.session.scalar(change) is not None

    async def delete_expired(self, now: datetime, /) -> int:
        gone = delete(PlexSignIn).where(PlexSignIn.expires_at <= now)
        ended = await self.session.scalars(gone.returning(PlexSignIn.id))
        return len(ended.all())

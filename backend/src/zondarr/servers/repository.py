"""Questions about media servers and their libraries."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Update, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from zondarr.core.contains import matches
from zondarr.core.database import Session
from zondarr.core.repository import PageRequest, Repository, Slice
from zondarr.media.types import ServerInfo
from zondarr.servers.models import (
    Library,
    MediaServer,
    PlexDevice,
    PlexSignIn,
    ServerState,
)

VERSION_LENGTH, MACHINE_ID_LENGTH = 50, 100


class MediaServerRepository(Repository[MediaServer]):
    entity = MediaServer
    sorts: ClassVar = {
        "name": MediaServer.name,
        "created_at": MediaServer.created_at,
    }
    default_sort = "name"

    async def get_enabled(
        self, workspace_id: UUID | None = None
    ) -> Sequence[MediaServer]:
        """Those that are switched on: of one workspace, or of all that can be seen."""
        rows = select(MediaServer).where(MediaServer.enabled)
        if workspace_id is not None:
            rows = rows.where(MediaServer.workspace_id == workspace_id)
        return (await self.session.scalars(rows)).all()

    async def get_locked(self, id: UUID, /) -> MediaServer | None:
        """The row as it is now; nobody else changes it until the transaction ends."""
        rows = select(MediaServer).where(MediaServer.id == id)
        rows = rows.with_for_update().execution_options(populate_existing=True)
        return await self.session.scalar(rows)

    async def find(self, request: PageRequest, *, q: str | None) -> Slice[MediaServer]:
        rows = select(MediaServer)
        if q:
            rows = rows.where(
                or_(matches(MediaServer.name, q), matches(MediaServer.url, q))
            )
        return await self.page(rows, request)

    async def machine_ids(self) -> Collection[str]:
        """How the servers call themselves, as far as that is known."""
        rows = select(MediaServer.machine_id).where(MediaServer.machine_id.is_not(None))
        return {each for each in await self.session.scalars(rows) if each}

    async def note(
        self,
        id: UUID,
        state: ServerState,
        /,
        *,
        now: datetime,
        info: ServerInfo | None = None,
    ) -> None:
        """Write down how the server was found; no change of the operator's."""
        values: dict[str, Any] = {
            "state": state,
            "checked_at": now,
            "updated_at": MediaServer.updated_at,
        }
        if state is ServerState.OK:
            values["seen_at"] = now
        if info is not None:
            values["version"] = info.version[:VERSION_LENGTH]
            values["machine_id"] = info.id[:MACHINE_ID_LENGTH]
        found = update(MediaServer).where(MediaServer.id == id).values(values)
        await self.session.execute(found)


class LibraryRepository(Repository[Library]):
    entity = Library
    sorts: ClassVar = {"name": Library.name, "created_at": Library.created_at}
    default_sort = "name"

    async def get_by_server(self, server_id: UUID, /) -> Sequence[Library]:
        return await self.get_by_servers([server_id])

    async def get_by_servers(
        self, server_ids: Collection[UUID], /
    ) -> Sequence[Library]:
        """All libraries of these servers, the missing ones too."""
        if not server_ids:
            return []
        rows = select(Library).where(Library.media_server_id.in_(server_ids))
        rows = rows.order_by(Library.name, Library.id)
        return (await self.session.scalars(rows)).all()

    async def find(
        self, server_id: UUID, request: PageRequest, *, q: str | None = None
    ) -> Slice[Library]:
        rows = select(Library).where(Library.media_server_id == server_id)
        if q:
            rows = rows.where(matches(Library.name, q))
        return await self.page(rows, request)

    async def count_of(self, server_id: UUID, /) -> int:
        rows = select(func.count()).where(Library.media_server_id == server_id)
        return await self.session.scalar(rows) or 0


class PlexDeviceRepository:
    """The one row of `plex_device`."""

    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def get_or_make(self, client_id: UUID, /) -> UUID:
        """The id that was made first, also of two replicas that start at once."""
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
        """The id of the last one that was approved and is not over."""
        rows = select(PlexSignIn.id).where(
            PlexSignIn.holder == holder,
            PlexSignIn.plex_id.is_not(None),
            PlexSignIn.expires_at > now,
        )
        newest_first = PlexSignIn.created_at.desc(), PlexSignIn.id.desc()
        return await self.session.scalar(rows.order_by(*newest_first).limit(1))

    async def take_turn(self, id: UUID, /, *, now: datetime, pause: timedelta) -> bool:
        """Whether plex.tv may be asked now; of several at once one may."""
        rested = or_(PlexSignIn.asked_at.is_(None), PlexSignIn.asked_at <= now - pause)
        turn = update(PlexSignIn).where(PlexSignIn.id == id, rested)
        turn = turn.values(asked_at=now).returning(PlexSignIn.id)
        return await self.session.scalar(turn) is not None

    async def keep_token(
        self, id: UUID, token: str, /, *, now: datetime, until: datetime
    ) -> None:
        """The sealed token, unless there is one or the sign-in is over."""
        change = self._unanswered(id).where(PlexSignIn.expires_at > now)
        await self.session.execute(change.values(token=token, expires_at=until))

    async def give_up(self, id: UUID, /, *, error: str) -> None:
        """Nobody approved it in time."""
        await self.session.execute(self._unanswered(id).values(error=error))

    def _unanswered(self, id: UUID) -> Update:
        return update(PlexSignIn).where(PlexSignIn.id == id, PlexSignIn.token.is_(None))

    async def keep_account(self, id: UUID, /, **account: str | None) -> None:
        """Whose token it is, if that is still here."""
        change = update(PlexSignIn).where(
            PlexSignIn.id == id, PlexSignIn.token.is_not(None)
        )
        await self.session.execute(change.values(account))

    async def end(self, id: UUID, /, *, now: datetime) -> bool:
        """Forget whose it was: it can be used once. False if it was used, or over."""
        change = update(PlexSignIn).where(
            PlexSignIn.id == id,
            PlexSignIn.token.is_not(None),
            PlexSignIn.expires_at > now,
        )
        nobody = {"token": None, "plex_id": None, "email": None, "username": None}
        change = change.values(expires_at=now, **nobody).returning(PlexSignIn.id)
        return await self.session.scalar(change) is not None

    async def delete_expired(self, now: datetime, /) -> int:
        gone = delete(PlexSignIn).where(PlexSignIn.expires_at <= now)
        ended = await self.session.scalars(gone.returning(PlexSignIn.id))
        return len(ended.all())

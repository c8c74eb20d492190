"""Queries about media servers and their libraries."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import func, select, update

from zondarr.accounts.models import Workspace
from zondarr.core.database import Session
from zondarr.core.exceptions import NotFoundError
from zondarr.core.repository import PageRequest, Repository, Slice
from zondarr.core.search import contains
from zondarr.media.types import ServerInfo, ServerType
from zondarr.servers.models import Library, MediaServer, ServerState

VERSION_LENGTH, MACHINE_ID_LENGTH = 50, 100


class MediaServerRepository(Repository[MediaServer]):
    entity = MediaServer
    sorts: ClassVar = {
        "name": MediaServer.name_key,
        "created_at": MediaServer.created_at,
    }
    default_sort = "name"

    async def get_enabled(
        self, workspace_id: UUID | None = None
    ) -> Sequence[MediaServer]:
        """The enabled servers of one workspace, or of all that are visible."""
        rows = select(MediaServer).where(MediaServer.enabled)
        if workspace_id is not None:
            rows = rows.where(MediaServer.workspace_id == workspace_id)
        return (await self.session.scalars(rows)).all()

    async def get_locked(self, id: UUID, /) -> MediaServer | None:
        """The current row, locked until the transaction ends."""
        rows = select(MediaServer).where(MediaServer.id == id)
        rows = rows.with_for_update().execution_options(populate_existing=True)
        return await self.session.scalar(rows)

    async def keep(self, id: UUID, /) -> None:
        """Prevent removal until the transaction ends, as rows that refer to the server
        do; raises `NotFoundError` after a removal.
        """
        row = select(MediaServer.id).where(MediaServer.id == id)
        row = row.with_for_update(read=True, key_share=True)
        if await self.session.scalar(row) is None:
            raise NotFoundError(MediaServer.__name__, id)

    async def find(self, request: PageRequest, *, q: str | None) -> Slice[MediaServer]:
        rows = select(MediaServer)
        if q:
            rows = rows.where(contains(MediaServer.search_text, q))
        return await self.page(rows, request)

    async def find_same(
        self, server_type: ServerType, machine_id: str, /, *, but: UUID | None = None
    ) -> MediaServer | None:
        """The server with this identity, enabled or not.

        Locks the workspace, so that of two requests that add the same server at the
        same time one finds the other's.
        """
        workspace = select(Workspace.id).where(
            Workspace.id == self.session.workspace_id
        )
        await self.session.execute(workspace.with_for_update(key_share=True))
        rows = select(MediaServer).where(
            MediaServer.server_type == server_type,
            MediaServer.machine_id == machine_id[:MACHINE_ID_LENGTH],
        )
        if but is not None:
            rows = rows.where(MediaServer.id != but)
        return await self.session.scalar(rows.order_by(MediaServer.id).limit(1))

    async def machine_ids(self) -> Collection[str]:
        """The known machine ids."""
        rows = select(MediaServer.machine_id).where(MediaServer.machine_id.is_not(None))
        return {each for each in await self.session.scalars(rows) if each}

    async def record_state(
        self,
        id: UUID,
        state: ServerState,
        /,
        *,
        now: datetime,
        info: ServerInfo | None = None,
    ) -> None:
        """Store the server's state; does not count as an operator's change."""
        values: dict[str, Any] = {
            "state": state,
            "checked_at": now,
            "updated_at": MediaServer.updated_at,
        }
        if state is ServerState.OK:
            values["seen_at"] = now
        if info is not None:
            values["version"] = info.version[:VERSION_LENGTH]
            learned = info.id[:MACHINE_ID_LENGTH]
            values["machine_id"] = func.coalesce(MediaServer.machine_id, learned)
        found = update(MediaServer).where(MediaServer.id == id).values(values)
        await self.session.execute(found)

    async def record_sync(self, id: UUID, at: datetime, /) -> None:
        """Store the time of the last sync; does not count as an operator's change."""
        values = {"libraries_synced_at": at, "updated_at": MediaServer.updated_at}
        await self.session.execute(
            update(MediaServer).where(MediaServer.id == id).values(values)
        )


class LibraryRepository(Repository[Library]):
    entity = Library
    sorts: ClassVar = {"name": Library.name_key, "created_at": Library.created_at}
    default_sort = "name"

    async def get_by_server(self, server_id: UUID, /) -> Sequence[Library]:
        return await self.get_by_servers([server_id])

    async def get_by_servers(
        self, server_ids: Collection[UUID], /
    ) -> Sequence[Library]:
        """All libraries of these servers, missing ones included."""
        if not server_ids:
            return []
        rows = select(Library).where(Library.media_server_id.in_(server_ids))
        rows = rows.order_by(Library.name_key, Library.id)
        return (await self.session.scalars(rows)).all()

    async def find(
        self, server_id: UUID, request: PageRequest, *, q: str | None = None
    ) -> Slice[Library]:
        rows = select(Library).where(Library.media_server_id == server_id)
        if q:
            rows = rows.where(contains(Library.search_text, q))
        return await self.page(rows, request)

    async def count_of(self, server_id: UUID, /) -> int:
        rows = select(func.count()).where(Library.media_server_id == server_id)
        return await self.session.scalar(rows) or 0


async def added_machine_ids(session: Session) -> Collection[str]:
    """The known machine ids of the workspace's servers."""
    return await MediaServerRepository(session).machine_ids()

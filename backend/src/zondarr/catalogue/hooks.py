"""Functions of higher layers that belong to a sync of the catalogue.

Requests are a layer above, so what they do is passed in.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from zondarr.catalogue.schemas import TitleRequest
from zondarr.catalogue.tasks import SyncOptions
from zondarr.core.actor import Actor
from zondarr.core.database import Session
from zondarr.core.durable import Run


class SyncedAlong(Protocol):
    """Something that is read together with all servers, in a run of its own."""

    @property
    def name(self) -> str:
        """The name of its runs."""
        ...

    @property
    def asks_with(self) -> str:
        """The error code of a run that stopped for a confirmation."""
        ...

    async def start_along(
        self, actor: Actor, *, full: bool, accept_missing: bool = False
    ) -> UUID | None:
        """Start its run, or join the running one. None if the workspace has none."""
        ...


type OnPublished = Callable[[UUID], Awaitable[None]]
"""Called with the workspace's id after a server's catalogue was published; it may be
called twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueHooks:
    along: SyncedAlong | None = None
    on_published: OnPublished | None = None

    async def start_along(self, actor: Actor, options: SyncOptions) -> list[UUID]:
        """The run of what is synced along with the servers, if there is any."""
        if self.along is None or options.dry_run:
            return []
        run_id = await self.along.start_along(
            actor, full=options.full, accept_missing=options.accept_missing
        )
        return [] if run_id is None else [run_id]

    def asks(self, run: Run) -> bool:
        """Whether this run of it stopped for a confirmation."""
        along = self.along
        if along is None:
            return False
        return (run.name, run.error_code) == (along.name, along.asks_with)

    async def published(self, workspace_id: UUID) -> None:
        if self.on_published is not None:
            await self.on_published(workspace_id)


type RequestsOfTitle = Callable[[Session, UUID], Awaitable[Sequence[TitleRequest]]]
"""Who requested a title."""

"""Functions of higher layers that belong to a sync of the catalogue.

Requests are a layer above, so what they do is passed in.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from zondarr.catalogue.schemas import TitleRequest
from zondarr.core.actor import Actor
from zondarr.core.database import Session


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


type RequestsOfTitle = Callable[[Session, UUID], Awaitable[Sequence[TitleRequest]]]
"""Who requested a title."""

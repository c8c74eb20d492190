"""What a protection protects: one title, season, episode, library or request."""

from enum import StrEnum
from typing import Self
from uuid import UUID

from msgspec import Struct

from zondarr.protections.models import Protection


class ScopeKind(StrEnum):
    TITLE = "title"
    SEASON = "season"
    EPISODE = "episode"
    LIBRARY = "library"
    REQUEST = "request"


class Scope(Struct, frozen=True, kw_only=True):
    """A season has a title, an episode also a season."""

    title_id: UUID | None = None
    season: int | None = None
    number: int | None = None
    library_id: UUID | None = None
    request_id: UUID | None = None

    @classmethod
    def of(cls, row: Protection) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.__struct_fields__})

    @property
    def kind(self) -> ScopeKind:
        if self.library_id is not None:
            return ScopeKind.LIBRARY
        if self.request_id is not None:
            return ScopeKind.REQUEST
        if self.number is not None:
            return ScopeKind.EPISODE
        return ScopeKind.TITLE if self.season is None else ScopeKind.SEASON

    @property
    def key(self) -> str:
        """The scope as one text."""
        own = self.library_id or self.request_id or self.title_id
        parts = (self.kind, own, self.season, self.number)
        return ":".join(str(part) for part in parts if part is not None)

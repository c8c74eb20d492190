"""Titles, plays and accounts in a media server's listings.

They are decoded directly into these types, without a copy: a section may hold many
thousands. Other representations are computed by properties on demand. Fields are those
of listContent and listPlaybackHistory.
"""

from datetime import UTC, datetime
from typing import override

from msgspec import Struct, field

from zondarr.media.types import FileVersion

type OneOrMany[T] = tuple[T, ...] | T | None
"""A list, its single element, or nothing."""


def as_tuple[T: Struct](found: OneOrMany[T]) -> tuple[T, ...]:
    return (found,) if isinstance(found, Struct) else found or ()


def timestamp(seconds: int | None) -> datetime | None:
    """None for an invalid time: servers send 0, and numbers out of range."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except OverflowError, ValueError, OSError:
        return None


class Part(Struct, frozen=True, gc=False):
    """One file."""

    file: str | None = None
    size: int | None = None


class Media(Struct, frozen=True, gc=False):
    """One version of a title."""

    parts: OneOrMany[Part] = field(default=(), name="Part")

    def version(self) -> FileVersion:
        parts = as_tuple(self.parts)
        sizes = [each.size for each in parts if each.size is not None]
        return FileVersion(
            paths=tuple(each.file for each in parts if each.file is not None),
            size=sum(sizes) if sizes and len(sizes) == len(parts) else None,
        )


class Guid(Struct, frozen=True, gc=False):
    """`tmdb://603`"""

    id: str = ""


class Row(Struct, frozen=True, gc=False):
    """A row of a listing."""

    @property
    def key(self) -> str:
        """Unique among the rows of a listing."""
        raise NotImplementedError


class Item(Row, frozen=True, kw_only=True, gc=False, rename="camel"):
    """A film, show, season or episode; see `LibraryItem`."""

    id: str = field(name="ratingKey")
    kind: str = field(default="", name="type")
    title: str = ""
    year: int | None = None
    released_on: str | None = field(default=None, name="originallyAvailableAt")
    added: int | None = field(default=None, name="addedAt")
    updated: int | None = field(default=None, name="updatedAt")
    parent_id: str | None = field(default=None, name="parentRatingKey")
    grandparent_id: str | None = field(default=None, name="grandparentRatingKey")
    media: OneOrMany[Media] = field(default=(), name="Media")
    guids: OneOrMany[Guid] = field(default=(), name="Guid")

    @property
    @override
    def key(self) -> str:
        return self.id

    @property
    def added_at(self) -> datetime | None:
        return timestamp(self.added)

    @property
    def updated_at(self) -> datetime | None:
        return timestamp(self.updated)

    @property
    def provider_ids(self) -> dict[str, str]:
        pairs = (each.id.partition("://") for each in as_tuple(self.guids))
        return {provider: number for provider, _, number in pairs if number}

    @property
    def versions(self) -> tuple[FileVersion, ...]:
        return tuple(each.version() for each in as_tuple(self.media))


class Play(Row, frozen=True, kw_only=True, gc=False, rename="camel"):
    """An entry of the history; `rating_key` may be that of a deleted title."""

    account_id: int = field(name="accountID")
    history_key: str = ""
    rating_key: str | None = None
    type: str = ""
    title: str = ""
    viewed_at: int | None = None
    library_id: str | int | None = field(default=None, name="librarySectionID")

    @property
    @override
    def key(self) -> str:
        known = f"{self.account_id}/{self.rating_key}/{self.viewed_at}"
        return self.history_key or known


class Account(Struct, frozen=True):
    """An account as the media server counts it: plex.tv's id, or 1 for the owner."""

    id: int
    name: str = ""


class Accounts(Struct, frozen=True):
    account: OneOrMany[Account] = field(default=(), name="Account")


class Page[T: Row](Struct, frozen=True):
    """Some rows of a listing, and its total length."""

    rows: OneOrMany[T] = field(default=(), name="Metadata")
    total: int | None = field(default=None, name="totalSize")

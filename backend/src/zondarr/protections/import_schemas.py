"""The bodies of an import."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from zondarr.core.schemas import ResponseBody
from zondarr.protections.schemas import Outcome, ProtectedTitle, ProtectionTerms

MAX_ENTRIES = 5000

Text = Annotated[str, Meta(max_length=1_000_000)]
Entry = Annotated[str, Meta(max_length=1000)] | Annotated[int, Meta(ge=0, le=10**12)]
Entries = Annotated[list[Entry], Meta(max_length=MAX_ENTRIES)]


class ProtectionImport(ProtectionTerms, kw_only=True):
    """Titles by name, name and year, or id; in `text` one per line or as a JSON list,
    or as `entries`.

    `Alien`, `Alien (1979)`, `tt0078748`, `tmdb:348`, `movie:tmdb:348`, `tv:tvdb:81189`;
    a number alone is a tmdb id, or a name. An object of a JSON list has `name` or
    `title`, `year`, `type`, `imdb`, `tmdb`, `tvdb`.
    """

    text: Text | None = None
    entries: Entries | None = None


class MatchedEntry(ResponseBody, kw_only=True, frozen=True):
    """`outcome` is null in a dry run."""

    entry: str
    title: ProtectedTitle
    outcome: Outcome | None
    protection_id: UUID | None


class AmbiguousEntry(ResponseBody, kw_only=True, frozen=True):
    """Several titles have this name or id: say which, with a year or a typed id."""

    entry: str
    candidates: Sequence[ProtectedTitle]


class ImportResponse(ResponseBody, kw_only=True, frozen=True):
    """In the order of the list; `not_found` are entries as they were written."""

    dry_run: bool
    matched: Sequence[MatchedEntry]
    ambiguous: Sequence[AmbiguousEntry]
    not_found: Sequence[str]

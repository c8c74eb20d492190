"""The bodies of protections."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import Title, TitleKind
from zondarr.core.schemas import Page, RequestBody, ResponseBody
from zondarr.core.types import Timestamp
from zondarr.protections.models import Protection
from zondarr.protections.presets import Preset
from zondarr.protections.rules import has_override, is_active, override_of
from zondarr.protections.scopes import Scope, ScopeKind
from zondarr.servers.models import Library, MediaServer

Number = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Note = Annotated[str, Meta(max_length=2000, pattern=r"^[^\x00]*$")]
Language = Annotated[str, Meta(min_length=1, max_length=35, pattern=r"^[^\x00]*$")]
Languages = Annotated[list[Language], Meta(max_length=20)]
PresetId = Annotated[str, Meta(max_length=40, pattern=r"^[^\x00]*$")]
TitleIds = Annotated[list[UUID], Meta(min_length=1, max_length=1000)]


class SeasonOf(RequestBody, kw_only=True):
    title_id: UUID
    season: Number


class EpisodeOf(RequestBody, kw_only=True):
    title_id: UUID
    season: Number
    number: Number


class ScopeRequest(RequestBody, kw_only=True):
    """One thing: a title (`title_id`), one of its seasons (`title_id`, `season`), one
    of its episodes (`title_id`, `season`, `number`), a library, or a request.

    `season` and `episode` may also be objects with these fields, and `episode` the id
    of one of the title's `leaves`.
    """

    title_id: UUID | None = None
    season: Number | SeasonOf | None = None
    number: Number | None = None
    episode: Number | EpisodeOf | UUID | None = None
    library_id: UUID | None = None
    request_id: UUID | None = None


class LanguageOverrideBody(RequestBody, kw_only=True):
    """The languages that are required of the title instead of the policy's; null leaves
    the policy's, an empty list requires none."""

    audio: Languages | None = None
    subtitles: Languages | None = None


class ProtectionTerms(RequestBody, kw_only=True):
    """`insight` null: every insight, and the title is never removed. `languages` only
    changes the language policy of a title. A `preset` sets both.

    `expires_at` null: until somebody ends it.
    """

    insight: Insight | None = None
    languages: LanguageOverrideBody | None = None
    expires_at: Timestamp | None = None
    note: Note | None = None
    preset: PresetId | None = None


class ProtectionCreate(ProtectionTerms, kw_only=True):
    scope: ScopeRequest


class ProtectionBulk(ProtectionTerms, kw_only=True):
    title_ids: TitleIds


class ProtectionUpdate(RequestBody, kw_only=True):
    """The fields that are sent are changed; `null` clears. What is protected cannot be
    changed."""

    insight: Insight | UnsetType | None = UNSET
    languages: LanguageOverrideBody | UnsetType | None = UNSET
    expires_at: Timestamp | UnsetType | None = UNSET
    note: Note | UnsetType | None = UNSET
    preset: PresetId | UnsetType | None = UNSET
    expected_updated_at: Timestamp | UnsetType | None = UNSET


class ScopeResponse(ResponseBody, kw_only=True, frozen=True):
    kind: ScopeKind
    title_id: UUID | None
    season: int | None
    number: int | None
    library_id: UUID | None
    request_id: UUID | None


class ProtectedTitle(ResponseBody, kw_only=True, frozen=True):
    """`missing_since`: no server has it any more; it is protected when it returns."""

    id: UUID
    type: TitleKind
    name: str
    year: int | None
    missing_since: datetime | None

    @classmethod
    def of(cls, title: Title) -> Self:
        return cls.from_row(title, type=title.kind, year=title.year or None)


class ProtectedLibrary(ResponseBody, kw_only=True, frozen=True):
    """`gone`: it is not on its server any more. The protection applies again to a
    library of that server with the same name or the same folders."""

    id: UUID
    name: str
    server_id: UUID | None
    server: str | None
    gone: bool


class ProtectedRequest(ResponseBody, kw_only=True, frozen=True):
    """`external_id` is Seerr's number; `name` that of the title, empty if nobody knows
    it."""

    id: UUID
    external_id: int
    type: TitleKind
    name: str


class LanguageOverrideResponse(ResponseBody, kw_only=True, frozen=True):
    audio: Sequence[str] | None
    subtitles: Sequence[str] | None


class Author(ResponseBody, kw_only=True, frozen=True):
    """`id` is null if the account is gone, or a program did it."""

    id: UUID | None
    name: str


class ProtectionResponse(ResponseBody, kw_only=True, frozen=True):
    """`active`: it has not lapsed. `insight` null: every insight. With `languages` it
    hides nothing, it changes what is required of the title."""

    id: UUID
    scope: ScopeResponse
    title: ProtectedTitle | None
    library: ProtectedLibrary | None
    request: ProtectedRequest | None
    insight: Insight | None
    languages: LanguageOverrideResponse | None
    preset: str | None
    note: str | None
    author: Author
    expires_at: datetime | None
    active: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(
        cls,
        row: Protection,
        *,
        title: Title | None,
        library: tuple[Library, MediaServer] | None,
        request: object | None,
        now: datetime,
    ) -> Self:
        scope, override = Scope.of(row), override_of(row)
        return cls.from_row(
            row,
            scope=ScopeResponse.from_row(scope),
            title=None if title is None else ProtectedTitle.of(title),
            library=None if row.library_id is None else _library(row, library),
            request=None if request is None else ProtectedRequest.from_row(request),
            insight=Insight(row.insight) if row.insight else None,
            languages=LanguageOverrideResponse.from_row(override)
            if has_override(row)
            else None,
            author=Author(id=row.author_id, name=row.author_name),
            active=is_active(row, now),
        )


def _library(
    row: Protection, found: tuple[Library, MediaServer] | None
) -> ProtectedLibrary:
    library, server = found or (None, None)
    assert row.library_id is not None  # noqa: S101
    return ProtectedLibrary(
        id=row.library_id,
        name=library.name if library else row.library_name or "",
        server_id=server and server.id,
        server=server and server.name,
        gone=library is None or library.missing_since is not None,
    )


class ProtectionPage(Page[ProtectionResponse], kw_only=True, frozen=True):
    items: Sequence[ProtectionResponse]


class PresetResponse(ResponseBody, kw_only=True, frozen=True):
    """Send the `id` as `preset`. `scopes` are what it may protect."""

    id: str
    name: str
    description: str
    insight: Insight | None
    languages: LanguageOverrideResponse | None
    scopes: Sequence[ScopeKind]

    @classmethod
    def of(cls, preset: Preset) -> Self:
        languages = preset.languages
        return cls.from_row(
            preset,
            scopes=sorted(preset.scopes),
            languages=languages and LanguageOverrideResponse.from_row(languages),
        )


class PresetPage(Page[PresetResponse], kw_only=True, frozen=True):
    items: Sequence[PresetResponse]


class Outcome(StrEnum):
    CREATED = "created"
    RENEWED = "renewed"
    """An earlier protection had lapsed."""
    ALREADY_PROTECTED = "already_protected"
    NOT_FOUND = "not_found"


class BulkItem(ResponseBody, kw_only=True, frozen=True):
    """`protection_id` is the one that protects the title now, null if there is none."""

    title_id: UUID
    status: Outcome
    protection_id: UUID | None


class BulkResponse(ResponseBody, kw_only=True, frozen=True):
    """In the order of the request."""

    items: Sequence[BulkItem]

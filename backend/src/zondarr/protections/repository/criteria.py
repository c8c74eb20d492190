"""What protections do, in SQL; `protections.rules` has the same as functions.

Each subquery names its workspace, so that it can stand in any statement.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import MediaItem, Title
from zondarr.core.database import Session
from zondarr.media.types import ItemKind
from zondarr.protections.models import ALL_INSIGHTS, Protection
from zondarr.protections.rules import BY_PART, WHOLE_TITLE, LanguageOverride
from zondarr.servers.models import Library, MediaServer

COPIES = (ItemKind.MOVIE, ItemKind.SHOW)


def quiets(insight: Insight, now: datetime, workspace_id: UUID) -> ColumnElement[bool]:
    """Over `Title`: an active protection hides it from the insight."""
    return or_(
        Title.id.in_(_protected_titles(insight, now, workspace_id)),
        Title.id.in_(_titles_in_protected_libraries(insight, now, workspace_id)),
    )


def exempt(insight: Insight, now: datetime, workspace_id: UUID) -> ColumnElement[bool]:
    """Over `MediaItem`: the season or episode is left out by the insight."""
    part = exempt_parts(insight, now, workspace_id).where(
        Protection.title_id == MediaItem.title_id,
        Protection.season == MediaItem.season,
        or_(Protection.number.is_(None), Protection.number == MediaItem.number),
    )
    return exists(part)


def exempt_parts(
    insight: Insight, now: datetime, workspace_id: UUID
) -> Select[UUID | None, int | None, int | None]:
    """Selects title, season and number (null: the whole season) of the parts that the
    insight leaves out: few rows, none for insights that judge whole titles."""
    parts = select(Protection.title_id, Protection.season, Protection.number).where(
        concerns(insight, now, workspace_id), Protection.season.is_not(None)
    )
    return parts if insight in BY_PART else parts.where(Protection.id.is_(None))


def overridden_titles(
    override: LanguageOverride, now: datetime, workspace_id: UUID
) -> Select[UUID | None]:
    """Selects the ids of the titles with exactly this language override."""
    return select(Protection.title_id).where(
        _overrides(now, workspace_id),
        *(
            column.is_(None) if tags is None else column == list(tags)
            for column, tags in (
                (Protection.audio, override.audio),
                (Protection.subtitles, override.subtitles),
            )
        ),
    )


async def language_overrides(
    session: Session, now: datetime
) -> Sequence[LanguageOverride]:
    """The different language overrides that are active."""
    rows = select(Protection.audio, Protection.subtitles).distinct()
    rows = rows.where(_overrides(now, session.workspace_id))
    rows = rows.order_by(Protection.audio, Protection.subtitles)
    return [
        LanguageOverride(
            None if audio is None else tuple(audio),
            None if subtitles is None else tuple(subtitles),
        )
        for audio, subtitles in await session.execute(rows)
    ]


def active(now: datetime) -> ColumnElement[bool]:
    return or_(Protection.expires_at.is_(None), Protection.expires_at > now)


def concerns(
    insight: Insight, now: datetime, workspace_id: UUID
) -> ColumnElement[bool]:
    """Over `Protection`: it is active and hides what it protects from the insight."""
    return and_(
        Protection.workspace_id == workspace_id,
        Protection.insight.in_((ALL_INSIGHTS, insight.value)),
        Protection.audio.is_(None),
        Protection.subtitles.is_(None),
        active(now),
    )


def _overrides(now: datetime, workspace_id: UUID) -> ColumnElement[bool]:
    return and_(
        Protection.workspace_id == workspace_id,
        Protection.title_id.is_not(None),
        or_(Protection.audio.is_not(None), Protection.subtitles.is_not(None)),
        active(now),
    )


def _protected_titles(insight: Insight, now: datetime, workspace_id: UUID) -> Any:
    titles = select(Protection.title_id).where(
        concerns(insight, now, workspace_id), Protection.title_id.is_not(None)
    )
    whole = insight in WHOLE_TITLE
    return titles if whole else titles.where(Protection.season.is_(None))


def _titles_in_protected_libraries(
    insight: Insight, now: datetime, workspace_id: UUID
) -> Any:
    concerning = concerns(insight, now, workspace_id)
    libraries = select(Protection.library_id).where(
        concerning, Protection.library_id.is_not(None)
    )
    stand_ins = library_stand_ins(workspace_id).where(concerning)
    either = libraries.union_all(stand_ins.with_only_columns(Library.id))
    return select(MediaItem.title_id).where(
        MediaItem.workspace_id == workspace_id,
        MediaItem.library_id.in_(either),
        MediaItem.kind.in_(COPIES),
        MediaItem.listed,
    )


def library_stand_ins(workspace_id: UUID) -> Select[UUID, UUID]:
    """Selects protections whose library is gone, and the libraries of the same server
    that have its name or its folders: it was made again, or its server was added
    anew."""
    earlier = aliased(Library)
    name = func.coalesce(earlier.name, Protection.library_name)
    folders = func.coalesce(earlier.location_key, Protection.library_location_key)
    return (
        select(Protection.id, Library.id)
        .join(MediaServer, MediaServer.machine_id == Protection.server_machine_id)
        .join(Library, Library.media_server_id == MediaServer.id)
        .outerjoin(
            earlier,
            and_(
                earlier.id == Protection.library_id,
                earlier.workspace_id == workspace_id,
            ),
        )
        .where(
            Protection.workspace_id == workspace_id,
            MediaServer.workspace_id == workspace_id,
            Library.workspace_id == workspace_id,
            or_(earlier.id.is_(None), earlier.missing_since.is_not(None)),
            Library.missing_since.is_(None),
            or_(Library.name == name, Library.location_key == folders),
        )
    )

"""The sizes of films and seasons, summed up from their files.

`Title.largest` has the same for whole titles. This is for the page that is shown, and
for titles some parts of which are exempt.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select

from zondarr.catalogue.models import MediaFile, MediaItem
from zondarr.core.repository import AnySelect
from zondarr.media.types import ItemKind


def unit_sizes(
    titles: Any, exempt: ColumnElement[bool] | None, workspace_id: UUID
) -> AnySelect:
    """A row for each film, and for each season of a show, in each library: title_id,
    library_id, season, leaves, versions, unknown, largest, sum.

    `titles` are ids or a query for ids; items for which `exempt` holds are left out.
    """
    leaves = _leaf_sizes(titles, exempt, workspace_id).subquery()
    movie = leaves.c.kind == ItemKind.MOVIE
    # Each film of a library is a unit, but all episodes of a season are one.
    unit = case((movie, leaves.c.id), else_=leaves.c.library_id)
    return select(
        leaves.c.title_id,
        leaves.c.library_id,
        leaves.c.season,
        func.count().label("leaves"),
        func.sum(leaves.c.versions).label("versions"),
        func.sum(leaves.c.unknown).label("unknown"),
        func.sum(leaves.c.largest).label("largest"),
        func.sum(leaves.c.sum).label("sum"),
    ).group_by(leaves.c.title_id, unit, leaves.c.library_id, leaves.c.season)


def _leaf_sizes(
    titles: Any, exempt: ColumnElement[bool] | None, workspace_id: UUID
) -> AnySelect:
    size = func.coalesce(MediaFile.size, 0)
    mine = MediaFile.workspace_id == workspace_id
    leaf = (
        MediaItem.title_id,
        MediaItem.id,
        MediaItem.kind,
        MediaItem.library_id,
        MediaItem.season,
    )
    rows = (
        select(
            *leaf,
            func.count().label("versions"),
            func.sum(case((MediaFile.size.is_(None), 1), else_=0)).label("unknown"),
            func.max(size).label("largest"),
            func.sum(size).label("sum"),
        )
        .join(MediaFile, and_(MediaFile.item_id == MediaItem.id, mine))
        .where(
            MediaItem.workspace_id == workspace_id,
            MediaItem.title_id.in_(titles),
            MediaItem.listed,
        )
        .group_by(*leaf)
    )
    return rows if exempt is None else rows.where(~exempt)


def titles_with(
    titles: Any,
    exempt: ColumnElement[bool],
    workspace_id: UUID,
    *,
    column: str,
    least: ColumnElement[Any] | int,
) -> AnySelect:
    """Selects the ids of those titles that have a unit with at least this value."""
    units = unit_sizes(titles, exempt, workspace_id).subquery()
    return select(units.c.title_id).where(units.c[column] >= least)

"""Inserts that say what happens when the row exists."""

from typing import cast

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from zondarr.core.database.scope import Session
from zondarr.core.models import Base


def insert(session: Session, entity: type[Base]) -> Insert:
    """An insert with `on_conflict_…`, which both databases spell alike."""
    rows = cast("Table", entity.__table__)
    if session.get_bind().dialect.name == "postgresql":
        return postgresql_insert(rows)
    return cast("Insert", cast("object", sqlite_insert(rows)))

"""Whether anything changed on which verdicts depend."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, ScalarSelect, bindparam, func, select

from zondarr.catalogue.models import CatalogueSync, WatchAccount
from zondarr.core.database import Session
from zondarr.core.models import Entity, UTCDateTime
from zondarr.protections.models import Protection
from zondarr.protections.repository.criteria import active
from zondarr.servers.models import Library, MediaServer
from zondarr.settings.models import WorkspaceSetting

OF_WORKSPACE = (CatalogueSync, Protection, WorkspaceSetting, Library)
_WORKSPACE = bindparam("workspace", type_=Protection.workspace_id.type)
_NOW: Any = bindparam("now", type_=UTCDateTime())


class Revision(NamedTuple):
    """`protections` is the number of those that are active."""

    protections: int
    changes: tuple[Any, ...]


async def read_revision(session: Session, now: datetime) -> Revision:
    """Another value after a sync published, a protection or a setting changed, an
    account was read, or a server was removed: the newest change of each table, and its
    number of rows. Also when a protection lapsed.
    """
    given = {"workspace": session.workspace_id, "now": now}
    row: Row[Any] = (await session.execute(_STATEMENT, given)).one()
    return Revision(row[0], tuple(row[1:]))


def _columns() -> list[ScalarSelect[Any]]:
    mine = Protection.workspace_id == _WORKSPACE
    lasting = select(func.count(Protection.id)).where(mine, active(_NOW))
    columns: list[ScalarSelect[Any]] = [lasting.scalar_subquery()]
    for table in OF_WORKSPACE:
        rows = table.workspace_id == _WORKSPACE
        columns += [
            select(of(table)).where(rows).scalar_subquery() for of in (_latest, _number)
        ]
    # Accounts are found by their servers.
    servers = select(MediaServer.id).where(MediaServer.workspace_id == _WORKSPACE)
    accounts = WatchAccount.media_server_id.in_(servers)
    columns += [
        select(of(WatchAccount)).where(accounts).scalar_subquery()
        for of in (_latest, _number)
    ]
    return columns


def _latest(table: type[Entity]) -> Any:
    return func.max(table.updated_at)


def _number(table: type[Entity]) -> Any:
    return func.count(table.id)


_STATEMENT = select(*_columns())
"""Built once: it is part of each list."""

"""Whether anything changed on which verdicts depend."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, ScalarSelect, func, select

from zondarr.catalogue.models import CatalogueSync, WatchAccount
from zondarr.core.database import Session
from zondarr.core.models import Entity
from zondarr.protections.models import Protection
from zondarr.protections.repository.criteria import active
from zondarr.servers.models import Library, MediaServer
from zondarr.settings.models import WorkspaceSetting

OF_WORKSPACE = (CatalogueSync, Protection, WorkspaceSetting, Library)

type Revision = tuple[Any, ...]


async def read_revision(session: Session, now: datetime) -> Revision:
    """Another value after a sync published, a protection or a setting changed, an
    account was read, or a server was removed: the newest change of each table, and its
    number of rows. Also when a protection lapsed.
    """
    mine = Protection.workspace_id == session.workspace_id
    lasting = select(func.count(Protection.id)).where(mine, active(now))
    columns: list[ScalarSelect[Any]] = [lasting.scalar_subquery()]
    for table in OF_WORKSPACE:
        rows = table.workspace_id == session.workspace_id
        columns += [
            select(of(table)).where(rows).scalar_subquery() for of in (_latest, _number)
        ]
    # Accounts are found by their servers.
    servers = select(MediaServer.id).where(
        MediaServer.workspace_id == session.workspace_id
    )
    accounts = WatchAccount.media_server_id.in_(servers)
    columns += [
        select(of(WatchAccount)).where(accounts).scalar_subquery()
        for of in (_latest, _number)
    ]
    row: Row[Any] = (await session.execute(select(*columns))).one()
    return tuple(row)


def _latest(table: type[Entity]) -> Any:
    return func.max(table.updated_at)


def _number(table: type[Entity]) -> Any:
    return func.count(table.id)

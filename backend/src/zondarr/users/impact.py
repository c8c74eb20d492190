"""The impact of removing a server on people; registered with `servers`."""

from uuid import UUID

from zondarr.core.database import Session
from zondarr.servers.impact import (
    SHOWN,
    Impact,
    ImpactItem,
    ImpactKind,
)
from zondarr.users.repository import IdentityRepository, UserRepository


async def impact_on_accounts(session: Session, server_id: UUID) -> Impact:
    """The known accounts on it: they stay on the server, their rows are deleted."""
    found = await UserRepository(session).get_by_server(server_id)
    items = [ImpactItem(id=one.id, name=one.username) for one in found[:SHOWN]]
    return Impact(kind=ImpactKind.USERS, count=len(found), blocks=False, items=items)


async def impact_on_people(session: Session, server_id: UUID) -> Impact:
    """The people who then have no account left."""
    found = await IdentityRepository(session).get_only_on(server_id)
    items = [ImpactItem(id=one.id, name=one.display_name) for one in found[:SHOWN]]
    return Impact(
        kind=ImpactKind.IDENTITIES, count=len(found), blocks=False, items=items
    )

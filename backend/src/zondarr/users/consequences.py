"""What removing a server means for people; `servers` asks for it when told to."""

from uuid import UUID

from zondarr.core.database import Session
from zondarr.servers.consequences import (
    SHOWN,
    Consequence,
    ConsequenceItem,
    ConsequenceKind,
)
from zondarr.users.repository import IdentityRepository, UserRepository


async def accounts_of(session: Session, server_id: UUID) -> Consequence:
    """The accounts we know on it: they stay there, and we forget them."""
    found = await UserRepository(session).get_by_server(server_id)
    items = [ConsequenceItem(id=one.id, name=one.username) for one in found[:SHOWN]]
    return Consequence(
        kind=ConsequenceKind.USERS, count=len(found), blocks=False, items=items
    )


async def people_left_without(session: Session, server_id: UUID) -> Consequence:
    """The people who then have no account anywhere."""
    found = await IdentityRepository(session).get_only_on(server_id)
    items = [ConsequenceItem(id=one.id, name=one.display_name) for one in found[:SHOWN]]
    return Consequence(
        kind=ConsequenceKind.IDENTITIES, count=len(found), blocks=False, items=items
    )

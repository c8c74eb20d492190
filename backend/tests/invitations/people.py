"""Who is known here after guests came in."""

from collections.abc import Sequence

from tests.invitations.house import House

from zondarr.users.models import Identity, User
from zondarr.users.repository import IdentityRepository, UserRepository


async def people(house: House) -> list[tuple[Identity, int]]:
    """Every person, with the number of their accounts."""
    async with house.database.scoped(house.workspace.id) as session:
        everyone = await IdentityRepository(session).get_all()
        users = UserRepository(session)
        return [(one, len(await users.get_by_identity(one.id))) for one in everyone]


async def users(house: House) -> Sequence[User]:
    async with house.database.scoped(house.workspace.id) as session:
        return await UserRepository(session).get_all()

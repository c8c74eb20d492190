"""What deleting a person would do, found out by asking the servers."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.protocol import MediaClient
from zondarr.media.types import Capability
from zondarr.users.actions import Outcome, PeopleActions
from zondarr.users.exceptions import UnsupportedError
from zondarr.users.models import User
from zondarr.users.schemas import Foreseen, ForeseenRemoval, IdentityRemoval

PATIENCE = 10.0
"""Seconds a server has to answer; the operator is looking at an open dialog."""


async def foresee_removal(
    actions: PeopleActions, id: UUID, *, patience: float = PATIENCE
) -> IdentityRemoval:
    """What would happen on each server, as they stand now. Changes nothing."""
    identity = await actions.get(id)
    servers = await asyncio.gather(
        *(_foresee(actions, user, patience) for user in identity.users)
    )
    return IdentityRemoval(
        id=identity.id,
        display_name=identity.display_name,
        complete=_is_complete(servers),
        servers=servers,
    )


async def _foresee(
    actions: PeopleActions, user: User, patience: float
) -> ForeseenRemoval:
    try:
        async with asyncio.timeout(patience):
            outcome = await actions.ask(user, Capability.DELETE_USER, _look)
    except TimeoutError:
        outcome = Outcome(user, error=_too_slow(user))
    return ForeseenRemoval(
        server_id=user.media_server_id,
        server_name=user.server.name,
        user_id=user.id,
        username=user.username,
        outcome=_outcome(outcome),
        error_code=outcome.error.error_code if outcome.error else None,
    )


async def _look(client: MediaClient, account: str) -> bool:
    """Whether it is there; raises what `delete_user` would say of an administrator."""
    for user in await client.list_users():
        if user.id == account:
            if user.is_admin:
                raise MediaClientError(
                    "delete_user", "", ErrorKind.REFUSED, "administrator"
                )
            return True
    return False


def _too_slow(user: User) -> MediaClientError:
    return MediaClientError(
        "list_users", user.server.url, ErrorKind.UNREACHABLE, "server_timeout"
    )


def _outcome(outcome: Outcome) -> Foreseen:
    match outcome.error:
        case None:
            return Foreseen.DELETED if outcome.found else Foreseen.GONE
        case UnsupportedError():
            return Foreseen.UNSUPPORTED
        case MediaClientError(kind=ErrorKind.REFUSED):
            return Foreseen.REFUSED
        case _:
            return Foreseen.FAILED


def _is_complete(servers: Sequence[ForeseenRemoval]) -> bool:
    return all(one.outcome in {Foreseen.DELETED, Foreseen.GONE} for one in servers)

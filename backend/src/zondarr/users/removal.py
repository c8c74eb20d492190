"""What deleting a person would do, found out by asking the servers."""

import asyncio
from collections.abc import Sequence
from functools import partial
from uuid import UUID

from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.protocol import MediaClient
from zondarr.media.types import Capability, ShareStatus
from zondarr.users.actions import Outcome, PeopleActions
from zondarr.users.directory import Directory
from zondarr.users.exceptions import UnsupportedError
from zondarr.users.models import User
from zondarr.users.schemas import Foreseen, ForeseenRemoval, IdentityRemoval

PATIENCE = 10.0
"""Seconds a server has to answer; the operator is looking at an open dialog."""

HAPPENS = {Foreseen.DELETED, Foreseen.UNSHARED, Foreseen.NARROWED, Foreseen.GONE}
"""After these the person has nothing of ours there any more."""


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
            outcome = await actions.ask(
                user, {Capability.DELETE_USER}, partial(_look, user)
            )
    except TimeoutError:
        outcome = Outcome[Foreseen](user, error=_too_slow(user))
    return ForeseenRemoval(
        server_id=user.media_server_id,
        server_name=user.server.name,
        user_id=user.id,
        username=user.username,
        outcome=_outcome(outcome),
        error_code=outcome.error.error_code if outcome.error else None,
    )


async def _look(user: User, client: MediaClient) -> Foreseen:
    """What `PeopleActions` would do with it, as it stands there."""
    account = Directory(await client.list_users()).find(user)
    if account is None or account.standing is ShareStatus.LEFT:
        return Foreseen.GONE
    if account.is_admin:
        return Foreseen.REFUSED
    if user.access_before is not None:
        return Foreseen.NARROWED
    return Foreseen.UNSHARED if account.is_friend else Foreseen.DELETED


def _too_slow(user: User) -> MediaClientError:
    return MediaClientError(
        "list_users", user.server.url, ErrorKind.UNREACHABLE, "server_timeout"
    )


def _outcome(outcome: Outcome[Foreseen]) -> Foreseen:
    if outcome.answer is not None:
        return outcome.answer
    match outcome.error:
        case UnsupportedError():
            return Foreseen.UNSUPPORTED
        case MediaClientError(kind=ErrorKind.REFUSED):
            return Foreseen.REFUSED
        case _:
            return Foreseen.FAILED


def _is_complete(servers: Sequence[ForeseenRemoval]) -> bool:
    return all(one.outcome in HAPPENS for one in servers)

"""A preview of deleting a person, made by reading from the servers."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.protocol import MediaClient
from zondarr.media.types import Capability, Presence, ShareStatus
from zondarr.users.account_index import AccountIndex
from zondarr.users.actions import Outcome, PeopleActions
from zondarr.users.exceptions import UnsupportedError
from zondarr.users.models import User
from zondarr.users.schemas import (
    DeletionOutcome,
    DeletionPreview,
    ServerDeletionPreview,
)

TIME_LIMIT = timedelta(seconds=10)
"""For one server to respond; the operator is waiting in a dialog."""

REMOVED = {
    DeletionOutcome.DELETED,
    DeletionOutcome.UNSHARED,
    DeletionOutcome.NARROWED,
    DeletionOutcome.GONE,
}
"""After these nothing of ours is left there."""


async def preview_deletion(
    actions: PeopleActions, id: UUID, *, time_limit: timedelta = TIME_LIMIT
) -> DeletionPreview:
    """What would happen on each server at present. Changes nothing."""
    identity = await actions.get(id)
    servers = await asyncio.gather(
        *(_preview_on_server(actions, user, time_limit) for user in identity.users)
    )
    return DeletionPreview(
        id=identity.id,
        display_name=identity.display_name,
        complete=_is_complete(servers),
        servers=servers,
    )


async def _preview_on_server(
    actions: PeopleActions, user: User, time_limit: timedelta
) -> ServerDeletionPreview:
    try:
        async with asyncio.timeout(time_limit.total_seconds()):
            outcome = await actions.call_server(
                user, {Capability.DELETE_USER}, partial(_predict, user)
            )
    except TimeoutError:
        outcome = Outcome[DeletionOutcome](user, error=_too_slow(user))
    return ServerDeletionPreview(
        server_id=user.media_server_id,
        server_name=user.server.name,
        user_id=user.id,
        username=user.username,
        outcome=_outcome(outcome),
        error_code=outcome.error.error_code if outcome.error else None,
    )


async def _predict(user: User, client: MediaClient) -> DeletionOutcome:
    """What `PeopleActions` would do with the account in its current state."""
    account = AccountIndex(await client.list_users()).find(user)
    if account is None:
        if await client.account_presence(user.external_user_id) is not Presence.GONE:
            url = user.server.url
            raise MediaClientError("list_users", url, code="answer_doubtful")
        return DeletionOutcome.GONE
    if account.standing is ShareStatus.LEFT:
        return DeletionOutcome.GONE
    if account.is_admin:
        return DeletionOutcome.REFUSED
    if user.access_before is not None:
        return DeletionOutcome.NARROWED
    return DeletionOutcome.UNSHARED if account.is_friend else DeletionOutcome.DELETED


def _too_slow(user: User) -> MediaClientError:
    return MediaClientError(
        "list_users", user.server.url, ErrorKind.UNREACHABLE, "server_timeout"
    )


def _outcome(outcome: Outcome[DeletionOutcome]) -> DeletionOutcome:
    if outcome.answer is not None:
        return outcome.answer
    match outcome.error:
        case UnsupportedError():
            return DeletionOutcome.UNSUPPORTED
        case MediaClientError(kind=ErrorKind.REFUSED):
            return DeletionOutcome.REFUSED
        case _:
            return DeletionOutcome.FAILED


def _is_complete(servers: Sequence[ServerDeletionPreview]) -> bool:
    return all(one.outcome in REMOVED for one in servers)

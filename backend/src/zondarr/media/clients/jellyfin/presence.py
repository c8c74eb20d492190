"""Whether a Jellyfin server has an account, and whether its responses can be trusted.

A standby, a server restored from an old backup or another server at the same address
answers GetUserById with 404 just like the known server.
"""

from zondarr.media.clients.jellyfin.api import JellyfinApi, is_id
from zondarr.media.clients.jellyfin.policy import normalized_id
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import Presence

EMPTY = "empty_answer"


async def presence_of(api: JellyfinApi, user_id: str) -> Presence:
    if await api.user(user_id) is not None:
        return Presence.PRESENT
    if not is_id(normalized_id(user_id)):
        return Presence.GONE
    if await is_replaced(api) or await _is_listed(api, user_id):
        return Presence.UNKNOWN
    return Presence.GONE


async def is_replaced(api: JellyfinApi) -> bool:
    """Whether another server than the stored one responds
    (GetPublicSystemInfo, `Id`).
    """
    known = api.machine_id
    return known is not None and (await api.public_info()).id != known


async def require_known_server(api: JellyfinApi) -> None:
    if await is_replaced(api):
        raise api.error(ErrorKind.FAILED, "server_replaced")


async def require_gone(api: JellyfinApi, user_id: str) -> None:
    """Raise unless the account is certainly absent from the stored server."""
    if not is_id(normalized_id(user_id)):
        return
    await require_known_server(api)
    if await _is_listed(api, user_id):
        raise api.error(ErrorKind.FAILED, "answer_doubtful")


async def _is_listed(api: JellyfinApi, user_id: str) -> bool:
    """Whether GetUsers lists the account; also true for an empty list, since there is
    always an administrator.
    """
    try:
        users = await api.users()
    except MediaClientError as error:
        if error.error_code == EMPTY:
            return True
        raise
    wanted = normalized_id(user_id)
    return any(normalized_id(user.id) == wanted for user in users)

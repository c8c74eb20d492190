"""Whether a Jellyfin server has an account, and whether its answers can be believed.

A standby, a server restored from an old copy or another one at the same address answers
GetUserById with 404 just like the one that we know.
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
    """Whether another server than the known one answers (GetPublicSystemInfo, `Id`)."""
    known = api.machine_id
    return known is not None and (await api.public_info()).id != known


async def require_known_server(api: JellyfinApi) -> None:
    if await is_replaced(api):
        raise api.error(ErrorKind.FAILED, "server_replaced")


async def require_gone(api: JellyfinApi, user_id: str) -> None:
    """Raise unless an account that was not found was seen to be gone."""
    if not is_id(normalized_id(user_id)):
        return
    await require_known_server(api)
    if await _is_listed(api, user_id):
        raise api.error(ErrorKind.FAILED, "answer_doubtful")


async def _is_listed(api: JellyfinApi, user_id: str) -> bool:
    """Also for an empty list: there is always an administrator (GetUsers)."""
    try:
        users = await api.users()
    except MediaClientError as error:
        if error.error_code == EMPTY:
            return True
        raise
    wanted = normalized_id(user_id)
    return any(normalized_id(user.id) == wanted for user in users)

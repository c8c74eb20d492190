"""Deleting items, files and all."""

from media_server_simulators.jellyfin.http.call import Call, nothing
from media_server_simulators.jellyfin.http.errors import not_found, text_error
from media_server_simulators.jellyfin.http.parameters import GUID, GUIDS
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.items.catalogue import descendants, find
from media_server_simulators.jellyfin.items.library_access import may_see
from media_server_simulators.jellyfin.state import User
from media_server_simulators.jellyfin.values import flag, texts
from media_server_simulators.wire import Reply
from media_server_simulators.world import Title

routes = Routes()


@routes.on("DELETE", "/Items/{itemId}", path={"itemId": GUID})
def delete_item(call: Call) -> Reply:
    _delete(call, call.guid("itemId") or "")
    return nothing()


@routes.on("DELETE", "/Items", query={"ids": GUIDS})
def delete_items(call: Call) -> Reply:
    """One after another: what came before an unknown id is gone."""
    for each in call.words("ids"):
        _delete(call, each)
    return nothing()


def _delete(call: Call, id_: str) -> None:
    """Raises 404 for an item the caller cannot see, 401 for one they must keep."""
    user, title = call.caller.user, find(call.state, id_)
    if title is None or not may_see(call.state, user, title):
        raise not_found()
    if not may_delete(user, title):
        raise text_error(401, "Unauthorized access")
    gone = {title.id, *(t.id for t in descendants(call.state, title.id))}
    call.state.deleted |= gone


def may_delete(user: User | None, title: Title) -> bool:
    """A key needs no right; a user needs it for all, or for that library."""
    if user is None or flag(user.policy, "EnableContentDeletion"):
        return True
    return title.library_id in texts(user.policy, "EnableContentDeletionFromFolders")

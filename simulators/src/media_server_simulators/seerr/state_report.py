"""The state of a simulated Seerr as tests want to see it."""

from media_server_simulators.seerr.state import MediaRequest, State, User
from media_server_simulators.seerr.values import written
from media_server_simulators.wire import Json, JsonObject


def describe(state: State) -> JsonObject:
    return {
        "product": state.profile.value,
        "version": state.version,
        "initialized": state.initialized,
        "users": [_user(state, each) for each in state.users.values()],
        "requests": [show(each) for each in state.requests.values()],
        "media": len(state.media),
        "blocklist": list[Json](state.blocklist),
    }


def _user(state: State, user: User) -> JsonObject:
    return {
        "id": user.id,
        "name": user.display_name,
        "email": user.email,
        "type": user.type.name.lower(),
        "jellyfin_user_id": user.jellyfin_id,
        "plex_id": user.plex_id,
        "permissions": int(user.permissions),
        "requests": state.request_counts[user.id],
    }


def show(request: MediaRequest) -> JsonObject:
    """One request, with what counts for it."""
    return {
        "id": request.id,
        "type": request.media.type,
        "tmdb": request.media.tmdb,
        "media_id": request.media.id,
        "is_4k": request.is_4k,
        "status": request.status.name.lower(),
        "media_status": request.media_status.name.lower(),
        "requested_at": written(request.created),
        "requester": {"id": request.by.id, "name": request.by.display_name},
        "seasons": [each.number for each in request.seasons],
    }

"""The state as tests want to see it, by `GET /_simulator/state`."""

from media_server_simulators.jellyfin.items.library_access import may_open
from media_server_simulators.jellyfin.state import State, User
from media_server_simulators.jellyfin.values import flag, text
from media_server_simulators.wire import Json, JsonObject


def describe(state: State, *, api_key: str) -> JsonObject:
    return {
        "server": {
            "id": state.server_id,
            "name": state.world.server_name,
            "version": state.version.value,
            "base_path": state.base_path,
        },
        "api_key": api_key,
        "api_keys": [
            {"token": key.token, "app": key.app}
            for key in state.api_keys.values()
            if key.listed
        ],
        "users": [_user(state, user) for user in state.users.values()],
        "libraries": [
            {
                "id": text(each, "ItemId"),
                "name": text(each, "Name"),
                "type": text(each, "CollectionType") or None,
            }
            for each in state.folders
        ],
        "sessions": [
            {
                "id": s.id,
                "user_id": s.user_id,
                "device_id": s.device_id,
                "client": s.client,
            }
            for s in state.sessions.values()
        ],
        "activity": [
            {"type": entry.kind, "name": entry.name, "user_id": entry.user_id}
            for entry in state.log
        ],
    }


def _user(state: State, user: User) -> JsonObject:
    opened: list[Json] = [
        text(each, "Name")
        for each in state.folders
        if may_open(user, text(each, "ItemId"))
    ]
    return {
        "id": user.id,
        "name": user.name,
        "is_administrator": flag(user.policy, "IsAdministrator"),
        "is_disabled": flag(user.policy, "IsDisabled"),
        "has_password": user.secret is not None,
        "libraries": opened,
        "policy": user.policy,
        "configuration": user.configuration,
        "tokens": sum(device.user_id == user.id for device in state.devices.values()),
        "sessions": sum(
            session.user_id == user.id for session in state.sessions.values()
        ),
    }

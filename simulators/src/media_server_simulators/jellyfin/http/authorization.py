"""Who a request comes from: the header's parts, tokens, old ways."""

from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import unquote_plus

from media_server_simulators.jellyfin.state import Device, State, User
from media_server_simulators.jellyfin.values import flag
from media_server_simulators.wire import Request

FRIENDLY_NAME = "Jellyfin Server"
TOUCH_AFTER = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Caller:
    """`known` means that the token is one of ours; `user` is None for an API key."""

    client: str = ""
    device: str = ""
    device_id: str = ""
    version: str = ""
    token: str = ""
    known: bool = False
    is_key: bool = False
    user: User | None = None

    @property
    def is_admin(self) -> bool:
        return self.is_key or (
            self.user is not None and flag(self.user.policy, "IsAdministrator")
        )

    @property
    def is_someone(self) -> bool:
        """Authenticated: the token is known and its user is not disabled."""
        if not self.token or not self.known:
            return False
        return self.user is None or not flag(self.user.policy, "IsDisabled")


def identify(state: State, request: Request) -> Caller:
    legacy = flag(state.configuration, "EnableLegacyAuthorization")
    if not state.version.since_10_11:
        legacy = True
    parts = _parts(request, legacy=legacy)
    caller = Caller(
        client=parts.get("Client", ""),
        device=parts.get("Device", ""),
        device_id=parts.get("DeviceId", ""),
        version=parts.get("Version", ""),
        token=parts.get("Token", "") or _token_elsewhere(request, legacy=legacy),
    )
    if not caller.token:
        return caller
    device = state.devices.get(caller.token)
    return _of_device(state, caller, device) if device else _of_key(state, caller)


def _of_device(state: State, caller: Caller, device: Device) -> Caller:
    """Parts left out are the device's; new ones are remembered with it."""
    if caller.device and "chromecast" not in caller.client.lower():
        device.name = caller.device
    if caller.version and "chromecast" not in caller.client.lower():
        device.app_version = caller.version
    if state.now() - device.last_activity > TOUCH_AFTER:
        device.last_activity = state.now()
    return replace(
        caller,
        client=caller.client or device.app,
        device=caller.device or device.name,
        device_id=caller.device_id or device.device_id,
        version=caller.version or device.app_version,
        known=True,
        user=state.users.get(device.user_id),
    )


def _of_key(state: State, caller: Caller) -> Caller:
    key = state.api_keys.get(caller.token)
    if key is None:
        return caller
    return replace(
        caller,
        client=key.app,
        device=caller.device or FRIENDLY_NAME,
        device_id=caller.device_id or state.server_id,
        version=caller.version or state.version.value,
        known=True,
        is_key=True,
    )


def _parts(request: Request, *, legacy: bool) -> dict[str, str]:
    header = request.header("authorization")
    if legacy and not header:
        header = request.header("x-emby-authorization")
    scheme, space, rest = (header or "").partition(" ")
    schemes = {"mediabrowser", "emby"} if legacy else {"mediabrowser"}
    return split_parts(rest) if space and scheme.lower() in schemes else {}


def split_parts(text: str) -> dict[str, str]:
    """`a="1", b=2`: commas in quotes belong to the value, which is URL-decoded."""
    found: dict[str, str] = {}
    key, start, quoted = "", 0, False
    for place, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            if start < place:
                found[key] = _value(text[start:place])
                key = ""
            start = place + 1
        elif character == "=" and not quoted:
            key, start = text[start:place].strip(), place + 1
    if start < len(text):
        found[key] = _value(text[start:])
    return found


def _value(raw: str) -> str:
    return unquote_plus(raw.strip('"'))


def _token_elsewhere(request: Request, *, legacy: bool) -> str:
    query = {name.lower(): value for name, value in reversed(request.query)}
    old = (request.header("x-emby-token"), request.header("x-mediabrowser-token"))
    ways = [
        *(old if legacy else ()),
        query.get("apikey"),
        query.get("api_key") if legacy else None,
    ]
    return next((way for way in ways if way), "")

"""What a Seerr asks its Jellyfin, over HTTP as a real one does."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

from media_server_simulators.seerr.errors import message
from media_server_simulators.seerr.state import JellyfinSettings, State
from media_server_simulators.wire import Json, JsonObject

WITHIN_SECONDS = 10
DEVICE = 'Client="Seerr", Device="Seerr", DeviceId="seerr-simulator", Version="3.1.0"'
LIBRARY_TYPES = {"movies": "movie", "tvshows": "show"}


class UnreachableError(Exception):
    """No Jellyfin answers at the address."""


@dataclass(frozen=True, slots=True)
class JellyfinUser:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    id: str
    name: str
    is_administrator: bool
    token: str
    server_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Json


async def sign_in(
    state: State, settings: JellyfinSettings, name: str, password: str
) -> SignedIn:
    """Raises the refusal that Seerr gives for a wrong address or password."""
    if not settings.ip:
        return _sign_in_here(state, name, password)
    given: Json = {"Username": name, "Pw": password}
    try:
        answer = await _ask(settings, "POST", "/Users/AuthenticateByName", given)
    except UnreachableError as error:
        raise message(404, "INVALID_URL") from error
    found, user = as_object(answer.body), as_object(as_object(answer.body).get("User"))
    if answer.status == 403:  # noqa: PLR2004
        raise message(403, "NOT_ADMIN")
    if answer.status >= 400 or not user:  # noqa: PLR2004
        raise message(401, "INVALID_CREDENTIALS")
    return SignedIn(
        id=str(user.get("Id")),
        name=str(user.get("Name")),
        is_administrator=as_object(user.get("Policy")).get("IsAdministrator") is True,
        token=str(found.get("AccessToken")),
        server_id=str(found.get("ServerId")),
    )


def _sign_in_here(state: State, name: str, password: str) -> SignedIn:
    """With the people of the world, where no Jellyfin is connected."""
    for each in state.people:
        if each.name.lower() == name.lower() and each.password == password:
            return SignedIn(each.id, each.name, each.administrator, "", "")
    raise message(401, "INVALID_CREDENTIALS")


async def server_name(settings: JellyfinSettings) -> str:
    answer = await _ask(settings, "GET", "/System/Info/Public")
    return str(as_object(answer.body).get("ServerName") or "")


async def new_api_key(settings: JellyfinSettings) -> str:
    """Seerr makes itself a key of its own with the administrator's token."""
    path = "/Auth/Keys"
    _ = await _ask(settings, "POST", f"{path}?App=Seerr")
    answer = await _ask(settings, "GET", path)
    keys = _rows(as_object(answer.body).get("Items"))
    own = [each.get("AccessToken") for each in keys if each.get("AppName") == "Seerr"]
    return str(own[-1]) if own else ""


async def jellyfin_users(state: State) -> list[JellyfinUser]:
    """Everybody with an account there; nobody where no Jellyfin is connected."""
    if not state.jellyfin.ip:
        return [JellyfinUser(each.id, each.name) for each in state.people]
    try:
        answer = await _ask(state.jellyfin, "GET", "/Users")
    except UnreachableError as error:
        raise message(500, "Something went wrong. Please try again.") from error
    rows = _rows(answer.body)
    return [JellyfinUser(str(row.get("Id")), str(row.get("Name"))) for row in rows]


async def libraries(state: State) -> list[JsonObject]:
    """Its libraries of films and shows, by name."""
    answer = await _ask(state.jellyfin, "GET", "/Library/VirtualFolders")
    rows = [
        (str(row.get("Name")), str(row.get("ItemId")), str(row.get("CollectionType")))
        for row in _rows(answer.body)
    ]
    return [
        {"id": own, "name": name, "enabled": False, "type": LIBRARY_TYPES[kind]}
        for name, own, kind in sorted(rows)
        if kind in LIBRARY_TYPES
    ]


async def items(state: State, kind: str) -> list[JsonObject]:
    """All films, or all shows, with the ids that others know them by."""
    fields = f"IncludeItemTypes={kind}&fields=ProviderIds,DateCreated"
    path = f"/Items?Recursive=true&{fields}"
    answer = await _ask(state.jellyfin, "GET", path)
    return _rows(as_object(answer.body).get("Items"))


async def episodes(state: State, show: str) -> list[JsonObject]:
    path = f"/Items?ParentId={show}&Recursive=true&IncludeItemTypes=Episode"
    answer = await _ask(state.jellyfin, "GET", path)
    return _rows(as_object(answer.body).get("Items"))


async def _ask(
    settings: JellyfinSettings, method: str, path: str, body: Json = None
) -> Answer:
    """One request on a connection of its own. Raises UnreachableError."""
    place = urlsplit(settings.url)
    token = f'Token="{settings.api_key}", ' if settings.api_key else ""
    content = b"" if body is None else json.dumps(body).encode()
    head = h11.Request(
        method=method,
        target=f"{place.path.rstrip('/')}{path}",
        headers=[
            ("Host", place.netloc),
            ("Authorization", f"MediaBrowser {token}{DEVICE}"),
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(content))),
            ("Connection", "close"),
        ],
    )
    try:
        async with asyncio.timeout(WITHIN_SECONDS):
            return await _exchange(place.hostname or "", place.port, head, content)
    except (OSError, TimeoutError, h11.RemoteProtocolError) as error:
        raise UnreachableError from error


async def _exchange(
    host: str, port: int | None, head: h11.Request, content: bytes
) -> Answer:
    reader, writer = await asyncio.open_connection(host, port)
    wire = h11.Connection(h11.CLIENT)
    try:
        for event in (head, h11.Data(content), h11.EndOfMessage()):
            writer.write(wire.send(event) or b"")
        status, received = 0, bytearray()
        while True:
            event = wire.next_event()
            if event is h11.NEED_DATA:
                wire.receive_data(await reader.read(1 << 16))
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                received += event.data
            elif isinstance(event, h11.EndOfMessage):
                return Answer(status, _json(bytes(received)))
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def _json(text: bytes) -> Json:
    try:
        return json.loads(text)
    except ValueError:
        return None


def as_object(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _rows(value: Json) -> list[JsonObject]:
    rows = value if isinstance(value, list) else []
    return [each for each in rows if isinstance(each, dict)]

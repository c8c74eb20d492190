"""What others see of a simulated Jellyfin: its guests, and its journal."""

import re

import httpx2
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.jellyfin.state import User

GUID = re.compile(r"[0-9a-f]{32}")
DEVICE = (
    'MediaBrowser Client="Test", Device="Test", DeviceId="test-device", Version="1"'
)


def paths_of(simulator: JellyfinSimulator) -> list[str]:
    """The requests in the journal, with `{id}` for every id."""
    return [
        f"{entry.request.method} {GUID.sub('{id}', entry.request.path)}"
        for entry in simulator.journal.entries
    ]


def user_named(simulator: JellyfinSimulator, name: str) -> User:
    return next(u for u in simulator.state.users.values() if u.name == name)


async def sign_in(url: str, name: str, password: str) -> str | None:
    """A guest's token, or None if sign-in is refused."""
    async with httpx2.AsyncClient() as http:
        answer = await http.post(
            f"{url}/Users/AuthenticateByName",
            json={"Username": name, "Pw": password},
            headers={"Authorization": DEVICE},
        )
    if answer.status_code != 200:
        return None
    token: str = answer.json()["AccessToken"]
    return token


async def views_of(url: str, token: str, user_id: str) -> list[str]:
    """The libraries that the guest sees, without the system's own playlists."""
    async with httpx2.AsyncClient() as http:
        answer = await http.get(
            f"{url}/UserViews",
            params={"userId": user_id},
            headers={"Authorization": f'MediaBrowser Token="{token}"'},
        )
    views: list[dict[str, str]] = answer.json()["Items"]
    return [each["Id"] for each in views if each.get("CollectionType") != "playlists"]

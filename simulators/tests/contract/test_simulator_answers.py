"""The simulated Jellyfin answers in the shapes that Jellyfin's documents describe."""

import httpx2
import pytest
from tests.asking import Asker, served
from tests.contract.openapi import document

from media_server_simulators.jellyfin import JellyfinSimulator, Version
from media_server_simulators.wire import JsonObject

# What a real server answers although its document does not say so (media-apis.md 2.2).
UNDESCRIBED = {
    "POST /Users/AuthenticateByName 400",
    "POST /Users/AuthenticateByName 401",
    "POST /Users/AuthenticateByName 403",
    "POST /Users/New 400",
    "POST /Users/{userId}/Policy 404",
    "DELETE /Users/{userId} 400",
    "GET /Users/{userId} 400",
    "GET /Items 400",
    "GET /Items/{itemId} 400",
    "GET /UserViews 400",
    "POST /QuickConnect/Authorize 400",
    "POST /QuickConnect/Initiate 400",
    "POST /Users/AuthenticateWithQuickConnect 404",
}
# What it answers otherwise than described: a sentence where an object should be.
OTHERWISE = {'GET /Users/{userId} 404: "User not found" is not of type "object"'}
NOBODY = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("version", Version)
async def test_answers_have_the_described_shapes(version: Version) -> None:
    result = document(version)
    simulator = JellyfinSimulator(version=version)
    complaints: list[str] = []

    async def check(response: httpx2.Response) -> None:
        body = await response.aread()
        path, method = response.request.url.path, response.request.method
        complaints.extend(result.complaints(method, path, response.status_code, body))

    async with served(simulator, check) as ask:
        await ask_everything(ask, simulator)
    unreviewed = [
        each
        for each in complaints
        if each.removesuffix(" is not described") not in UNDESCRIBED | OTHERWISE
    ]
    assert unreviewed == [], "\n".join(unreviewed)


async def ask_everything(ask: Asker, simulator: JellyfinSimulator) -> None:
    for path in (
        "/System/Info/Public",
        "/System/Info",
        "/System/Endpoint",
        "/System/Configuration",
        "/Users",
        "/Users/Public",
        "/Auth/Keys",
        "/Library/VirtualFolders",
        "/Library/MediaFolders",
        "/Library/PhysicalPaths",
        "/Libraries/AvailableOptions",
        "/Sessions",
        "/Devices",
        "/ScheduledTasks",
        "/System/ActivityLog/Entries",
        "/Items/Counts",
        "/QuickConnect/Enabled",
        "/Branding/Configuration",
    ):
        assert (await ask.get(path)).status_code == 200
    user = await ask.user("guest")
    await ask_about_users(ask, user)
    await ask_about_items(ask, user, simulator)
    await ask_quick_connect(ask, user)


async def ask_about_users(ask: Asker, user: str) -> None:
    policy = (await ask.get(f"/Users/{user}")).json()["Policy"]
    assert (await ask.post(f"/Users/{user}/Policy", policy)).status_code == 204
    password: JsonObject = {"NewPw": "Other-Passw0rd"}
    assert (await ask.post("/Users/Password", password, userId=user)).is_success
    assert (await ask.sign_in("guest", "Other-Passw0rd")).is_success
    assert (await ask.sign_in("guest", "wrong")).status_code == 401
    assert (await ask.get(f"/Users/{NOBODY}")).status_code == 404
    assert (await ask.post(f"/Users/{NOBODY}/Policy", policy)).status_code == 404
    assert (await ask.post("/Users/New", {"Name": "guest"})).status_code == 400
    assert (await ask.get("/Sessions")).json()


async def ask_about_items(ask: Asker, user: str, simulator: JellyfinSimulator) -> None:
    fields = "MediaSources,MediaStreams,DateCreated,ProviderIds,Path,Overview,Genres"
    page = await ask.get("/Items", recursive=True, limit=40, fields=fields, userId=user)
    items = page.json()["Items"]
    assert len(items) == 40
    for title in simulator.state.world.titles[:3]:
        assert (await ask.get(f"/Items/{title.id}", userId=user)).is_success
        assert (await ask.post(f"/UserPlayedItems/{title.id}", userId=user)).is_success
    series = next(t for t in simulator.state.world.titles if t.kind == "Series")
    assert (await ask.get(f"/Shows/{series.id}/Episodes", userId=user)).is_success
    assert (await ask.get(f"/Shows/{series.id}/Seasons", userId=user)).is_success
    assert (await ask.get("/Shows/NextUp", userId=user)).is_success
    assert (await ask.get("/UserViews", userId=user)).json()["Items"]
    assert (await ask.get("/UserViews")).status_code == 400
    assert (await ask.get("/Items", parentId=NOBODY)).status_code == 400


async def ask_quick_connect(ask: Asker, user: str) -> None:
    begun = (await ask.post("/QuickConnect/Initiate", device="tv")).json()
    secret = {"Secret": begun["Secret"]}
    early = await ask.post("/Users/AuthenticateWithQuickConnect", secret)
    assert early.status_code == 404
    approve = await ask.post("/QuickConnect/Authorize", code=begun["Code"], userId=user)
    assert approve.json() is True
    assert (await ask.get("/QuickConnect/Connect", secret=begun["Secret"])).is_success
    entered = await ask.post("/Users/AuthenticateWithQuickConnect", secret)
    assert entered.json()["User"]["Id"] == user

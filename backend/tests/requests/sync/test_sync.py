"""What a sync reads, what it notices, and what it leaves alone."""

from collections.abc import Awaitable, Callable

import httpx2
import pytest
from media_server_simulators.seerr import Profile, SeerrSimulator
from media_server_simulators.seerr import requests as routes
from media_server_simulators.seerr.call import Call
from media_server_simulators.seerr.state import MediaRequest
from media_server_simulators.seerr.values import MediaStatus
from media_server_simulators.wire import JsonObject, Reply, Request
from tests.requests.sync.conftest import REQUESTS, USERS, Desk
from tests.requests.sync.snapshots import requests_of, snapshot
from tests.simulated import playing_seerr

from zondarr.core.database import Database
from zondarr.requests.sync import steps

LIGHT = ["/request/count", "/request", "/user"]


async def test_everything_is_read_and_an_unchanged_seerr_is_asked_three_times(
    desk: Desk, database: Database
) -> None:
    await desk.connect()
    found = await desk.synced()
    assert (found["request_count"], found["requester_count"]) == (REQUESTS, USERS)
    assert found["synced_at"] == found["full_synced_at"]
    assert not found["stale"]
    before = await snapshot(database)
    desk.asked()
    again = await desk.synced()
    assert desk.asked() == LIGHT
    assert again["synced_at"] > found["synced_at"]
    assert await snapshot(database) == before


async def test_a_new_request_costs_no_more(desk: Desk, database: Database) -> None:
    await desk.connect()
    await desk.synced()
    made = await desk.act("request", type="tv", tmdb=200150, seasons=[1, 2])
    desk.asked()
    await desk.synced()
    asked = desk.asked()
    assert [path for path in asked if not path.startswith("/tv/")] == LIGHT
    row = (await requests_of(database))[made["request"]["id"]]
    assert (row.tmdb, row.request_status, row.media_status) == ("200150", 2, 3)
    assert row.approved_at == row.modified_at


@pytest.mark.parametrize("profile", Profile)
async def test_changes_without_a_date_are_noticed_by_seerrs_counts(
    desk: Desk, database: Database, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a request that is on none of the first pages, in whatever order."""
    monkeypatch.setattr(steps, "PAGE", 7)
    async with playing_seerr(profile, requests=30) as seerr:
        await desk.ask("PUT", url=seerr.url, api_key=seerr.api_key)
        desk.seerr = seerr
        film = {"type": "movie", "tmdb": 900001, "at": "2020-01-31T18:00:00Z"}
        waiting = await desk.act("request", **film, status="pending")
        number = waiting["request"]["id"]
        await desk.synced()
        assert (await requests_of(database))[number].approved_at is None
        # Somebody approves it in Seerr; then the film arrives; then it is removed.
        await desk.act("request", request=number, status="approved")
        await desk.synced()
        row = (await requests_of(database))[number]
        assert row.request_status == 2
        assert row.approved_at is not None
        assert row.approved_at >= row.modified_at
        await desk.act("arrive", type="movie", tmdb=900001)
        await desk.synced()
        assert (await requests_of(database))[number].media_status == 5
        await desk.act("request", request=number, remove=True)
        await desk.synced()
        assert (await requests_of(database))[number].missing_since is not None
        assert (await desk.get())["request_count"] == 30


async def test_a_list_that_moves_while_it_is_read_loses_nothing(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests come, and one goes, between two pages."""
    monkeypatch.setattr(steps, "PAGE", 7)
    state, pages = desk.seerr.simulator.state, 0
    plain: Callable[[SeerrSimulator, Request], Awaitable[Reply]]
    plain = SeerrSimulator.respond

    async def respond(self: SeerrSimulator, request: Request) -> Reply:
        nonlocal pages
        if request.path.endswith("/request"):
            pages += 1
            if pages in {3, 5}:
                await desk.act("request", type="movie", tmdb=900020 + pages)
            if pages == 4:
                state.remove_request(state.requests[max(state.requests) - 2])
        return await plain(self, request)

    monkeypatch.setattr(SeerrSimulator, "respond", respond)
    await desk.connect()
    await desk.synced()
    assert set(await requests_of(database)) == set(state.requests)
    assert (await desk.get())["request_count"] == len(state.requests)


async def test_what_is_unknown_costs_its_row_nothing_and_no_other_row(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A status of a later version, a request for music, a user without a name."""
    odd: dict[int, JsonObject] = {
        1: {"status": 17},
        2: {"status": "new", "updatedAt": None},
        3: {"type": "music", "media": None},
    }
    plain = routes.row_shape

    def row_shape(call: Call) -> Callable[[MediaRequest], JsonObject]:
        shape = plain(call)
        return lambda request: {**shape(request), **odd.get(request.id, {})}

    monkeypatch.setattr(routes, "row_shape", row_shape)
    user = desk.seerr.simulator.state.users[2]
    user.username = user.jellyfin_username = user.plex_username = None
    user.email = ""
    await desk.connect()
    await desk.synced()
    rows = await requests_of(database)
    assert len(rows) == REQUESTS - 1
    assert (rows[1].request_status, rows[2].request_status) == (17, 0)
    assert 3 not in rows
    assert "User 2" in await desk.users()
    desk.asked()
    await desk.synced()
    assert desk.asked() == LIGHT


@pytest.mark.parametrize(
    ("profile", "status"),
    [
        (Profile.OVERSEERR, MediaStatus.BLOCKLISTED),
        (Profile.SEERR, MediaStatus.DELETED),
    ],
)
async def test_deleted_is_one_status_whatever_number_a_product_gives_it(
    desk: Desk, database: Database, profile: Profile, status: MediaStatus
) -> None:
    async with playing_seerr(profile, requests=3) as seerr:
        await desk.ask("PUT", url=seerr.url, api_key=seerr.api_key)
        request = seerr.simulator.state.requests[1]
        request.media.set_status(MediaStatus.DELETED, request.is_4k)
        async with httpx2.AsyncClient(headers={"X-Api-Key": seerr.api_key}) as http:
            answer = await http.get(f"{seerr.url}/api/v1/request/1")
        name = "status4k" if request.is_4k else "status"
        assert answer.json()["media"][name] == status
        await desk.synced()
        assert (await requests_of(database))[1].media_status == 7


async def test_titles_are_found_again_after_a_sync_of_either_side(
    desk: Desk, database: Database
) -> None:
    """By the ids of providers; a film and a show of the same number are two."""
    await desk.connect()
    await desk.synced()
    assert not any(row.title_id for row in (await requests_of(database)).values())
    await desk.add_jellyfin()
    started = await desk.ask("POST", "/catalogue/sync", 202, full=False)
    assert (await desk.ended(started["run_id"]))["status"] == "succeeded"
    listed = await desk.browser.get("/api/v1/titles", params={"limit": 200})
    titles = {
        (each["type"], each["provider_ids"]["tmdb"]): each["id"]
        for each in listed.json()["items"]
    }
    rows = (await requests_of(database)).values()
    found = [row for row in rows if row.title_id is not None]
    assert found
    for row in rows:
        known = titles.get((row.kind.value, row.tmdb or ""))
        assert row.title_id is None or str(row.title_id) == known
        assert (known is None) is (row.title_id is None)


async def test_a_sync_of_everything_reads_seerr_too_and_two_starts_are_one(
    desk: Desk,
) -> None:
    await desk.connect()
    first = await desk.ask("POST", "/catalogue/sync", 202, full=False)
    run = await desk.ended(first["run_id"])
    assert [part["subject"] for part in run["parts"]] == ["Seerr"]
    assert (await desk.get())["request_count"] == REQUESTS
    desk.asked()
    both = [
        (await desk.browser.post("/api/v1/integrations/seerr/sync")).json()["run_id"]
        for _ in range(2)
    ]
    await desk.ended(both[0])
    if both[0] == both[1]:
        assert desk.asked() == LIGHT

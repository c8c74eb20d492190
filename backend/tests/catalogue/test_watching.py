"""What people watched is followed: marks, their removal, and plays of any length."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.wire import Reply, Request
from tests.catalogue.conftest import Cinema

from zondarr.media.clients.plex import listing

MAY = datetime(2026, 5, 1, tzinfo=UTC)


def films(cinema: Cinema) -> list[str]:
    world = cinema.jellyfin.state.world
    return [each.name for each in world.titles if each.kind == "Movie"]


async def facts_of(cinema: Cinema, name: str, who: str = "1") -> dict[str, Any]:
    """What the administrator or owner, or another account, did with a film."""
    page = await cinema.get("/titles", q=name)
    shown = await cinema.get(f"/titles/{page['items'][0]['id']}")
    own = cinema.jellyfin.state.world.administrator.id
    found = [e for e in shown["watched_by"] if e["account_id"] in {own, who}]
    return found[0] if found else {}


async def by_key(cinema: Cinema, method: str, path: str, name: str) -> None:
    """Change the administrator's mark of a film at the Jellyfin server."""
    (film,) = [e for e in cinema.jellyfin.state.world.titles if e.name == name]
    own = cinema.jellyfin.state.world.administrator.id
    key = {"Authorization": f'MediaBrowser Token="{cinema.jellyfin.api_key}"'}
    url = f"{cinema.jellyfin_url}{path}/{film.id}?userId={own}"
    async with httpx2.AsyncClient(headers=key) as http:
        answer = await http.request(method, url)
        assert answer.is_success, answer.text


async def at_plex(cinema: Cinema, what: str, name: str, **more: str) -> None:
    """The owner does something with a film in their player."""
    (title,) = (await cinema.get("/titles", q=name))["items"]
    key = {"key": title["copies"][0]["external_id"], "X-Plex-Token": cinema.plex.token}
    async with httpx2.AsyncClient() as http:
        answer = await http.put(f"{cinema.plex.url}/:/{what}", params=key | more)
        assert answer.is_success, answer.text


async def unread(cinema: Cinema) -> list[str]:
    (state,) = (await cinema.get("/catalogue"))["items"]
    return [each["error_code"] for each in state["accounts"] if each["error_code"]]


async def test_marks_of_a_jellyfin_come_and_go(cinema: Cinema) -> None:
    await cinema.add("jellyfin")
    watched, begun, liked, other = films(cinema)[:4]
    play = {"user": "admin", "at": MAY.isoformat()}
    await cinema.act("jellyfin", "play", item=watched, **play)
    await cinema.act("jellyfin", "play", item=begun, position=2, **play)
    await by_key(cinema, "POST", "/UserFavoriteItems", liked)
    await cinema.sync()
    assert (await facts_of(cinema, watched))["played"] is True
    # Left after two seconds: nothing to resume, and still somebody was there.
    assert (await facts_of(cinema, begun))["last_played_at"] == "2026-05-01T00:00:00Z"
    assert (await facts_of(cinema, liked))["favourite"] is True
    assert await facts_of(cinema, other) == {}

    assert await unread(cinema) == []
    # Empty lists are no proof of a change.
    cinema.jellyfin.faults.add(Fault("/Items", FaultKind.EMPTY, endless=True))
    assert (await cinema.sync())["error_code"] == "library_shrunken"
    cinema.jellyfin.faults.remove()
    assert await unread(cinema) == ["answer_doubtful"]
    assert (await facts_of(cinema, watched))["played"] is True

    await by_key(cinema, "DELETE", "/UserPlayedItems", watched)
    await by_key(cinema, "DELETE", "/UserFavoriteItems", liked)
    await cinema.sync()
    unmarked = await facts_of(cinema, watched)
    assert (unmarked["played"], unmarked["play_count"]) == (False, 0)
    assert (await facts_of(cinema, liked))["favourite"] is False
    assert (await facts_of(cinema, begun))["last_played_at"] is not None
    titles = await cinema.titles()
    assert (titles[watched]["last_activity_at"], titles[liked]["favourite"]) == (
        None,
        False,
    )


async def test_marks_of_the_owner_of_a_plex_come_and_go(cinema: Cinema) -> None:
    await cinema.add("plex")
    cinema.plex.world.plays.clear()
    marked, begun, played = films(cinema)[:3]
    await cinema.sync()
    assert await facts_of(cinema, marked) == {}
    owner = cinema.plex.world.owner.username
    await cinema.act("plex", "play", user=owner, item=played, at=MAY.isoformat())
    await at_plex(cinema, "scrobble", marked)
    await at_plex(cinema, "progress", begun, time="90000")
    for _ in range(2):
        await cinema.sync()
        assert (await facts_of(cinema, marked))["played"] is True
        assert (await facts_of(cinema, begun))["position"] == 90
        assert (await facts_of(cinema, played))["play_count"] == 1
    for each in (marked, begun, played):
        assert (await cinema.titles())[each]["last_activity_at"] is not None

    await at_plex(cinema, "unscrobble", marked)
    await at_plex(cinema, "unscrobble", played)
    await cinema.sync()
    assert (await facts_of(cinema, marked))["played"] is False
    # The history still has the play itself.
    unmarked = await facts_of(cinema, played)
    assert (unmarked["played"], unmarked["play_count"]) == (False, 0)
    assert unmarked["last_played_at"] == "2026-05-01T00:00:00Z"


async def test_plays_count_once_and_are_seen_although_the_run_that_read_them_failed(
    cinema: Cinema, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 20)
    await cinema.add("plex")
    cinema.plex.world.plays.clear()
    guest = str(cinema.plex.guest("Guest", "guest@example.org").id)
    await cinema.sync()
    first, last = films(cinema)[:2]
    for number in range(30):
        at = (MAY + timedelta(hours=number)).isoformat()
        film = first if number < 15 else last
        await cinema.act("plex", "play", user=guest, item=film, at=at)
    respond = cinema.plex.pms.respond

    async def failing(request: Request) -> Reply:
        start = dict(request.query).get("X-Plex-Container-Start", "0")
        broken = "history" in request.path and start != "0"
        return Reply(500) if broken else await respond(request)

    cinema.plex.pms.respond = failing
    run = await cinema.sync()
    assert (run["status"], run["error_code"]) == ("failed", "server_error")
    cinema.plex.pms.respond = respond
    assert (await cinema.sync())["status"] == "succeeded"
    titles = await cinema.titles()
    assert titles[first]["last_activity_at"] == "2026-05-01T14:00:00Z"
    assert titles[last]["last_activity_at"] == "2026-05-02T05:00:00Z"
    for each in (first, last):
        assert (await facts_of(cinema, each, guest))["play_count"] == 15

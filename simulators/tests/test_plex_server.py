"""The simulated Plex Media Server: who is admitted, and what they see."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.plex_asking import Plex, plex

from media_server_simulators.plex.state import Account
from media_server_simulators.plex.views import Play


@pytest.fixture
async def tv() -> AsyncGenerator[Plex]:
    async with plex() as asking:
        yield asking


@pytest.fixture
def guest(tv: Plex) -> Account:
    return tv.world.register("Guest", "guest@example.org")


async def test_it_says_who_it_is_to_anybody(tv: Plex) -> None:
    answer = await tv.from_server("/identity", token="")
    assert answer.json()["MediaContainer"]["machineIdentifier"] == tv.mid


@pytest.mark.parametrize("path", ["/", "/library/sections", "/nowhere"])
async def test_a_wrong_token_gets_a_page(tv: Plex, path: str) -> None:
    answer = await tv.from_server(path, token="x" * 20)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "text/html"


async def test_a_guest_sees_what_is_shared_and_no_more(
    tv: Plex, guest: Account
) -> None:
    share = await tv.shared_with(guest, tv.sections[:1])
    resources = await tv.rows("/api/v2/resources", token=guest.token)
    (resource,) = resources
    assert resource["owned"] is False
    assert resource["accessToken"] == tv.world.shares[share].access_token
    for token in (guest.token, str(resource["accessToken"])):
        sections = await tv.from_server("/library/sections", token=token)
        found = sections.json()["MediaContainer"]["Directory"]
        assert [each["key"] for each in found] == ["1"]
        hidden = await tv.from_server("/library/sections/2/all", token=token)
        assert hidden.status_code == 404
        for path in ("/accounts", "/status/sessions/history/all"):
            assert (await tv.from_server(path, token=token)).status_code == 403


@pytest.mark.parametrize("by_header", [True, False])
async def test_pages_make_up_the_whole(tv: Plex, *, by_header: bool) -> None:
    path, found = "/library/sections/2/all?type=4", list[str]()
    while True:
        window = {
            "X-Plex-Container-Start": str(len(found)),
            "X-Plex-Container-Size": "25",
        }
        query = "" if by_header else "".join(f"&{k}={v}" for k, v in window.items())
        answer = await tv.from_server(path + query, **(window if by_header else {}))
        page = answer.json()["MediaContainer"]
        assert page["offset"] == len(found)
        found += [each["ratingKey"] for each in page["Metadata"]]
        if len(found) >= page["totalSize"]:
            break
    everything = (await tv.from_server(path)).json()["MediaContainer"]["Metadata"]
    assert found == [each["ratingKey"] for each in everything]
    assert len(set(found)) == len(found) > 50


@pytest.mark.parametrize(("size", "status"), [("1000", 200), ("1001", 400)])
async def test_a_page_has_a_thousand_rows_at_most(
    tv: Plex, size: str, status: int
) -> None:
    window = {"X-Plex-Container-Start": "0", "X-Plex-Container-Size": size}
    for path in ("/library/sections/1/all", "/status/sessions/history/all"):
        assert (await tv.from_server(path, **window)).status_code == status


async def test_streams_are_told_of_single_titles_only(tv: Plex) -> None:
    listed = await tv.from_server("/library/sections/1/all")
    first = listed.json()["MediaContainer"]["Metadata"][0]
    assert "Stream" not in first["Media"][0]["Part"][0]
    path = f"/library/metadata/{first['ratingKey']},999999"
    (whole,) = (await tv.from_server(path)).json()["MediaContainer"]["Metadata"]
    assert whole["Media"][0]["Part"][0]["Stream"][0]["streamType"] == 1


async def test_history_is_of_everybody_and_views_are_ones_own(
    tv: Plex, guest: Account
) -> None:
    _ = await tv.shared_with(guest, tv.sections)
    film = next(each for each in tv.server.server.world.titles if each.kind == "Movie")
    at = datetime(2026, 5, 1, tzinfo=UTC)
    tv.world.plays.append(Play(tv.mid, guest.id, film.id, at))
    tv.world.plays.append(Play(tv.mid, tv.world.owner.id, film.id, at.replace(day=2)))
    path = "/status/sessions/history/all?sort=viewedAt:desc"
    rows = (await tv.from_server(path)).json()["MediaContainer"]["Metadata"]
    assert [each["accountID"] for each in rows] == [1, guest.id]
    some = await tv.from_server(f"{path}&accountID={guest.id}")
    assert some.json()["MediaContainer"]["totalSize"] == 1
    for token in (guest.token, tv.world.owner.token):
        one = await tv.from_server("/library/metadata/1", token=token)
        (title,) = one.json()["MediaContainer"]["Metadata"]
        assert title["viewCount"] == 1


async def test_only_the_owner_deletes_and_history_outlives_it(
    tv: Plex, guest: Account
) -> None:
    _ = await tv.shared_with(guest, tv.sections)
    film = tv.server.server.world.titles[0]
    watched = {"person": guest.email, "rating_key": "1"}
    played = await tv.ask("POST", "/_simulator/plex/play", watched)
    assert played.status_code == 201
    deleting = tv.server_client.delete
    theirs = await deleting(
        "/library/metadata/1", headers={"X-Plex-Token": guest.token}
    )
    assert theirs.status_code == 403
    own = {"X-Plex-Token": tv.server.token}
    assert (await deleting("/library/metadata/1", headers=own)).status_code == 200
    assert (await tv.from_server("/library/metadata/1")).status_code == 404
    history = await tv.from_server("/status/sessions/history/all")
    (row,) = history.json()["MediaContainer"]["Metadata"]
    assert (row["ratingKey"], row["title"]) == ("1", film.name)


async def test_a_show_and_a_season_count_what_is_in_them(tv: Plex) -> None:
    (show,) = await shows(tv, limit=1)
    assert (show["childCount"], show["leafCount"], show["viewedLeafCount"]) == (2, 8, 0)
    (season, _) = await rows(tv, f"/library/metadata/{show['ratingKey']}/children")
    assert "childCount" not in season
    assert season["leafCount"] == 4


async def test_all_episodes_of_a_show_or_season_in_their_order(tv: Plex) -> None:
    (show,) = await shows(tv, limit=1)
    leaves = await rows(tv, f"/library/metadata/{show['ratingKey']}/allLeaves")
    places = [(each["parentIndex"], each["index"]) for each in leaves]
    assert places == [(s, e) for s in (1, 2) for e in (1, 2, 3, 4)]
    season = leaves[-1]["parentRatingKey"]
    assert await rows(tv, f"/library/metadata/{season}/allLeaves") == leaves[4:]
    missing = await tv.from_server("/library/metadata/999999/allLeaves")
    assert missing.status_code == 404


async def test_watched_episodes_are_counted_for_who_asks(tv: Plex) -> None:
    (show,) = await shows(tv, limit=1)
    (episode, *_) = await rows(tv, f"/library/metadata/{show['ratingKey']}/allLeaves")
    title = tv.server.catalogue.title(episode["ratingKey"])
    assert title is not None
    owner = tv.world.owner.id
    tv.world.plays.append(Play(tv.mid, owner, title.id, tv.world.now()))
    assert (await shows(tv, limit=1))[0]["viewedLeafCount"] == 1


async def rows(tv: Plex, path: str) -> list[dict[str, Any]]:
    result = (await tv.from_server(path)).json()["MediaContainer"]
    found: list[dict[str, Any]] = result["Metadata"]
    return found


async def shows(tv: Plex, *, limit: int) -> list[dict[str, Any]]:
    (section,) = [e for e in tv.server.server.sections if e.title == "Shows"]
    path = f"/library/sections/{section.key}/all?X-Plex-Container-Size={limit}"
    return await rows(tv, path)

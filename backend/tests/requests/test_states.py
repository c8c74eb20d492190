"""Which state a request is in, and why, through the HTTP interface."""

from typing import Any

import pytest
from tests.requests.conftest import LONG_AGO, Desk, days_ago

from zondarr.catalogue.models import TitleKind
from zondarr.core.clock import utc_now

SHOW = TitleKind.SERIES
WHOLE: dict[str, Any] = {"first": LONG_AGO, "last": LONG_AGO + 70, "episodes": 10}
FUTURE: dict[str, Any] = {"first": 30, "last": 100, "episodes": 10, "aired": 0}
ON_AIR: dict[str, Any] = {"first": -30, "last": 30, "episodes": 10, "aired": 5}


async def test_a_show_with_only_future_seasons_requested_awaits_its_release(
    desk: Desk,
) -> None:
    asked: dict[str, Any] = {"kind": SHOW, "unrequested": {1: WHOLE}, "dates": {}}
    plain = await desk.ask(seasons={2: FUTURE}, **asked)
    # The status of the show is that of the seasons which are here.
    shown = await desk.ask(seasons={2: FUTURE, 3: {}}, media=5, **asked)
    some = await desk.ask(seasons={2: FUTURE}, media=4, **asked)
    states = await desk.states()
    assert states == dict.fromkeys((plain, shown, some), "awaiting_release")
    row = await desk.one(plain)
    assert row["reason"]["sentence"].startswith("Not out before ")
    assert row["out_by"] == "air"
    assert [each["state"] for each in row["seasons"]] == ["awaiting_release"]


async def test_a_requested_season_that_is_airing_is_airing_and_an_unrequested_one_not(
    desk: Desk,
) -> None:
    on_air = await desk.ask(kind=SHOW, seasons={1: WHOLE, 2: ON_AIR})
    by_number = await desk.ask(kind=SHOW, seasons={2: {**ON_AIR, "last": None}})
    unrequested = await desk.ask(kind=SHOW, seasons={1: WHOLE}, unrequested={2: ON_AIR})
    states = await desk.states()
    assert states == {on_air: "airing", by_number: "airing", unrequested: "stuck"}
    sentence = (await desk.one(on_air))["reason"]["sentence"]
    assert "Season 2" in sentence
    assert "5 of 10 episodes" in sentence


async def test_unrequested_seasons_that_are_here_change_nothing(desk: Desk) -> None:
    title_id = await desk.title(SHOW)
    asked: dict[str, Any] = {"kind": SHOW, "title_id": title_id, "media": 4}
    missing = await desk.ask(seasons={2: WHOLE}, unrequested={1: WHOLE}, **asked)
    begun = await desk.ask(seasons={2: {**WHOLE, "held": 3}}, **asked)
    here = await desk.ask(seasons={2: {**WHOLE, "held": 10}}, **asked)
    assert await desk.states() == {
        missing: "stuck",
        begun: "partially_available",
        here: "available",
    }
    assert (await desk.one(missing))["reason"]["sentence"].endswith(
        "Only seasons that were not requested are here."
    )
    assert (await desk.one(here))["reason"]["code"] == "in_library"


async def test_seasons_that_are_all_completed_are_available_until_the_show_is_deleted(
    desk: Desk,
) -> None:
    seasons = {1: {**WHOLE, "status": 5}, 2: {**WHOLE, "status": 5}}
    done = await desk.ask(kind=SHOW, seasons=seasons)
    deleted = await desk.ask(kind=SHOW, seasons=seasons, media=7)
    half = await desk.ask(kind=SHOW, seasons={**seasons, 2: WHOLE})
    waits = await desk.ask(kind=SHOW, seasons={**seasons, 2: FUTURE})
    assert await desk.states() == {
        done: "available",
        deleted: "gone",
        half: "stuck",
        waits: "partially_available",
    }
    codes = {n: (await desk.one(n))["reason"]["code"] for n in (done, deleted, waits)}
    assert codes == {
        done: "seasons_completed",
        deleted: "deleted_in_seerr",
        waits: "released_part_available",
    }


async def test_what_vanished_from_our_servers_after_it_was_requested_is_gone(
    desk: Desk,
) -> None:
    lost = await desk.title(listed=False, missing_since=days_ago(10))
    gone = await desk.ask(title_id=lost, asked=-20, media=5)
    again = await desk.ask(title_id=lost, asked=-5, dates={"released_on": -400})
    show = await desk.title(SHOW)
    season = {**WHOLE, "lost_at": days_ago(10)}
    a_season = await desk.ask(kind=SHOW, title_id=show, seasons={1: season}, media=5)
    assert await desk.states() == {
        gone: "gone",
        again: "in_progress",
        a_season: "gone",
    }
    for number in (gone, a_season):
        reason = (await desk.one(number))["reason"]
        assert reason["code"] == "lost_from_library"
        assert "no server has it since" in reason["sentence"]


async def test_what_is_deleted_in_seerr_and_in_our_catalogue_is_available(
    desk: Desk,
) -> None:
    number = await desk.ask(title_id=await desk.title(), media=7)
    assert await desk.states() == {number: "available"}


@pytest.mark.parametrize(
    ("dates", "state", "out_by"),
    [
        ({"digital_on": 5, "released_on": -200}, "awaiting_release", "digital"),
        ({"physical_on": -100, "digital_on": -95}, "stuck", "physical"),
        ({"digital_on": -80, "released_on": -200}, "in_progress", "digital"),
        ({"released_on": -200}, "stuck", "release"),
        ({"theatrical_on": -200}, "stuck", "release"),
        ({"released_on": 1}, "awaiting_release", "release"),
        ({}, "unknown", None),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_film_is_out_at_home_if_that_is_known_and_the_reason_says_which(
    desk: Desk, dates: dict[str, int], state: str, out_by: str | None
) -> None:
    row = await desk.one(await desk.ask(dates=dates))
    assert (row["state"], row["out_by"]) == (state, out_by)
    words = {"release": "none for home is known", None: "no date", "digital": "digital"}
    assert words.get(out_by, "physical") in row["reason"]["sentence"]


async def test_stuck_counts_from_the_release_or_the_approval_whichever_is_later(
    desk: Desk,
) -> None:
    old = await desk.ask()
    approved_lately = await desk.ask(approved_at=days_ago(89.9))
    approved_before = await desk.ask(approved_at=days_ago(90.1))
    out_lately = await desk.ask(dates={"released_on": -89})
    assert await desk.states() == {
        old: "stuck",
        approved_lately: "in_progress",
        approved_before: "stuck",
        out_lately: "in_progress",
    }
    # A policy value of the request is used instead of the stored one.
    moved = await desk.states(stuck_after_days=100)
    assert moved[approved_before] == "in_progress"
    sentence = (await desk.one(old))["reason"]["sentence"]
    assert sentence.startswith("Out since ")
    assert sentence.endswith("approved, not here: 400 days.")
    assert (await desk.one(out_lately))["reason"]["sentence"].endswith("89 days of 90.")


async def test_every_state_has_its_reason_with_the_facts_their_source_and_time(
    desk: Desk,
) -> None:
    numbers = {
        "declined": await desk.ask(request=3),
        "failed": await desk.ask(request=4),
        "deleted_in_seerr": await desk.ask(media=7),
        "available_in_seerr": await desk.ask(media=5),
        "awaiting_approval": await desk.ask(request=1, asked=-12),
        "awaiting_release": await desk.ask(dates={"released_on": 12}),
        "airing": await desk.ask(kind=SHOW, seasons={1: ON_AIR}),
        "partially_available": await desk.ask(media=4),
        "in_progress": await desk.ask(asked=-12),
        "stuck": await desk.ask(),
        "no_date": await desk.ask(dates={}),
    }
    page = await desk.get(limit=200)
    rows = {each["external_id"]: each for each in page["items"]}
    assert {rows[n]["reason"]["code"]: n for n in rows} == numbers
    assert set(page["states"].values()) == {1}
    assert page["product"] == "seerr"
    assert not page["stale"]
    for row in rows.values():
        assert row["reason"]["sentence"].endswith(".")
        facts = {each["name"]: each for each in row["reason"]["facts"]}
        assert facts["request_status"]["source"] == "Seerr"
        assert facts["request_status"]["as_of"] == page["as_of"]
    waiting = rows[numbers["awaiting_approval"]]["reason"]["sentence"]
    assert waiting == "Requested 12 days ago, and nobody has approved it yet."


async def test_old_or_failed_readings_are_stale_and_change_no_state(
    empty_desk: Desk,
) -> None:
    page = await empty_desk.get()
    assert (page["product"], page["stale"], page["total"]) == (None, False, 0)
    old = days_ago(2.1)
    await empty_desk.connect(synced_at=old)
    number = await empty_desk.ask()
    page = await empty_desk.get()
    assert page["stale"]
    assert page["as_of"] == old.isoformat().replace("+00:00", "Z")
    assert page["items"][0]["state"] == "stuck"
    assert " Seerr was last read on " in page["items"][0]["reason"]["sentence"]
    assert (await empty_desk.one(number))["state"] == "stuck"


async def test_a_request_that_was_not_looked_up_yet_says_so(desk: Desk) -> None:
    number = await desk.ask(tmdb="unknown to it")
    row = await desk.one(number)
    assert (row["state"], row["reason"]["code"]) == ("unknown", "not_looked_up")
    assert row["title"]["name"] is None
    assert row["modified_at"] <= utc_now().isoformat()

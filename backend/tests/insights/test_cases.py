"""What the insights decide, from what servers tell to the lists over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import update
from tests.catalogue.conftest import Cinema

from zondarr.catalogue.models import WatchAccount
from zondarr.core.database import Database
from zondarr.protections.models import Protection

GIB, DAY = 2**30, timedelta(days=1)
OLD = 400 * DAY
"""Older than any limit."""


def ago(age: timedelta) -> str:
    return (datetime.now(UTC) - age).isoformat()


async def film(
    cinema: Cinema, name: str, *, server: str = "jellyfin", **how: Any
) -> str:
    """A film of that name arrives; gives its name."""
    order = {"name": name, "added": ago(OLD), "size": GIB, "year": 2001, **how}
    await cinema.act(server, "arrive", **order)
    return name


async def episode(
    cinema: Cinema, series: str, season: int, number: int, **how: Any
) -> str:
    """An episode arrives; gives its name."""
    name = f"{series} {season}x{number}"
    order = {"name": name, "added": ago(OLD), "size": GIB, **how}
    await cinema.act(
        "jellyfin",
        "arrive",
        type="episode",
        series=series,
        season=season,
        episode=number,
        **order,
    )
    return name


async def series(cinema: Cinema, name: str, **how: Any) -> None:
    order = {"name": name, "added": ago(OLD), **how}
    await cinema.act("jellyfin", "arrive", type="series", **order)


async def play(
    cinema: Cinema, item: str, age: timedelta, *, server: str = "jellyfin", **how: Any
) -> None:
    user = "admin" if server == "jellyfin" else cinema.plex.world.owner.username
    await cinema.act(server, "play", user=user, item=item, at=ago(age), **how)


async def mark_played(cinema: Cinema, name: str) -> None:
    """Mark a film as played, without a date."""
    world = cinema.jellyfin.state.world
    item = next(each for each in world.titles if each.name == name)
    who = {"userId": world.administrator.id}
    await jellyfin(cinema, f"/UserItems/{item.id}/UserData", who, Played=True)


async def jellyfin(
    cinema: Cinema,
    path: str,
    query: dict[str, str],
    *,
    method: str = "POST",
    **body: Any,
) -> None:
    """A request of somebody else to the server."""
    key = f'MediaBrowser Token="{cinema.jellyfin.api_key}"'
    async with httpx2.AsyncClient(base_url=cinema.jellyfin_url) as http:
        answer = await http.request(
            method, path, params=query, json=body, headers={"Authorization": key}
        )
        assert answer.is_success, answer.text


async def listed(cinema: Cinema, insight: str, **params: Any) -> dict[str, Any]:
    page = await cinema.get(f"/insights/{insight}", limit=200, **params)
    assert page["total"] == len(page["items"])
    return {row["title"]["name"]: row for row in page["items"]}


async def title_id(cinema: Cinema, name: str) -> str:
    return (await cinema.titles(q=name))[name]["id"]


async def why(cinema: Cinema, name: str) -> dict[str, Any]:
    """What each insight makes of the title."""
    found = await cinema.get(f"/titles/{await title_id(cinema, name)}/why")
    return {each["insight"]: each for each in found["items"]}


async def test_unwatched_is_what_is_old_and_was_not_played_for_long(  # noqa: PLR0915
    cinema: Cinema,
) -> None:
    await film(cinema, "Never played, new", added=ago(89 * DAY))
    await film(cinema, "Never played, old", added=ago(91 * DAY))
    for days in (119, 121):
        await play(cinema, await film(cinema, f"Played {days} days ago"), days * DAY)
    half = await film(cinema, "Half watched yesterday")
    await play(cinema, half, DAY, position=600, finished=False)
    begun = await film(cinema, "Begun long ago")
    await play(cinema, begun, 131 * DAY, position=600, finished=False)
    first = await episode(cinema, "In progress", 1, 1)
    await episode(cinema, "In progress", 1, 2)
    await play(cinema, first, DAY)
    await episode(cinema, "Abandoned", 1, 1)
    await episode(cinema, "Grows", 1, 1)
    await episode(cinema, "Grows", 2, 1, added=ago(7 * DAY))
    await mark_played(cinema, await film(cinema, "Marked, new", added=ago(10 * DAY)))
    await mark_played(cinema, await film(cinema, "Marked, old", added=ago(200 * DAY)))
    await cinema.add("jellyfin")
    await cinema.sync()

    found = await listed(cinema, "unwatched")
    assert {"Never played, old", "Played 121 days ago", "Abandoned"} <= found.keys()
    clear = {
        "Never played, new": "too_new",
        "Played 119 days ago": "watched_lately",
        half: "watched_lately",
        "In progress": "watched_lately",
        "Grows": "too_new",
        "Marked, new": "too_new",
    }
    assert not clear.keys() & found.keys()
    for name, code in clear.items():
        verdict = (await why(cinema, name))["unwatched"]
        assert (verdict["verdict"], verdict["reason"]["code"]) == ("clear", code), name
    sentence = found[begun]["reason"]["sentence"]
    assert sentence == "Nobody has finished it; last touched 131 days ago, by admin."
    assert found[begun]["last_activity"]["account"] == "admin"
    undecided = await listed(cinema, "unwatched", verdict="undecided")
    assert undecided.keys() == {"Marked, old"}
    (fact,) = undecided["Marked, old"]["reason"]["facts"]
    assert (fact["value"], fact["source"]) == (None, "admin on Jellyfin")
    page = await cinema.get("/insights/unwatched", limit=1)
    assert page["undecided"] == 1
    later = await listed(cinema, "unwatched", unwatched_after_days=118, q="Played 1")
    assert later.keys() == {"Played 119 days ago", "Played 121 days ago"}


async def test_an_account_that_is_not_read_stops_new_findings_for_two_weeks(
    cinema: Cinema, database: Database
) -> None:
    await film(cinema, "Old")
    played = await film(cinema, "Played by somebody else")
    await play(cinema, played, DAY)
    await cinema.add("jellyfin")
    await cinema.sync()
    assert "Old" in await listed(cinema, "unwatched")
    who = "admin"
    await not_read(database, who, 3 * DAY)
    assert await listed(cinema, "unwatched", q="Old") == {}
    undecided = await listed(cinema, "unwatched", verdict="undecided")
    reason = undecided["Old"]["reason"]
    assert (reason["code"], who in reason["sentence"]) == ("stale_account", True)
    assert "3 days ago" in reason["sentence"]
    (fact,) = reason["facts"]
    assert (fact["value"], fact["source"]) == (who, "Jellyfin")
    assert played not in undecided

    await not_read(database, who, 15 * DAY)
    found = await listed(cinema, "unwatched", q="Old")
    assert f"left out: {who} on Jellyfin" in found["Old"]["reason"]["sentence"]
    assert await listed(cinema, "unwatched", verdict="undecided") == {}


async def test_plays_on_plex_that_cannot_be_seen_stop_new_findings(
    cinema: Cinema, database: Database
) -> None:
    await film(cinema, "Old", server="plex")
    await cinema.add("plex")
    await cinema.sync()
    assert "Old" in await listed(cinema, "unwatched")
    fault = {"path_prefix": "/status/sessions/history", "kind": "status", "value": 403}
    async with httpx2.AsyncClient(base_url=cinema.plex.url) as http:
        await http.post("/_simulator/faults", json={**fault, "times": 0})
        await film(cinema, "Comes later", server="plex")
        run = await cinema.sync()
        assert run["status"] == "failed"
        assert "plays" in run["detail"]
        assert "Comes later" not in await cinema.titles()
        for each in (3 * DAY, 15 * DAY):
            await every_account_not_read(database, each)
            decided = each > 14 * DAY
            assert ("Old" in await listed(cinema, "unwatched")) is decided
            undecided = await listed(cinema, "unwatched", verdict="undecided")
            assert ("Old" in undecided) is not decided
        sentence = (await listed(cinema, "unwatched"))["Old"]["reason"]["sentence"]
        assert "left out: " in sentence
        assert "Marks set by hand on Plex cannot be seen." in sentence
        await http.delete("/_simulator/faults")
        await cinema.sync()
    assert "Comes later" in await cinema.titles()
    assert "Old" in await listed(cinema, "unwatched")


async def every_account_not_read(database: Database, age: timedelta) -> None:
    async with database.unscoped("command line") as session:
        as_of = datetime.now(UTC) - age
        await session.execute(update(WatchAccount).values(as_of=as_of))


async def not_read(database: Database, account: str, age: timedelta) -> None:
    change = update(WatchAccount).where(WatchAccount.name == account)
    async with database.unscoped("command line") as session:
        await session.execute(change.values(as_of=datetime.now(UTC) - age))


async def test_large_counts_the_largest_version_and_shows_all(cinema: Cinema) -> None:
    two = [{"size": 6 * GIB}]
    await film(cinema, "Two versions", size=8 * GIB, versions=two)
    for number in (1, 2, 3):
        await episode(cinema, "Exactly", 1, number, size=5 * GIB)
        await episode(cinema, "Just below", 1, number, size=5 * GIB - 1)
    await cinema.add("jellyfin")
    await cinema.sync()

    found = await listed(cinema, "large", min_size=9 * GIB)
    assert "Exactly" in found
    assert not {"Just below", "Two versions"} & found.keys()
    assert found["Exactly"]["reason"]["sentence"] == (
        "Season 1 takes 15.0 GiB, at or over the limit of 15.0 GiB."
    )
    (part,) = found["Exactly"]["parts"]
    assert (part["season"], part["label"], part["size"]) == (1, "S1", 15 * GIB)
    largest = await listed(cinema, "large", large_movie_bytes=8 * GIB, q="Two")
    row = largest["Two versions"]
    assert row["size"] == 14 * GIB
    assert [each["size"] for each in row["parts"]] == [8 * GIB]
    assert row["parts"][0]["note"] == "2 versions, 14.0 GiB altogether"
    summed = await listed(
        cinema, "large", large_movie_bytes=14 * GIB, large_counts="sum", q="Two"
    )
    assert summed.keys() == {"Two versions"}


async def test_a_protection_acts_at_once_and_lapses_at_once(
    cinema: Cinema, database: Database
) -> None:
    await film(cinema, "Kept")
    for number in (1, 2, 3):
        await episode(cinema, "Exempt", 1, number, size=5 * GIB)
    await cinema.add("jellyfin")
    await cinema.sync()
    kept, exempt = await title_id(cinema, "Kept"), await title_id(cinema, "Exempt")
    assert "Exempt" in await listed(cinema, "large")
    part = {"title_id": exempt, "season": 1, "number": 3}
    until = (datetime.now(UTC) + DAY).isoformat()
    await cinema.post("/protections", scope=part, insight="large", expires_at=until)
    await cinema.post("/protections", scope={"title_id": kept}, expires_at=until)
    assert "Exempt" not in await listed(cinema, "large")
    assert "Kept" not in await listed(cinema, "unwatched")
    protected = await listed(cinema, "unwatched", verdict="protected")
    assert protected.keys() == {"Kept"}
    assert protected["Kept"]["protection"]["expires_at"] is not None
    assert (await why(cinema, "Kept"))["unwatched"]["protection"] is not None
    summary = await cinema.get("/insights/summary")
    (item,) = (e for e in summary["items"] if e["insight"] == "unwatched")
    assert (item["protected"], item["protected_bytes"]) == (1, GIB)

    yesterday = datetime.now(UTC) - DAY
    async with database.unscoped("command line") as session:
        await session.execute(update(Protection).values(expires_at=yesterday))
    assert "Exempt" in await listed(cinema, "large")
    assert "Kept" in await listed(cinema, "unwatched")
    assert await listed(cinema, "unwatched", verdict="protected") == {}


async def test_exempt_parts_count_neither_in_the_summary_nor_in_their_library(
    cinema: Cinema,
) -> None:
    for number in (1, 2, 3):
        await episode(cinema, "Exempt", 1, number, size=5 * GIB)
    await cinema.add("jellyfin")
    await cinema.sync()

    async def found(insight: str) -> tuple[int, int]:
        """In the workspace, and in the libraries together."""
        summary = await cinema.get("/insights/summary")
        (item,) = (e for e in summary["items"] if e["insight"] == insight)
        libraries = [e["findings"][insight]["count"] for e in summary["libraries"]]
        return item["findings"], sum(libraries)

    before = {insight: await found(insight) for insight in ("large", "language")}
    part = {"title_id": await title_id(cinema, "Exempt"), "season": 1}
    for insight, counts in before.items():
        await cinema.post("/protections", scope=part, insight=insight)
        assert await found(insight) == (counts[0] - 1, counts[1] - 1)


async def test_a_film_and_a_show_of_one_number_stay_apart_and_a_missing_one_returns(
    cinema: Cinema,
) -> None:
    """Also what is protected: it stays so while the title is gone."""
    number = {"tmdb": "1399"}
    await film(cinema, "Number: film", providers=number)
    await series(cinema, "Number: show", providers=number)
    await episode(cinema, "Number: show", 1, 1)
    await cinema.add("jellyfin")
    await cinema.sync()
    shown = await cinema.titles(q="Number: ")
    assert shown["Number: film"]["id"] != shown["Number: show"]["id"]
    scope = {"title_id": shown["Number: film"]["id"]}
    await cinema.post("/protections", scope=scope)
    assert (await listed(cinema, "unwatched", q="Number: ")).keys() == {"Number: show"}

    everything = {"items": ["Number: film", "Number: show"]}
    await cinema.act("jellyfin", "vanish", **everything)
    await cinema.sync()
    assert await listed(cinema, "unwatched", q="Number: ") == {}
    gone = await cinema.get(f"/titles/{shown['Number: show']['id']}/why")
    assert {each["verdict"] for each in gone["items"]} == {"clear"}
    assert {each["reason"]["code"] for each in gone["items"]} == {"missing"}

    await film(cinema, "Number: film", providers=number)
    await episode(cinema, "Number: show", 1, 1)
    await cinema.sync()
    assert (await listed(cinema, "unwatched", q="Number: ")).keys() == {"Number: show"}
    back = await listed(cinema, "unwatched", verdict="protected", q="Number: ")
    assert back["Number: film"]["title"]["id"] == shown["Number: film"]["id"]


async def test_titles_that_vanish_are_missing_and_come_back_as_they_were(
    cinema: Cinema,
) -> None:
    """Fewer than a fifth of a library: more would stop its sync and ask."""
    for number in range(20):
        await film(cinema, f"Stays {number}")
    names = [await film(cinema, f"Goes {number}") for number in range(3)]
    played = await film(cinema, "Goes, was played")
    await play(cinema, played, 300 * DAY)
    await cinema.add("jellyfin")
    await cinema.sync()
    before = await listed(cinema, "unwatched", q="Goes")
    assert before.keys() == {*names, played}
    await cinema.act("jellyfin", "vanish", items=[*names, played])
    run = await cinema.sync()
    assert run["status"] == "succeeded", run
    assert await listed(cinema, "unwatched", q="Goes") == {}
    assert await cinema.titles(q="Goes") == {}
    for row in before.values():
        gone = await cinema.get(f"/titles/{row['title']['id']}")
        assert gone["missing_since"] is not None
    for name in (*names, played):
        await film(cinema, name)
    await cinema.sync()
    after = await listed(cinema, "unwatched", q="Goes")
    assert {name: row["title"]["id"] for name, row in after.items()} == {
        name: row["title"]["id"] for name, row in before.items()
    }
    activity = after[played]["last_activity"]
    assert activity == before[played]["last_activity"]


async def test_an_upgrade_is_recent_and_still_unwatched(cinema: Cinema) -> None:
    await film(cinema, "Upgraded")
    await series(cinema, "Show")
    await episode(cinema, "Show", 2, 5)
    await cinema.add("jellyfin")
    await cinema.sync()
    assert await listed(cinema, "recent") == {}
    await cinema.act("jellyfin", "replace", item="Upgraded", size=2 * GIB)
    for number in (6, 7, 9):
        await episode(cinema, "Show", 2, number)
    await film(cinema, "Brand new")
    await cinema.sync()
    recent = await listed(cinema, "recent")
    assert {name: row["reason"]["code"] for name, row in recent.items()} == {
        "Upgraded": "upgrade",
        "Show": "new_episodes",
        "Brand new": "new_title",
    }
    (part,) = recent["Show"]["parts"]
    assert (part["label"], part["numbers"]) == ("S2E6–E7, E9", [6, 7, 9])  # noqa: RUF001
    assert part["size"] == 3 * GIB
    unwatched = await listed(cinema, "unwatched")
    assert "Upgraded" in unwatched
    assert not {"Show", "Brand new"} & unwatched.keys()


async def test_a_film_watched_on_one_of_two_servers_is_clear_on_both(
    cinema: Cinema,
) -> None:
    number = {"tmdb": "62"}
    for server in ("jellyfin", "plex"):
        await film(cinema, "Shared", server=server, providers=number)
        await film(cinema, "Shared, unplayed", server=server, providers={"tmdb": "63"})
    await play(cinema, "Shared", DAY, server="plex")
    for server in ("jellyfin", "plex"):
        await cinema.add(server)
    await cinema.sync()
    found = await listed(cinema, "unwatched", q="Shared")
    assert found.keys() == {"Shared, unplayed"}
    assert (
        "Marks set by hand on Plex cannot be seen."
        in (found["Shared, unplayed"]["reason"]["sentence"])
    )
    verdict = (await why(cinema, "Shared"))["unwatched"]
    assert verdict["reason"]["code"] == "watched_lately"
    for server in cinema.servers.values():
        assert await listed(cinema, "unwatched", q="Shared,", server_id=server)


async def test_a_film_in_two_libraries_is_one_title_with_two_copies(
    cinema: Cinema,
) -> None:
    folders = "/Library/VirtualFolders"
    await jellyfin(cinema, folders, {"name": "Family Videos"}, method="DELETE")
    more = {"name": "More", "collectionType": "movies", "paths": "/media/homevideos"}
    await jellyfin(cinema, folders, more)
    for library in ("Movies", "More"):
        path = f"/media/{library.lower()}/twice.mkv"
        ids = {"tmdb": "99"}
        await film(cinema, "Twice", library=library, path=path, providers=ids)
    server = await cinema.add("jellyfin")
    await cinema.sync()
    libraries = (await cinema.get(f"/servers/{server}/libraries"))["items"]
    ids = {each["name"]: each["id"] for each in libraries}
    row = (await listed(cinema, "unwatched", q="Twice"))["Twice"]
    assert {copy["library"] for copy in row["copies"]} == {"Movies", "More"}
    assert row["size"] == 2 * GIB
    for name in ("Movies", "More"):
        inside = await listed(cinema, "unwatched", q="Twice", library_id=ids[name])
        assert inside.keys() == {"Twice"}
    assert await listed(cinema, "unwatched", q="Twice", library_id=ids["Shows"]) == {}


async def test_the_summary_and_the_export_are_those_of_the_lists(
    cinema: Cinema,
) -> None:
    await film(cinema, "=1+1", size=20 * GIB)
    await cinema.add("jellyfin")
    await cinema.sync()
    summary = await cinema.get("/insights/summary")
    titles = await cinema.titles()
    assert summary["titles"] == len(titles)
    assert summary["bytes"] == sum(each["size"] for each in titles.values())
    assert summary["as_of"] is not None
    movies = next(each for each in summary["libraries"] if each["library"] == "Movies")
    assert movies["titles"] == len(await cinema.titles(type="movie"))
    for item in summary["items"]:
        page = await cinema.get(f"/insights/{item['insight']}", limit=1)
        assert (item["findings"], item["finding_bytes"], item["undecided"]) == (
            page["total"],
            page["bytes"],
            page["undecided"],
        )
        inside = await cinema.get(
            f"/insights/{item['insight']}", limit=1, library_id=movies["library_id"]
        )
        assert movies["findings"][item["insight"]] == {
            "count": inside["total"],
            "bytes": inside["bytes"],
        }
    moved = await cinema.get("/insights/summary", large_movie_bytes=0)
    assert moved["items"][1]["findings"] > summary["items"][1]["findings"]

    exported = await cinema.browser.get("/api/v1/insights/large/export.csv?type=movie")
    assert exported.headers["content-type"] == "text/csv; charset=utf-8"
    head, line = exported.text.splitlines()
    assert head.startswith("title,year,type,servers,libraries,size")
    assert line.startswith(f"'=1+1,2001,movie,Jellyfin,Movies,{20 * GIB},")
    refused = await cinema.browser.get("/api/v1/insights/large/export.csv?sort=x")
    assert refused.status_code == 400


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_export_of_several_pages_is_whole(
    cinema: Cinema, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zondarr.insights.export.PAGE", 4)
    await cinema.add("jellyfin")
    await cinema.sync()
    answer = await cinema.browser.get(
        "/api/v1/insights/large/export.csv?large_movie_bytes=0&large_season_bytes=0"
    )
    assert len(answer.text.splitlines()) == 1 + len(await cinema.titles())

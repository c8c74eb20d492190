"""What servers hold is read into the catalogue: whole, at once, only what is news."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.wire import Reply, Request
from media_server_simulators.world import Title
from sqlalchemy import select
from tests.catalogue.conftest import Cinema

from zondarr.catalogue import models
from zondarr.catalogue.languages import models as languages
from zondarr.core.database import Database

MAY = datetime(2026, 5, 1, tzinfo=UTC)
CATALOGUE = (
    models.Title,
    models.MediaItem,
    models.MediaFile,
    models.MediaTrack,
    models.WatchFact,
    languages.TitleLanguages,
    languages.LeafLanguages,
    languages.TitleLeafLanguages,
    languages.LeafVersion,
)


def world(cinema: Cinema, *kinds: str) -> list[Title]:
    return [e for e in cinema.jellyfin.state.world.titles if e.kind in kinds]


async def rows(database: Database) -> dict[str, list[str]]:
    """All that is stored of the catalogue, exactly."""
    found: dict[str, list[str]] = {}
    async with database.unscoped("command line", reading=True) as session:
        for each in CATALOGUE:
            answer = await session.execute(select(each.__table__))
            found[each.__tablename__] = sorted(repr(tuple(row)) for row in answer)
    return found


async def test_a_library_becomes_titles_with_seasons_files_and_tracks(  # noqa: PLR0915
    cinema: Cinema, database: Database
) -> None:
    await cinema.add("jellyfin")
    (state,) = (await cinema.get("/catalogue"))["items"]
    assert state["as_of"] is None
    run = await cinema.sync()
    (part,) = run["parts"]
    assert (run["status"], part["status"], part["subject"]) == (
        "succeeded",
        "succeeded",
        "Jellyfin",
    )
    assert "new" in part["progress"]["message"]
    titles = await cinema.titles()
    expected = world(cinema, "Movie", "Series")
    assert titles.keys() == {each.name for each in expected}
    film = next(each for each in expected if each.kind == "Movie")
    shown = await cinema.get(f"/titles/{titles[film.name]['id']}")
    assert (shown["type"], shown["year"], shown["size"]) == (
        "movie",
        film.year,
        film.files[0].size,
    )
    (leaf,) = shown["leaves"]
    (file,) = leaf["files"]
    assert file["path"] == film.files[0].path
    tracks = [each for each in film.files[0].streams if each.kind != "video"]
    assert [t["language"] for t in file["tracks"]] == [t.language for t in tracks]
    show = next(each for each in expected if each.kind == "Series")
    episodes = [e for e in world(cinema, "Episode") if e.series_id == show.id]
    series = await cinema.get(f"/titles/{titles[show.name]['id']}")
    assert len(series["leaves"]) == len(episodes)
    assert series["size"] == sum(each.files[0].size for each in episodes)
    seasons = Counter[int | None]()
    for each in episodes:
        seasons[each.season] += each.files[0].size
    assert series["largest"] == max(seasons.values())
    (state,) = (await cinema.get("/catalogue"))["items"]
    assert state["as_of"] is not None
    people = {each["name"] for each in state["accounts"]}
    assert people == {each.name for each in cinema.jellyfin.state.users.values()}

    # Nothing changed: nothing is asked twice, and no row is written.
    before = await rows(database)
    cinema.jellyfin.journal.clear()
    assert (await cinema.sync())["status"] == "succeeded"
    assert await rows(database) == before
    asked = [each.request for each in cinema.jellyfin.journal.entries]
    swept = [e for e in asked if e.path == "/Items" and "userId" not in dict(e.query)]
    assert {dict(each.query)["fields"] for each in swept} == {"Etag"}
    assert len(swept) == 3


async def test_what_two_servers_share_is_one_title_and_counts_once(  # noqa: PLR0915
    cinema: Cinema,
) -> None:
    await cinema.add("jellyfin")
    await cinema.add("plex")
    film, other = world(cinema, "Movie")[:2]
    cinema.plex.world.plays.clear()
    await cinema.act(
        "plex",
        "play",
        user=cinema.plex.world.owner.username,
        item=film.name,
        at=str(MAY),
    )
    run = await cinema.sync()
    assert [each["status"] for each in run["parts"]] == ["succeeded"] * 2, run
    titles = await cinema.titles()
    assert titles.keys() == {each.name for each in world(cinema, "Movie", "Series")}
    assert {len(each["copies"]) for each in titles.values()} == {2}
    shown = titles[film.name]
    assert shown["size"] == film.files[0].size
    assert datetime.fromisoformat(shown["last_activity_at"]) == MAY
    assert shown["watched"] is True
    assert titles[other.name]["last_activity_at"] is None
    watched = await cinema.titles(watched=True)
    assert watched.keys() == {film.name}
    detail = await cinema.get(f"/titles/{shown['id']}")
    (seen,) = detail["watched_by"]
    assert (seen["server_id"], seen["account_id"]) == (cinema.servers["plex"], "1")
    assert (seen["played"], seen["position"]) == (True, 0)
    # A play is counted once, however often the history is read.
    await cinema.sync()
    detail = await cinema.get(f"/titles/{shown['id']}")
    assert [each["play_count"] for each in detail["watched_by"]] == [1]

    # What only one of them had goes with it; the rest stays.
    removed = await cinema.browser.delete(f"/api/v1/servers/{cinema.servers['plex']}")
    assert removed.status_code == 204, removed.text
    left = await cinema.titles()
    assert {title["id"] for title in left.values()} == {
        title["id"] for title in titles.values()
    }
    assert {len(each["copies"]) for each in left.values()} == {1}
    await cinema.browser.delete(f"/api/v1/servers/{cinema.servers['jellyfin']}")
    assert await cinema.titles() == {}


async def test_plays_changes_and_absence_are_followed_and_ids_stay(  # noqa: PLR0915
    cinema: Cinema,
) -> None:
    await cinema.add("jellyfin")
    await cinema.sync()
    before = await cinema.titles()
    played, replaced, gone, retagged = world(cinema, "Movie")[:4]
    act = cinema.act
    await act("jellyfin", "play", user="admin", item=played.id, at=MAY.isoformat())
    await act(
        "jellyfin", "replace", item=replaced.id, path="/media/movies/b.mkv", size=7
    )
    await act("jellyfin", "vanish", items=[gone.id])
    tracks = [{"type": "audio", "language": "fra"}]
    await act("jellyfin", "retag", item=retagged.id, tracks=tracks)
    await cinema.sync()
    after = await cinema.titles()
    assert after.keys() == before.keys() - {gone.name}
    assert {n: t["id"] for n, t in after.items()} == {
        name: before[name]["id"] for name in after
    }
    assert datetime.fromisoformat(after[played.name]["last_activity_at"]) == MAY
    upgraded = await cinema.get(f"/titles/{after[replaced.name]['id']}")
    leaves = {leaf["arrival"]: leaf for leaf in upgraded["leaves"]}
    assert leaves["upgrade"]["files"][0]["size"] == upgraded["size"] == 7
    assert upgraded["added_at"] == before[replaced.name]["added_at"]
    assert upgraded["arrived_at"] > before[replaced.name]["arrived_at"]
    missing = await cinema.get(f"/titles/{before[gone.name]['id']}")
    assert missing["missing_since"] is not None
    changed = await cinema.get(f"/titles/{after[retagged.name]['id']}")
    (heard,) = changed["leaves"][0]["files"][0]["tracks"]
    assert heard["language"] == "fra"

    await act("jellyfin", "arrive", item=gone.id)
    await cinema.sync()
    back = await cinema.titles()
    assert back[gone.name]["id"] == before[gone.name]["id"]
    assert back[gone.name]["added_at"] == before[gone.name]["added_at"]
    assert back[gone.name]["missing_since"] is None


async def test_a_library_that_shrank_is_left_until_it_is_confirmed(
    cinema: Cinema, database: Database
) -> None:
    await cinema.add("jellyfin")
    await cinema.sync()
    films = {each.name for each in world(cinema, "Movie")}
    before = await rows(database)
    some = [each.id for each in world(cinema, "Movie")[:5]]
    await cinema.act("jellyfin", "vanish", items=some)
    run = await cinema.sync()
    (part,) = run["parts"]
    assert (run["status"], part["error_code"]) == ("failed", "library_shrunken")
    assert "Movies" in part["detail"]
    assert "Shows" not in part["detail"]
    assert await rows(database) == before
    unknown = await cinema.browser.post(f"/api/v1/runs/{UUID(int=1)}/confirm")
    assert unknown.status_code == 404
    confirmed = await cinema.post(f"/runs/{run['id']}/confirm")
    again = await cinema.ended(confirmed["run_id"])
    assert again["status"] == "succeeded", again
    assert len(films & (await cinema.titles()).keys()) == len(films) - 5
    twice = await cinema.browser.post(f"/api/v1/runs/{again['id']}/confirm")
    assert twice.json()["error_code"] == "nothing_to_confirm"


async def test_a_server_that_fails_leaves_the_old_snapshot_and_the_next_run_completes(
    cinema: Cinema, database: Database
) -> None:
    await cinema.add("jellyfin")
    await cinema.sync()
    before = await rows(database)
    film = world(cinema, "Movie")[0]
    await cinema.act("jellyfin", "replace", item=film.id, size=7)
    for kind in sorted(set(FaultKind) - {FaultKind.LATENCY, FaultKind.SHRUNKEN}):
        value = 500 if kind is FaultKind.STATUS else None
        fault = Fault("/Items", kind, value=value, endless=True)
        cinema.jellyfin.faults.add(fault)
        run = await cinema.sync()
        assert run["status"] == "failed", kind
        (part,) = run["parts"]
        assert part["detail"].startswith("Jellyfin"), part
        assert await rows(database) == before, kind
        cinema.jellyfin.faults.remove()
    assert (await cinema.sync())["status"] == "succeeded"
    assert (await cinema.titles())[film.name]["size"] == 7


async def test_an_account_that_cannot_be_read_keeps_its_facts_and_is_named(
    cinema: Cinema,
) -> None:
    await cinema.add("jellyfin")
    film = world(cinema, "Movie")[0]
    person = cinema.jellyfin.state.world.administrator
    await cinema.act(
        "jellyfin", "play", user=person.id, item=film.id, at=MAY.isoformat()
    )
    await cinema.sync()
    respond = cinema.jellyfin.respond

    async def refusing(request: Request) -> Reply:
        refused = dict(request.query).get("userId") == person.id
        return Reply(500) if refused else await respond(request)

    cinema.jellyfin.respond = refusing
    run = await cinema.sync()
    assert run["status"] == "succeeded", run
    (state,) = (await cinema.get("/catalogue"))["items"]
    unread = [each for each in state["accounts"] if each["error_code"] is not None]
    assert [each["id"] for each in unread] == [person.id]
    others = {each["as_of"] for each in state["accounts"]} - {unread[0]["as_of"]}
    assert min(others) > unread[0]["as_of"]
    shown = (await cinema.titles())[film.name]
    assert datetime.fromisoformat(shown["last_activity_at"]) == MAY


async def test_a_second_start_joins_a_dry_run_writes_nothing_and_a_run_is_cancelled(
    cinema: Cinema, database: Database
) -> None:
    none = await cinema.browser.post("/api/v1/catalogue/sync", json={})
    assert (none.status_code, none.json()["error_code"]) == (409, "no_servers")
    server = await cinema.add("jellyfin")
    run = await cinema.sync(dry_run=True)
    assert run["status"] == "succeeded"
    assert "new or changed" in run["parts"][0]["progress"]["message"]
    assert not any((await rows(database)).values())

    slow = Fault("/Items", FaultKind.LATENCY, value=300, endless=True)
    cinema.jellyfin.faults.add(slow)
    first = await cinema.post("/catalogue/sync")
    second = await cinema.post("/catalogue/sync", server_ids=[server])
    assert first == second
    cancelled = await cinema.browser.post(f"/api/v1/runs/{first['run_id']}/cancel")
    assert cancelled.status_code == 204
    run = await cinema.ended(first["run_id"])
    assert [run["status"], run["parts"][0]["status"]] == ["cancelled", "cancelled"]
    cinema.jellyfin.faults.remove()
    run = await cinema.sync()
    assert run["status"] == "succeeded"
    assert await cinema.titles()


async def test_a_server_can_be_removed_while_it_is_read(
    cinema: Cinema, database: Database
) -> None:
    slow = Fault("/Items", FaultKind.LATENCY, value=100, endless=True)
    cinema.jellyfin.faults.add(slow)
    for seconds in (0.05, 0.3, 0.8):
        server = await cinema.add("jellyfin")
        started = await cinema.post("/catalogue/sync")
        await asyncio.sleep(seconds)
        removed = await cinema.browser.delete(f"/api/v1/servers/{server}")
        assert removed.status_code == 204, removed.text
        run = await cinema.ended(started["run_id"])
        assert run["status"] == "succeeded" or run["error_code"] == "not_found", run
    # Titles that were read stay, as missing: their ids are kept if they return.
    assert await cinema.titles() == {}
    left = await rows(database)
    assert {name for name, found in left.items() if found} <= {"titles"}


async def test_lists_are_sorted_filtered_searched_and_paged(cinema: Cinema) -> None:
    server = await cinema.add("jellyfin")
    await cinema.sync()
    everything = await cinema.titles()
    films = [each.name for each in world(cinema, "Movie")]
    assert (await cinema.titles(type="movie")).keys() == set(films)
    assert (await cinema.titles(server_id=server)).keys() == everything.keys()
    assert await cinema.titles(server_id=str(UUID(int=1))) == {}
    assert films[0] in await cinema.titles(q=films[0].upper())
    for sort, key in (
        ("size", "size"),
        ("year", "year"),
        ("added", "added_at"),
        ("last_activity", "last_activity_at"),
    ):
        found, cursor = [], None
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = await cinema.get("/titles", sort=f"-{sort}", limit=7, **more)
            assert page["total"] == len(everything)
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert len({each["id"] for each in found}) == len(everything)
        values = [each[key] or 0 for each in found]
        assert values == sorted(values, reverse=True), sort


async def test_the_hour_of_the_daily_sync_is_a_setting(cinema: Cinema) -> None:
    setting = (await cinema.get("/settings"))["items"][0]
    assert (setting["name"], setting["value"], setting["default"]) == (
        "sync_hour",
        4,
        4,
    )
    for value in (23, None):
        changed = await cinema.browser.patch(
            "/api/v1/settings", json={"sync_hour": value}
        )
        assert changed.json()["items"][0]["value"] == value
    reset = await cinema.browser.patch("/api/v1/settings?reset=sync_hour", json={})
    assert reset.json()["items"][0]["value"] == 4
    for path, body in (("", {"sync_hour": 24}), ("?reset=x", {}), ("", {"x": 1})):
        bad = await cinema.browser.patch(f"/api/v1/settings{path}", json=body)
        assert bad.status_code == 400, bad.text


async def test_no_title_and_no_path_is_logged_above_debug(
    cinema: Cinema, logs: Callable[[], list[dict[str, Any]]]
) -> None:
    await cinema.add("jellyfin")
    await cinema.add("plex")
    await cinema.sync()
    film = world(cinema, "Movie")[0]
    await cinema.act("jellyfin", "replace", item=film.id, size=7)
    cinema.jellyfin.faults.add(Fault("/Items", FaultKind.TRUNCATE, endless=True))
    assert (await cinema.sync())["status"] == "failed"
    lines = [str(line) for line in logs() if line["level"] != "debug"]
    assert any("media call failed" in line for line in lines)
    titles = world(cinema, "Movie", "Series", "Episode")
    for line in lines:
        assert "/media/" not in line
        assert not [each.name for each in titles if each.name in line], line

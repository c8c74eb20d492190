"""Protections over HTTP."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from media_server_simulators.world import Title
from sqlalchemy import event
from tests.catalogue.conftest import Cinema

from zondarr.core.database import Database

NOW = datetime.now(UTC)
YESTERDAY, TOMORROW = ((NOW + timedelta(days=days)).isoformat() for days in (-1, 1))
UNKNOWN = str(uuid4())


@pytest.fixture
async def titles(cinema: Cinema) -> dict[str, Any]:
    """The titles of a Jellyfin server, by name."""
    await cinema.add("jellyfin")
    await cinema.sync()
    return await cinema.titles()


def films(cinema: Cinema) -> list[Title]:
    world = cinema.jellyfin.state.world.titles
    return [each for each in world if each.kind == "Movie"]


def of_kind(titles: dict[str, Any], kind: str) -> list[Any]:
    return [each for each in titles.values() if each["type"] == kind]


async def post(cinema: Cinema, path: str = "", **body: Any) -> Any:
    return await cinema.browser.post(f"/api/v1/protections{path}", json=body)


async def listed(cinema: Cinema, **params: Any) -> list[Any]:
    return (await cinema.get("/protections", **params))["items"]


async def test_a_title_is_protected_once_and_again_when_it_has_lapsed(
    cinema: Cinema, titles: dict[str, Any]
) -> None:
    film, other = of_kind(titles, "movie")[:2]
    scope = {"title_id": film["id"]}
    answer = await post(
        cinema, scope=scope, insight="large", note="A classic", expires_at=TOMORROW
    )
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["active"], made["insight"], made["note"]) == (
        True,
        "large",
        "A classic",
    )
    assert made["scope"] == {
        "kind": "title",
        "title_id": film["id"],
        "season": None,
        "number": None,
        "library_id": None,
        "request_id": None,
    }
    assert made["title"]["name"] == film["name"]
    session = await cinema.get("/session")
    assert made["author"]["name"] == session["account"]["email"]
    assert made["author"]["id"] == session["account"]["id"]

    again = await post(cinema, scope=scope, insight="large")
    assert (again.status_code, again.json()["error_code"]) == (409, "already_protected")
    everything = await post(cinema, scope=scope)
    assert everything.status_code == 201, everything.text
    assert everything.json()["insight"] is None
    assert (await post(cinema, scope={"title_id": other["id"]})).status_code == 201

    path = f"/api/v1/protections/{made['id']}"
    ended = await cinema.browser.patch(path, json={"expires_at": YESTERDAY})
    assert (ended.json()["active"], ended.json()["note"]) == (False, "A classic")
    lapsed = await listed(cinema, active=False)
    assert [each["id"] for each in lapsed] == [made["id"]]
    renewed = await post(cinema, scope=scope, insight="large", note="Again")
    assert renewed.status_code == 201, renewed.text
    assert (renewed.json()["id"], renewed.json()["active"]) == (made["id"], True)
    assert renewed.json()["expires_at"] is None

    assert (await cinema.browser.delete(path)).status_code == 204
    assert (await cinema.browser.delete(path)).status_code == 404
    assert len(await listed(cinema)) == 2


async def test_lists_are_filtered_searched_sorted_and_paged(  # noqa: PLR0915
    cinema: Cinema, titles: dict[str, Any]
) -> None:
    names = [each["name"] for each in of_kind(titles, "movie")[:3]]
    for place, name in enumerate(names):
        body = {"insight": "recent"} if place else {"preset": "large_is_fine"}
        note, scope = f"note {place}", {"title_id": titles[name]["id"]}
        answer = await post(cinema, scope=scope, note=note, **body)
        assert answer.status_code == 201, answer.text
    libraries = titles[names[0]]["copies"]
    library = libraries[0]["library_id"]
    await post(cinema, scope={"library_id": library}, expires_at=YESTERDAY)

    async def shown(**params: Any) -> list[str]:
        found = await listed(cinema, **params)
        return [(e["title"] or e["library"])["name"] for e in found]

    assert await shown(insight="recent", sort="created_at") == names[1:]
    assert await shown(q="NOTE 2") == names[2:]
    assert await shown(q=names[0].upper()) == names[:1]
    assert await shown(preset="large_is_fine") == names[:1]
    assert await shown(title_id=titles[names[1]]["id"]) == [names[1]]
    assert await shown(active=False) == [libraries[0]["library"]]
    assert await shown(library_id=library) == [libraries[0]["library"]]
    author = (await cinema.get("/session"))["account"]["email"].upper()
    assert len(await shown(author=author)) == 4
    assert await shown(author="somebody else") == []
    assert await shown(active=True, sort="name") == sorted(names)
    assert (await shown(sort="expires_at"))[0] == libraries[0]["library"]
    paged: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        page = await cinema.get("/protections", limit=1, sort="-expires_at", **cursor)
        assert page["total"] == 4
        paged += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert len(set(paged)) == 4


async def test_seasons_episodes_and_libraries_are_named_in_several_ways(
    cinema: Cinema, titles: dict[str, Any]
) -> None:
    show, film = of_kind(titles, "series")[0], of_kind(titles, "movie")[0]
    leaves = (await cinema.get(f"/titles/{show['id']}"))["leaves"]
    first, second, third = leaves[:3]
    own = {"title_id": show["id"]}
    season = {**own, "season": first["season"]}
    scopes: list[tuple[dict[str, Any], str]] = [
        (season, "season"),
        ({"season": {**own, "season": leaves[-1]["season"]}}, "season"),
        ({**season, "number": first["number"]}, "episode"),
        (
            {
                "episode": {
                    **own,
                    "season": second["season"],
                    "number": second["number"],
                }
            },
            "episode",
        ),
        ({"episode": third["id"]}, "episode"),
        ({"library_id": show["copies"][0]["library_id"]}, "library"),
    ]
    for scope, kind in scopes:
        answer = await post(cinema, scope=scope, insight="unwatched")
        if answer.status_code == 409 and kind == "season":
            continue  # The world has one season.
        assert answer.status_code == 201, answer.text
        assert answer.json()["scope"]["kind"] == kind
    same = {**own, "season": third["season"], "episode": third["number"]}
    assert (await post(cinema, scope=same, insight="unwatched")).status_code == 409
    unknown: list[dict[str, Any]] = [
        {"title_id": UNKNOWN},
        {**own, "season": 77},
        {**season, "number": 999},
        {"episode": UNKNOWN},
        {"library_id": UNKNOWN},
        {"title_id": film["id"], "season": 1},
        {"request_id": UNKNOWN},
    ]
    for scope in unknown:
        answer = await post(cinema, scope=scope)
        assert answer.status_code == 404, answer.text
    wrong: list[dict[str, Any]] = [
        {},
        {"season": 1},
        {**own, "number": 1},
        {**own, "library_id": scopes[-1][0]["library_id"]},
        {**own, "request_id": UNKNOWN},
        {"title_id": film["id"], "episode": third["id"]},
        {**own, "colour": "red"},
    ]
    for scope in wrong:
        answer = await post(cinema, scope=scope)
        assert answer.status_code == 400, (scope, answer.text)


async def test_languages_change_the_policy_of_a_title_and_are_read_as_tags(
    cinema: Cinema, titles: dict[str, Any]
) -> None:
    show, film = of_kind(titles, "series")[0], of_kind(titles, "movie")[0]
    scope = {"title_id": film["id"]}
    answer = await post(
        cinema, scope=scope, languages={"audio": ["fre", "fr", "Original"]}
    )
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["insight"], made["languages"]) == (
        "language",
        {"audio": ["fr", "original"], "subtitles": None},
    )
    path = f"/api/v1/protections/{made['id']}"
    changed = await cinema.browser.patch(path, json={"languages": {"subtitles": []}})
    assert changed.json()["languages"] == {"audio": None, "subtitles": []}
    changed = await cinema.browser.patch(path, json={"languages": None})
    assert (changed.json()["languages"], changed.json()["insight"]) == (
        None,
        "language",
    )
    languages = {"audio": ["fr"]}
    library = {"library_id": film["copies"][0]["library_id"]}
    season = {"title_id": show["id"], "season": 1}
    wrong: list[dict[str, Any]] = [
        {"scope": scope, "languages": {"audio": ["not a language"]}},
        {"scope": scope, "languages": languages, "insight": "large"},
        {"scope": library, "languages": languages},
        {"scope": season, "languages": languages},
        {"scope": scope, "preset": "unheard_of"},
        {"scope": scope, "preset": "large_is_fine", "insight": "recent"},
        {"scope": scope, "preset": "ignore_request"},
    ]
    for body in wrong:
        answer = await post(cinema, **body)
        assert answer.status_code == 400, (body, answer.text)


async def test_presets_are_named_after_the_policy_and_do_what_they_say(
    cinema: Cinema, titles: dict[str, Any]
) -> None:
    presets = (await cinema.get("/protections/presets"))["items"]
    named = {each["name"]: each for each in presets}
    assert named.keys() >= {
        "Keep",
        "English audio only",
        "French audio only",
        "French subtitles only",
        "No language check",
        "Large is fine",
    }
    assert named["French subtitles only"]["languages"] == {
        "audio": [],
        "subtitles": ["fr"],
    }
    film, show = of_kind(titles, "movie")[0], of_kind(titles, "series")[0]
    for preset in presets:
        scope = {"title_id": film["id"]}
        if "title" not in preset["scopes"]:
            scope = {"title_id": show["id"], "season": 1}
        if preset["scopes"] == ["request"]:
            continue
        answer = await post(cinema, scope=scope, preset=preset["id"])
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert (made["insight"], made["languages"], made["preset"]) == (
            preset["insight"],
            preset["languages"],
            preset["id"],
        )
        path = f"/api/v1/protections/{made['id']}"
        renamed = await cinema.browser.patch(path, json={"preset": "keep"})
        assert renamed.status_code == 200, renamed.text
        assert (renamed.json()["insight"], renamed.json()["languages"]) == (None, None)
        assert (await cinema.browser.delete(path)).status_code == 204


async def test_a_change_that_would_be_a_second_one_is_refused(
    cinema: Cinema, titles: dict[str, Any]
) -> None:
    scope = {"title_id": of_kind(titles, "movie")[0]["id"]}
    one, other = [
        (await post(cinema, scope=scope, insight=insight)).json()
        for insight in ("large", "recent")
    ]
    path = f"/api/v1/protections/{one['id']}"
    answer = await cinema.browser.patch(path, json={"insight": "recent"})
    assert (answer.status_code, answer.json()["error_code"]) == (
        409,
        "already_protected",
    )
    old = {"insight": "unwatched", "expected_updated_at": YESTERDAY}
    answer = await cinema.browser.patch(path, json=old)
    assert (answer.status_code, answer.json()["error_code"]) == (409, "edit_conflict")
    lapsed = f"/api/v1/protections/{other['id']}"
    await cinema.browser.patch(lapsed, json={"expires_at": YESTERDAY})
    answer = await cinema.browser.patch(path, json={"insight": "recent"})
    assert (answer.status_code, answer.json()["insight"]) == (200, "recent")
    assert [each["id"] for each in await listed(cinema)] == [one["id"]]


async def test_many_titles_are_protected_at_once_with_an_answer_for_each(
    cinema: Cinema, titles: dict[str, Any]
) -> None:
    ids = [each["id"] for each in titles.values()]
    await post(cinema, scope={"title_id": ids[0]})
    second = (await post(cinema, scope={"title_id": ids[1]})).json()
    path = f"/api/v1/protections/{second['id']}"
    await cinema.browser.patch(path, json={"expires_at": YESTERDAY})
    asked = [*ids, UNKNOWN, ids[2]]
    answer = await post(cinema, "/bulk", title_ids=asked, note="All of them")
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert [each["title_id"] for each in items] == asked
    states = [each["status"] for each in items]
    assert states[:3] == ["already_protected", "renewed", "created"]
    assert states[-2:] == ["not_found", "created"]
    assert len(await listed(cinema, limit=200)) == len(ids)
    again = (await post(cinema, "/bulk", title_ids=ids)).json()["items"]
    assert {each["status"] for each in again} == {"already_protected"}
    assert all(each["protection_id"] for each in again)
    for wrong in ([], [UNKNOWN] * 1001):
        assert (await post(cinema, "/bulk", title_ids=wrong)).status_code == 400


async def test_of_two_at_once_one_protects_and_the_other_is_refused(
    cinema: Cinema, titles: dict[str, Any]
) -> None:
    film = of_kind(titles, "movie")[0]
    scope = {"title_id": film["id"]}
    for _ in range(2):
        answers = await asyncio.gather(*(post(cinema, scope=scope) for _ in range(4)))
        codes = sorted(answer.status_code for answer in answers)
        assert codes == [201, 409, 409, 409]
        (made,) = await listed(cinema)
        path = f"/api/v1/protections/{made['id']}"
        # The same again for one that has lapsed.
        await cinema.browser.patch(path, json={"expires_at": YESTERDAY})


async def test_the_number_of_queries_does_not_grow_with_the_titles(
    cinema: Cinema, titles: dict[str, Any], database: Database
) -> None:
    ids = [each["id"] for each in titles.values()]
    sent: list[str] = []

    def note(*given: object) -> None:
        # Other work goes on meanwhile.
        if "protections" in str(given[2]) or "titles" in str(given[2]):
            sent.append(str(given[2]))

    engines = {database.engine.sync_engine, database.reader.sync_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    counts: list[int] = []
    try:
        for some in (ids[:2], ids):
            sent.clear()
            answer = await post(cinema, "/bulk", title_ids=some, insight="recent")
            assert answer.is_success, answer.text
            await cinema.get("/protections", limit=200)
            counts.append(len(sent))
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
    assert counts[0] == counts[1] > 0

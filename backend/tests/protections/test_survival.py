"""Protections outlive what they protect: a title, a library or a server that is gone
and comes back is protected as before."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.catalogue.conftest import Cinema

from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import Title
from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.protections.repository import ProtectionRepository, quiets
from zondarr.protections.rules import quieting

both = pytest.mark.parametrize("kind", ["jellyfin", "plex"])


async def hidden(cinema: Cinema, database: Database) -> set[str]:
    """The listed titles that a protection hides from an insight, by SQL and by the
    function."""
    workspace_id = UUID((await cinema.get("/session"))["workspace"]["id"])
    titles = (await cinema.titles()).values()
    now = utc_now()
    async with database.scoped(workspace_id, reading=True) as session:
        rows = select(Title.name).where(
            Title.listed, quiets(Insight.LARGE, now, workspace_id)
        )
        found = set(await session.scalars(rows))
        ids = [UUID(each["id"]) for each in titles]
        loaded = await ProtectionRepository(session).concerning(ids, now=now)
        expected = {
            each["name"]
            for each in titles
            if quieting(
                loaded,
                Insight.LARGE,
                title_id=UUID(each["id"]),
                library_ids=[UUID(copy["library_id"]) for copy in each["copies"]],
                now=now,
            )
        }
    assert found == expected
    return found


async def protect(cinema: Cinema, **scope: Any) -> None:
    await cinema.post("/protections", scope=scope)


async def synced(cinema: Cinema) -> None:
    """What is lost may have to be confirmed."""
    run = await cinema.sync()
    while run["status"] == "failed":
        answer = await cinema.browser.post(f"/api/v1/runs/{run['id']}/confirm")
        assert answer.is_success, (run, answer.text)
        run = await cinema.ended(answer.json()["run_id"])


@both
async def test_a_title_that_vanishes_and_returns_is_protected(
    cinema: Cinema, database: Database, kind: str
) -> None:
    await cinema.add(kind)
    await synced(cinema)
    film = next(e for e in (await cinema.titles()).values() if e["type"] == "movie")
    await protect(cinema, title_id=film["id"])
    assert await hidden(cinema, database) == {film["name"]}
    await cinema.act(kind, "vanish", items=[film["name"]])
    await synced(cinema)
    assert await hidden(cinema, database) == set()
    (kept,) = (await cinema.get("/protections"))["items"]
    assert kept["active"]
    assert kept["title"]["missing_since"]
    await cinema.act(kind, "arrive", item=film["name"])
    await synced(cinema)
    assert await hidden(cinema, database) == {film["name"]}


@both
async def test_a_library_that_is_renamed_moved_or_made_again_is_protected(
    cinema: Cinema, database: Database, kind: str
) -> None:
    await cinema.add(kind)
    await synced(cinema)
    titles = await cinema.titles()
    films = [each for each in titles.values() if each["type"] == "movie"]
    library = films[0]["copies"][0]
    inside = {
        each["name"]
        for each in titles.values()
        if library["library_id"] in {copy["library_id"] for copy in each["copies"]}
    }
    name = library["library"]
    await protect(cinema, library_id=library["library_id"])
    assert await hidden(cinema, database) == inside

    await cinema.act(kind, "library", library=name, name="Pictures")
    await synced(cinema)
    assert await hidden(cinema, database) == inside
    await cinema.act(kind, "library", library="Pictures", path="/elsewhere")
    await synced(cinema)
    assert await hidden(cinema, database) == inside
    await cinema.act(kind, "vanish", library="Pictures")
    await synced(cinema)
    assert await hidden(cinema, database) == set()
    (kept,) = (await cinema.get("/protections"))["items"]
    assert (kept["active"], kept["library"]["gone"]) == (True, True)
    await cinema.act(kind, "library", library="Pictures", again=True)
    await synced(cinema)
    assert await hidden(cinema, database) == inside


@both
async def test_a_title_without_ids_is_found_again_by_its_path(
    cinema: Cinema, database: Database, kind: str
) -> None:
    """Also if its library is made again, where a server gives all titles new ids."""
    await cinema.add(kind)
    (film,) = (await cinema.act(kind, "arrive", item={"name": "Home Movie"}))["items"]
    assert film["name"] == "Home Movie"
    await synced(cinema)
    before = (await cinema.titles())["Home Movie"]
    await protect(cinema, title_id=before["id"])
    library = before["copies"][0]["library"]
    await cinema.act(kind, "vanish", library=library)
    await synced(cinema)
    await cinema.act(kind, "library", library=library, again=True)
    await synced(cinema)
    assert (await cinema.titles())["Home Movie"]["id"] == before["id"]
    assert await hidden(cinema, database) == {"Home Movie"}


@both
async def test_a_server_that_is_removed_and_added_again_is_protected(
    cinema: Cinema, database: Database, kind: str
) -> None:
    server = await cinema.add(kind)
    await synced(cinema)
    titles = await cinema.titles()
    film = next(each for each in titles.values() if each["type"] == "movie")
    show = next(each for each in titles.values() if each["type"] == "series")
    await protect(cinema, title_id=film["id"])
    await protect(cinema, library_id=show["copies"][0]["library_id"])
    before = await hidden(cinema, database)
    assert {film["name"], show["name"]} <= before
    assert (await cinema.browser.delete(f"/api/v1/servers/{server}")).is_success
    kept = (await cinema.get("/protections", sort="created_at"))["items"]
    assert [each["active"] for each in kept] == [True, True]
    assert kept[1]["library"]["gone"]
    assert (kept[1]["library"]["name"], kept[1]["library"]["server"]) == (
        show["copies"][0]["library"],
        None,
    )
    assert await hidden(cinema, database) == set()
    await cinema.add(kind)
    await synced(cinema)
    assert await hidden(cinema, database) == before

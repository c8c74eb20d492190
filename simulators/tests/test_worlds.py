"""Worlds: the same seed is the same world; a file matches its description exactly."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.asking import served
from tests.contract.shared import beside

from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.world_file import WorldFileError, read_world


@settings(deadline=None)
@given(st.integers(0, 99), st.integers(0, 30), st.integers(0, 9))
def test_the_same_seed_is_the_same_world(items: int, people: int, seed: int) -> None:
    one = make_world(items=items, people=people, seed=seed)
    other = make_world(items=items, people=people, seed=seed)
    assert one.titles == other.titles
    assert one.people == other.people
    assert len(one.titles) == items
    assert len({title.id for title in one.titles}) == items
    assert len({person.name for person in one.people}) == people


def test_another_seed_is_another_world() -> None:
    one, other = make_world(seed=1), make_world(seed=2)
    assert {t.id for t in one.titles}.isdisjoint(t.id for t in other.titles)


def test_whole_shows_are_asked_for_by_their_number() -> None:
    kinds = Counter(t.kind for t in make_world(items=200, series=3).titles)
    assert kinds == {"Movie": 65, "Series": 3, "Season": 12, "Episode": 120}
    kinds = Counter(t.kind for t in make_world(items=0, series=3).titles)
    assert kinds == {"Series": 3, "Season": 12, "Episode": 120}


def test_titles_are_made_when_they_are_asked_for() -> None:
    world = make_world(items=1_000_000_000)
    assert JellyfinSimulator(world).state.users


async def test_people_have_the_libraries_of_the_world() -> None:
    world = make_world(people=20)
    some = next(p for p in world.people if p.libraries and not p.disabled)
    async with served(JellyfinSimulator(world)) as ask:
        views = (await ask.get("/UserViews", userId=some.id)).json()["Items"]
        assert {view["Id"] for view in views} == set(some.libraries or ())


async def test_a_world_file_is_held_exactly() -> None:
    path = beside("transcripts/world.json")
    result = json.loads(path.read_text())
    async with served(JellyfinSimulator(read_world(path))) as ask:
        users = (await ask.get("/Users")).json()
        folders = (await ask.get("/Library/VirtualFolders")).json()
        kinds = "Movie,Series,Season,Episode"
        page = await ask.get("/Items", recursive=True, includeItemTypes=kinds)
        items = page.json()["Items"]
        assert [user["Name"] for user in users] == ["admin"]
        assert folders == result["libraries"]
        assert {item["Id"] for item in items} == {
            item["Id"] for item in result["items"]
        }


@pytest.mark.parametrize("content", [None, "{", "[]", "{}", '{"server": {"Id": "1"}}'])
def test_what_is_no_world_is_refused(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "world.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(WorldFileError, match=r"world\.json"):
        read_world(file)

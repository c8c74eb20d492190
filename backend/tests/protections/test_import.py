"""Lists of titles are imported: matched, ambiguous, or not found."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.catalogue.conftest import Cinema

from zondarr.catalogue.models import Title, TitleKind
from zondarr.core.database import Database
from zondarr.protections.entries import read_entries, read_entry


@pytest.fixture
async def shelf(cinema: Cinema, database: Database) -> dict[str, str]:
    """The ids of some titles, by name and year."""
    rows = [
        Title(
            kind=TitleKind.MOVIE, name="Alien", year=1979, tmdb="348", imdb="tt0078748"
        ),
        Title(kind=TitleKind.MOVIE, name="Solaris", year=1972, tmdb="593"),
        Title(kind=TitleKind.MOVIE, name="Solaris", year=2002, tmdb="2103"),
        Title(kind=TitleKind.MOVIE, name="The Thirty Nine", year=1959, tmdb="1399"),
        Title(
            kind=TitleKind.SERIES, name="Thrones", year=2011, tmdb="1399", tvdb="121361"
        ),
        Title(kind=TitleKind.MOVIE, name="1917", year=2019, tmdb="530915"),
        Title(kind=TitleKind.MOVIE, name="Élan (Director's Cut)", year=2020, tmdb="77"),
        Title(kind=TitleKind.MOVIE, name="Heat (1995)", year=1995, tmdb="949"),
    ]
    for row in rows:
        row.listed = True
    hidden = Title(kind=TitleKind.MOVIE, name="Not read yet", tmdb="5")
    workspace_id = UUID((await cinema.get("/session"))["workspace"]["id"])
    async with database.scoped(workspace_id) as session:
        session.add_all([*rows, hidden])
    return {f"{row.name} {row.year}": str(row.id) for row in rows}


async def imported(cinema: Cinema, *, dry_run: bool = False, **body: Any) -> Any:
    path = f"/api/v1/protections/import?dry_run={dry_run}".lower()
    answer = await cinema.browser.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_names_and_ids_are_matched_and_a_doubtful_name_protects_nothing(
    cinema: Cinema, shelf: dict[str, str]
) -> None:
    expected = {
        "ALIEN": "Alien 1979",
        "tt0078748": "Alien 1979",
        "imdb:tt0078748": "Alien 1979",
        "Solaris (2002)": "Solaris 2002",
        "593": "Solaris 1972",
        "movie:tmdb:1399": "The Thirty Nine 1959",
        "tv:tmdb:1399": "Thrones 2011",
        "tvdb:121361": "Thrones 2011",
        "1917": "1917 2019",
        "élan (director's cut)": "Élan (Director's Cut) 2020",
        "Heat (1995)": "Heat (1995) 1995",
    }
    ambiguous = {"Solaris": 2, "tmdb:1399": 2, "1399": 2}
    unknown = ["Solaris (1999)", "movie:tvdb:121361", "tmdb:5", "Not read yet", "Alie"]
    lines = [*expected, "", "# a comment", *ambiguous, *unknown]
    text = "\ufeff" + "\r\n".join(lines)
    found = await imported(cinema, dry_run=True, text=text, preset="keep")
    matched = {each["entry"]: each["title"]["id"] for each in found["matched"]}
    assert matched == {entry: shelf[name] for entry, name in expected.items()}
    candidates = {e["entry"]: len(e["candidates"]) for e in found["ambiguous"]}
    assert candidates == ambiguous
    assert found["not_found"] == unknown
    assert {each["outcome"] for each in found["matched"]} == {None}
    assert (await cinema.get("/protections"))["total"] == 0

    done = await imported(cinema, text=text, preset="keep", note="From a list")
    assert [each["entry"] for each in done["matched"]] == list(expected)
    assert {each["outcome"] for each in done["matched"]} == {"created"}
    kept = (await cinema.get("/protections"))["items"]
    assert {each["title"]["id"] for each in kept} == {*matched.values()}
    assert {(each["preset"], each["note"]) for each in kept} == {
        ("keep", "From a list")
    }
    again = await imported(cinema, entries=["Alien", 593])
    assert {e["outcome"] for e in again["matched"]} == {"already_protected"}


async def test_json_lists_are_read_in_the_usual_spellings(
    cinema: Cinema, shelf: dict[str, str]
) -> None:
    listed: list[Any] = [
        "Alien",
        593,
        {"title": "Solaris", "year": 2002},
        {"name": "Whatever", "tmdbId": 1399, "media_type": "tv"},
        {"imdb_id": "tt0078748", "tmdb_id": 1},
        {"year": 1999},
        None,
    ]
    found = await imported(cinema, dry_run=True, text=json.dumps(listed))
    names = [each["title"]["name"] for each in found["matched"]]
    assert names == ["Alien", "Solaris", "Solaris", "Thrones"]
    # Ids that contradict each other name no title.
    assert [json.loads(each) for each in found["not_found"][:1]] == [listed[4]]


async def test_a_thousand_lines_are_one_import(
    cinema: Cinema, shelf: dict[str, str], database: Database
) -> None:
    workspace_id = UUID((await cinema.get("/session"))["workspace"]["id"])
    async with database.scoped(workspace_id) as session:
        session.add_all(
            Title(kind=TitleKind.MOVIE, name=f"Film {n}", tmdb=f"77000{n}", listed=True)
            for n in range(600)
        )
    lines = [f"film {n}" for n in range(0, 600, 2)]
    lines += [f"tmdb:77000{n}" for n in range(1, 600, 2)]
    lines += [f"Nobody knows {n}" for n in range(400)]
    done = await imported(cinema, text="\n".join(lines))
    assert (len(done["matched"]), len(done["not_found"])) == (600, 400)
    assert {each["outcome"] for each in done["matched"]} == {"created"}
    assert (await cinema.get("/protections"))["total"] == 600
    empty = await cinema.browser.post(
        "/api/v1/protections/import", json={"text": "\n# nothing\n"}
    )
    assert empty.status_code == 400


@given(st.text(max_size=60))
def test_any_text_is_read_and_a_written_entry_stays_as_it_is(text: str) -> None:
    for entry in read_entries(text):
        assert entry.ids or entry.name is not None or entry.written.startswith("{")
    entry = read_entry(text)
    assert entry.written == text.strip().replace("\0", "")
    assert bool(entry.ids) != (entry.name is not None)

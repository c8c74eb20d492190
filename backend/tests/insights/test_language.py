"""The language insight, through the HTTP interface, on both types of servers."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from tests.catalogue.conftest import Cinema

from zondarr.core.database import Database
from zondarr.protections.models import Protection

type Track = Mapping[str, Any]


def audio(language: str | None = None, **more: Any) -> Track:
    return {"type": "audio", "language": language, **more}


def subtitle(language: str | None = None, **more: Any) -> Track:
    return {"type": "subtitle", "language": language, **more}


EN, FR, FR_TEXT = audio("eng"), audio("fre"), subtitle("fre")
WHOLE = [EN, FR, FR_TEXT]
ANY_TIME = {"language_added_within_days": 0}


async def arrive(cinema: Cinema, kind: str, **item: Any) -> None:
    if "tracks" in item:
        item["tracks"] = [
            {k: v for k, v in each.items() if v is not None} for each in item["tracks"]
        ]
    await cinema.act(kind, "arrive", item=item)


async def rows(cinema: Cinema, **params: Any) -> dict[str, Any]:
    """The rows of the list, by the names of their titles."""
    found: dict[str, Any] = {}
    cursor: str | None = None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = await cinema.get("/insights/language", limit=200, **params, **more)
        found |= {row["title"]["name"]: row for row in page["items"]}
        cursor = page["next_cursor"]
        if cursor is None:
            assert page["total"] == len(found)
            return found


async def verdicts(
    cinema: Cinema, names: Sequence[str], **params: Any
) -> dict[str, str]:
    params = ANY_TIME | params
    finding = await rows(cinema, **params)
    undecided = await rows(cinema, verdict="undecided", **params)
    assert not finding.keys() & undecided.keys()
    return {
        name: "finding"
        if name in finding
        else "undecided"
        if name in undecided
        else "clear"
        for name in names
    }


FILMS: Mapping[str, tuple[str, list[Track]]] = {
    "whole": ("clear", WHOLE),
    "no French audio": ("finding", [EN, FR_TEXT]),
    "a track without a language": ("undecided", [EN, audio(), FR_TEXT]),
    "a track that nobody can read": ("undecided", [EN, audio("und"), FR_TEXT]),
    "subtitles lack in any case": ("finding", [EN, audio()]),
    "regions and other codes": (
        "clear",
        [audio("en-GB"), audio("Français"), subtitle("fr-CA")],
    ),
    "a title for a language": (
        "clear",
        [EN, FR, subtitle(external=True, title="French")],
    ),
    "commentary only": ("finding", [EN, audio("fre", commentary=True), FR_TEXT]),
    "audio description only": (
        "finding",
        [EN, audio("fre", title="Audiodescription"), FR_TEXT],
    ),
    "commentary without a language": (
        "finding",
        [EN, audio(title="Director's commentary"), FR_TEXT],
    ),
    "forced subtitles only": ("finding", [EN, FR, subtitle("fre", forced=True)]),
    "for the hearing-impaired": (
        "clear",
        [EN, FR, subtitle("fra", hearing_impaired=True)],
    ),
    "silent": ("clear", [audio("zxx"), FR_TEXT]),
}


@pytest.mark.parametrize("kind", ["jellyfin", "plex"])
async def test_films_are_judged_by_what_their_tracks_offer(
    cinema: Cinema, kind: str
) -> None:
    await cinema.add(kind)
    for name, (_, tracks) in FILMS.items():
        await arrive(cinema, kind, name=name, tracks=tracks)
    await cinema.sync()
    expected = {name: verdict for name, (verdict, _) in FILMS.items()}
    assert await verdicts(cinema, list(FILMS)) == expected

    # What is missing is shown apart from what is unknown, and who does not tell it.
    undecided = await rows(cinema, verdict="undecided", q="without", **ANY_TIME)
    row = undecided["a track without a language"]
    assert row["verdict"] == "undecided"
    assert row["reason"]["sentence"] == (
        f"It may lack French audio: {kind.title()} reports audio without a language."
        " Set the language of the track in the file, scan the library there, then sync"
        " again."
    )
    values = {each["name"]: each["value"] for each in row["reason"]["facts"]}
    assert (values["unknown_audio"], values.get("missing_audio")) == ("fr", None)
    for fact in row["reason"]["facts"]:
        assert fact["source"] == kind.title()
        assert fact["as_of"] is not None
    finding = (await rows(cinema, q="in any case", **ANY_TIME))[
        "subtitles lack in any case"
    ]
    assert finding["reason"]["sentence"] == "It lacks French subtitles."
    values = {each["name"]: each["value"] for each in finding["reason"]["facts"]}
    assert (values["unknown_audio"], values["missing_subtitles"]) == ("fr", "fr")

    # The policy of one answer.
    names = ["no French audio", "commentary only", "silent"]
    english = {"audio": ["en"], "subtitles": ["fr"]}
    assert await verdicts(cinema, names, **english) == dict.fromkeys(names, "clear")
    none = {"audio": "", "subtitles": "fra"}
    assert (await verdicts(cinema, ["whole"], **none)) == {"whole": "clear"}
    assert (await verdicts(cinema, ["whole"], audio="fr-CA")) == {"whole": "finding"}


ROAD = "The Long Road"


async def arrive_series(cinema: Cinema) -> None:
    """Ten episodes, of which four lack French, and a special without any."""
    for number in range(1, 11):
        lacking = 5 <= number <= 8
        tracks = [EN, FR_TEXT] if lacking else WHOLE
        place = {"series": ROAD, "season": 2, "episode": number}
        await arrive(
            cinema, "jellyfin", type="episode", name=f"{number}", tracks=tracks, **place
        )
    place = {"series": ROAD, "season": 0, "episode": 1}
    await arrive(cinema, "jellyfin", type="episode", name="0", tracks=[EN], **place)
    await cinema.sync()


async def road(cinema: Cinema, **params: Any) -> Any:
    """Its row, None if it is not found."""
    return (await rows(cinema, q="long road", **params)).get(ROAD)


async def labels(cinema: Cinema, **params: Any) -> list[str]:
    row = await road(cinema, **params)
    return [each["label"] for each in row["parts"]]


async def test_episodes_are_grouped_and_specials_are_left_out(cinema: Cinema) -> None:
    await cinema.add("jellyfin")
    await arrive_series(cinema)
    row = await road(cinema)
    (part,) = row["parts"]
    assert (part["label"], part["season"], part["numbers"], part["note"]) == (
        "S2E5–E8",  # noqa: RUF001
        2,
        [5, 6, 7, 8],
        "missing: French audio",
    )
    assert part["library_ids"] == [row["copies"][0]["library_id"]]
    assert row["reason"]["sentence"] == "4 episodes lack French audio."
    assert await labels(cinema, specials=True) == ["S0E1", "S2E5–E8"]  # noqa: RUF001

    # Another policy for the title, and for its library.
    scope = {"title_id": row["title"]["id"]}
    languages = {"audio": ["en"], "subtitles": None}
    override = await cinema.post(
        "/protections", scope=scope, languages=languages, insight="language"
    )
    assert await road(cinema) is None
    assert await labels(cinema, specials=True) == ["S0E1"]
    await cinema.browser.delete(f"/api/v1/protections/{override['id']}")
    library = {"library_id": row["copies"][0]["library_id"]}
    setting = {"library_languages": [library | {"audio": ["en"], "subtitles": []}]}
    changed = await cinema.browser.patch("/api/v1/settings", json=setting)
    assert changed.is_success, changed.text
    assert await road(cinema, specials=True) is None


async def test_an_exemption_acts_at_once_and_lapses_at_once(
    cinema: Cinema, database: Database
) -> None:
    await cinema.add("jellyfin")
    await arrive_series(cinema)
    title_id = (await road(cinema))["title"]["id"]
    season: dict[str, Any] = {"title_id": title_id, "season": 2}
    await cinema.post("/protections", scope=season | {"number": 6}, insight="language")
    assert await labels(cinema) == ["S2E5, E7–E8"]  # noqa: RUF001
    await cinema.post("/protections", scope=season, insight="language")
    assert await road(cinema) is None
    why = (await cinema.get(f"/titles/{title_id}/why"))["items"]
    assert {e["insight"]: e["verdict"] for e in why}["language"] == "clear"
    past = datetime.now(UTC) - timedelta(days=1)
    async with database.unscoped("command line") as session:
        await session.execute(update(Protection).values(expires_at=past))
    assert await labels(cinema) == ["S2E5–E8"]  # noqa: RUF001


async def test_copies_count_together_and_the_original_language_may_be_required(
    cinema: Cinema,
) -> None:
    await cinema.add("jellyfin")
    await cinema.add("plex")
    both = {"name": "Amélie", "providers": {"imdb": "tt0211915"}, "tracks": WHOLE}
    await arrive(cinema, "plex", **both)
    both |= {"tracks": [EN], "original_language": "fr"}
    await arrive(cinema, "jellyfin", **both)
    flagged = [audio("jpn", original=True), EN, FR, FR_TEXT]
    await arrive(cinema, "jellyfin", name="Ikiru", tracks=flagged)
    await arrive(cinema, "plex", name="Stalker", tracks=WHOLE)
    old = (datetime.now(UTC) - timedelta(days=1501)).isoformat()
    await arrive(cinema, "jellyfin", name="Metropolis", tracks=[EN], added=old)
    await cinema.sync()
    names = ["Amélie", "Ikiru", "Stalker"]
    assert await verdicts(cinema, names) == dict.fromkeys(names, "clear")
    strict = await verdicts(cinema, names, strict=True)
    assert strict == {"Amélie": "finding", "Ikiru": "clear", "Stalker": "clear"}
    original = {"audio": "original", "subtitles": ""}
    assert await verdicts(cinema, names, **original) == {
        "Amélie": "clear",
        "Ikiru": "clear",
        "Stalker": "undecided",
    }
    (row,) = (await rows(cinema, verdict="undecided", q="stalker", **original)).values()
    assert "the language in which it was made" in row["reason"]["sentence"]
    assert (await rows(cinema, q="metropolis")) == {}
    assert (await rows(cinema, q="metropolis", **ANY_TIME)).keys() == {"Metropolis"}

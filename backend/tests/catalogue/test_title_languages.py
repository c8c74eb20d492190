"""What titles offer is known after a sync, on both types of servers."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from tests.catalogue.conftest import Cinema

from zondarr.catalogue.languages.combinations import title_offer
from zondarr.catalogue.languages.models import LeafLanguages, TitleLanguages
from zondarr.catalogue.models import MediaItem, Title
from zondarr.catalogue.repository.totals import ItemPart
from zondarr.core.database import Database
from zondarr.media.types import ItemKind

HERE, THERE, WORKSPACE = (UUID(int=number) for number in (1, 2, 3))
AUDIO = {"type": "audio"}
SUBTITLE = {"type": "subtitle"}
TRACKS: list[dict[str, Any]] = [
    AUDIO | {"language": "fre"},
    AUDIO | {"language": "fr-CA", "original": True},
    AUDIO | {"language": "eng", "commentary": True},
    AUDIO | {"language": "de", "title": "Hörfilmfassung"},
    AUDIO,
    SUBTITLE | {"language": "English"},
    SUBTITLE | {"language": "spa", "forced": True},
    SUBTITLE | {"external": True, "title": "Deutsch"},
]


async def stored(database: Database, name: str) -> dict[str, UUID | None]:
    """The title's combination, its item's, and the files' languages."""
    async with database.unscoped("command line", reading=True) as session:
        row = (
            await session.execute(
                select(Title.languages_id, MediaItem.languages_id)
                .join(MediaItem, MediaItem.title_id == Title.id)
                .where(Title.name == name, MediaItem.listed)
            )
        ).first()
        assert row is not None
        return {"title": row[0], "item": row[1]}


async def count(database: Database, table: type[Any]) -> int:
    async with database.unscoped("command line", reading=True) as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_tracks_have_tags_whatever_the_server_calls_their_languages(
    cinema: Cinema, database: Database
) -> None:
    await cinema.add("jellyfin")
    await cinema.add("plex")
    film = next(t for t in cinema.jellyfin.state.world.titles if t.kind == "Movie")
    for kind in ("jellyfin", "plex"):
        await cinema.act(kind, "retag", item=film.name, tracks=TRACKS)
        ids = {"imdb": "tt0211915"}
        arrived = {"name": "Amélie", "original_language": "fr", "providers": ids}
        await cinema.act(kind, "arrive", item=arrived)
    run = await cinema.sync()
    assert run["status"] == "succeeded", run
    title = (await cinema.titles())[film.name]
    shown = await cinema.get(f"/titles/{title['id']}")
    assert len(shown["leaves"]) == 2
    for leaf in shown["leaves"]:
        tracks = leaf["files"][0]["tracks"]
        assert [each["tag"] for each in tracks] == [
            "fr", "fr-CA", "en", "de", None, "en", "es", "de",
        ]  # fmt: skip
        assert [each["commentary"] for each in tracks] == [
            False, False, True, True, False, False, False, False,
        ]  # fmt: skip
    assert (await cinema.titles())["Amélie"]["original_language"] == "fr"

    # The same tracks on two servers, and what is not offered any more is forgotten.
    before = await count(database, TitleLanguages), await count(database, LeafLanguages)
    for kind in ("jellyfin", "plex"):
        await cinema.act(kind, "retag", item=film.name, tracks=[AUDIO])
    await cinema.sync()
    after = await count(database, TitleLanguages), await count(database, LeafLanguages)
    assert after <= before

    # As if an earlier version had stored it all: everything is read again, once.
    known = await stored(database, film.name)
    assert None not in known.values()
    async with database.unscoped("command line") as session:
        for table in (Title, MediaItem):
            await session.execute(update(table).values(languages_id=None))
        await session.commit()
    await cinema.sync()
    assert await stored(database, film.name) == known


def part(
    audio: str | None,
    *,
    library: UUID = HERE,
    number: int | None = None,
    item: int = 1,
    season: int = 1,
) -> ItemPart:
    return ItemPart(
        UUID(int=9),
        UUID(int=item),
        library,
        ItemKind.MOVIE if number is None else ItemKind.EPISODE,
        None if number is None else season,
        None,  # pyright: ignore[reportArgumentType]
        None,  # pyright: ignore[reportArgumentType]
        UUID(int=item),
        "",
        1,
        number,
        audio,
        "",
    )


def test_the_copies_of_a_film_are_one_with_the_versions_of_all() -> None:
    found = title_offer(
        WORKSPACE, [part("fr en"), part("de ?", library=THERE, item=2)], "fr-CA"
    )
    ((first, leaf), (second, other)) = found.leaves.values()
    assert (first, leaf) == (second, other)
    assert leaf.original == "fr-ca"
    assert {(v.library_id, v.audio, v.audio_unknown) for v in leaf.versions} == {
        (HERE, "|en|fr|", False),
        (THERE, "|de|", True),
    }


def test_the_same_files_are_the_same_combination_in_any_order() -> None:
    parts = [part("fr", number=1, item=1), part("en", number=2, item=2)]
    again = [part("en", number=8, item=3), part("fr", number=9, item=4)]
    found, other = (
        title_offer(WORKSPACE, parts, None),
        title_offer(WORKSPACE, again, None),
    )
    assert found.id == other.id
    assert title_offer(THERE, parts, None).id != found.id
    assert title_offer(WORKSPACE, parts, "en").id != found.id
    assert title_offer(WORKSPACE, parts[:1], None).id != found.id


def test_specials_are_known_and_what_was_never_read_is_unknown() -> None:
    found = title_offer(WORKSPACE, [part(None, number=1, season=0)], None)
    ((_, leaf),) = found.leaves.values()
    (version,) = leaf.versions
    assert leaf.special
    assert (version.audio, version.audio_unknown) == ("", True)
    assert (version.subtitles, version.subtitles_unknown) == ("", False)

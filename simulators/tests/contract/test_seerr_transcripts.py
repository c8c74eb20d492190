"""What a real Seerr was asked, asked of ours, and the answers compared."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.contract.seerr_recorder import Replay, record
from tests.contract.shared import beside
from tests.contract.test_transcripts import run

from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.seerr import SeerrSimulator, Start
from media_server_simulators.server import serve_in_thread
from media_server_simulators.world import Library, Person, Title, World, guid_of

PASSWORD = "Watcher-Passw0rd"
ADDED = datetime(2021, 1, 20, tzinfo=UTC)
LIBRARIES = (
    ("BigMovies", "movies"),
    ("BigShows", "tvshows"),
    ("Movies", "movies"),
    ("Movies2", "movies"),
    ("Shows", "tvshows"),
    ("Shows2", "tvshows"),
)


def recorded_world() -> World:
    """What the recorded Seerr had behind it, as far as it mattered."""
    libraries = tuple(
        Library(guid_of(name), name, kind, (f"/media/{name}",))
        for name, kind in LIBRARIES
    )
    return World(
        server_id=guid_of("recorded"),
        server_name="Recorded",
        administrator=Person(guid_of("admin"), "admin", "Admin-Passw0rd", True),
        libraries=libraries,
        make_titles=lambda: [film(libraries[0], number) for number in range(8)],
        people=tuple(
            Person(guid_of(f"watcher-{n}"), f"watcher-{n}", PASSWORD) for n in range(5)
        ),
    )


def film(library: Library, number: int) -> Title:
    return Title(
        id=guid_of(f"film/{number}"),
        kind="Movie",
        name=f"Film {number}",
        library_id=library.id,
        added=ADDED.replace(day=20 + number),
        year=2015,
        providers=(("Tmdb", str(100_000 + number)),),
    )


@dataclass(frozen=True)
class Compared:
    total: int
    alike: int
    unlike: list[str]


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Compared]:
    transcripts = beside("transcripts")
    real = transcripts / "seerr-3.1.0"
    out = tmp_path_factory.mktemp("seerr") / "recorded"
    world = recorded_world()
    with (
        serve_in_thread(JellyfinSimulator(world)) as jellyfin,
        serve_in_thread(SeerrSimulator(world, start=Start.FRESH)) as base,
    ):
        record(real, out, Replay(base, jellyfin, PASSWORD), [])
    return compare(transcripts / "compare.py", real, out)


def compare(program: Path, real: Path, out: Path) -> dict[str, Compared]:
    report = out / "report" / "compared.json"
    report.parent.mkdir()
    run(program, real, out, "--json", report)
    rows = json.loads(report.read_text("utf-8"))["scenarios"]
    return {
        row["scenario"]: Compared(
            row["total"], row["alike"], [each["note"] for each in row["unlike"]]
        )
        for row in rows
    }


@pytest.mark.parametrize(
    ("scenario", "exchanges"),
    [("auth", 27), ("before_setup", 8), ("setup", 11), ("users", 40), ("requests", 91)],
)
def test_it_answers_as_recorded(
    compared: dict[str, Compared], scenario: str, exchanges: int
) -> None:
    found = compared[scenario]
    assert found.total == exchanges
    assert found.alike >= 0.95 * found.total, found.unlike

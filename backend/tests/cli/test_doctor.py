"""`zondarr doctor` names each trouble of an installation, and what to do about it."""

import re
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.seerr import SeerrSimulator
from media_server_simulators.server import serve_in_thread
from tests.cli.installation import Installation, furnished, sign_in
from tests.cli.process import environment, free_port, run

pytestmark = pytest.mark.own_database

OTHER_KEY = "fedcba9876543210" * 3


@pytest.fixture(scope="module")
def simulator() -> JellyfinSimulator:
    return JellyfinSimulator(make_world(seed=1, people=1))


@pytest.fixture(scope="module")
def served(simulator: JellyfinSimulator) -> Iterator[str]:
    with serve_in_thread(simulator) as url:
        yield url


@pytest.fixture
def address(served: str) -> Iterator[str]:
    """Of the server, which afterwards is as it was."""
    yield served
    httpx2.delete(f"{served}/_simulator/faults").raise_for_status()
    httpx2.post(f"{served}/_simulator/clock", json={"now": None}).raise_for_status()


@pytest.fixture(scope="module")
def furnished_once(
    tmp_path_factory: pytest.TempPathFactory, simulator: JellyfinSimulator, served: str
) -> Path:
    server = {"name": "Attic", "url": served, "api_key": simulator.api_key}
    folder = tmp_path_factory.mktemp("furnished")
    return furnished(Installation(folder, {}), server).folder


@pytest.fixture
def installation(tmp_path: Path, furnished_once: Path) -> Installation:
    shutil.copytree(furnished_once, tmp_path, dirs_exist_ok=True)
    return Installation(tmp_path, {})


class Report:
    """What the command printed: level and text of each subject."""

    def __init__(self, output: str, returncode: int) -> None:
        self.output, self.returncode = output, returncode
        lines = re.findall(r"^(ok|note|trouble) +([^:]+): (.*)$", output, re.MULTILINE)
        self.level = {about: level for level, about, _ in lines}
        self.sentence = {about: sentence for _, about, sentence in lines}
        troubles = [about for about, level in self.level.items() if level == "trouble"]
        advice = re.findall(r"^ +→ \S", output, re.MULTILINE)
        assert len(advice) == len([*filter("ok".__ne__, self.level.values())]), output
        assert "Traceback" not in output
        assert (returncode == 1) is bool(troubles), output
        self.trouble = troubles


def examine(
    installation: Installation,
    before: Callable[[], None] | None = None,
    **variables: str,
) -> Report:
    env = environment(installation.folder, **{**installation.variables, **variables})
    ended = run("zondarr", "doctor", env=env, folder=installation.folder, before=before)
    return Report(ended.stdout + ended.stderr, ended.returncode)


def test_of_a_healthy_installation_nothing_is_in_trouble(
    installation: Installation, simulator: JellyfinSimulator
) -> None:
    with installation.serving() as (running, _):
        report = examine(installation, ZONDARR_BASE_URL=running.url)
    assert report.trouble == []
    assert {"settings", "database", "schema", "clock", "address"} <= {*report.level}
    assert report.level["clock"] == report.level["server Attic"] == "ok"
    assert simulator.api_key not in report.output


def test_before_the_first_start_there_is_nothing_to_complain_about(
    tmp_path: Path,
) -> None:
    report = examine(Installation(tmp_path, {}))
    assert report.trouble == []
    assert report.level["schema"] == "note"
    assert [*tmp_path.iterdir()] == []


def test_a_wrong_setting_is_named(installation: Installation) -> None:
    report = examine(installation, ZONDARR_BASE_URL="invite.example.org")
    assert "ZONDARR_BASE_URL" in report.sentence["settings"]
    assert report.trouble == ["settings"]


def test_another_key_than_the_one_that_sealed_is_named(
    installation: Installation,
) -> None:
    report = examine(installation, SECRET_KEY=OTHER_KEY)
    assert "stored secrets" in report.trouble


def test_a_key_file_that_is_gone_is_named_and_not_created(
    installation: Installation,
) -> None:
    file = installation.folder / "key"
    report = examine(installation, SECRET_KEY="", SECRET_KEY_FILE=str(file))
    assert report.trouble == ["stored secrets"]
    assert not file.exists()


def test_a_key_file_that_others_may_read_is_noted(installation: Installation) -> None:
    file = installation.folder / "key"
    file.write_text("0123456789abcdef" * 3)
    file.chmod(0o644)
    report = examine(installation, SECRET_KEY="", SECRET_KEY_FILE=str(file))
    assert report.level["secret key"] == "note"


def test_a_full_disk_is_named(installation: Installation) -> None:
    def no_more() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    report = examine(installation, before=no_more)
    assert "data folder" in report.trouble


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    report = examine(Installation(tmp_path, {}))
    assert "data folder" in report.trouble


def test_a_schema_of_a_newer_program_is_named(installation: Installation) -> None:
    write(installation, "UPDATE alembic_version SET version_num = '9999'")
    report = examine(installation)
    assert report.trouble == ["schema"]
    assert "9999" in report.sentence["schema"]


def test_a_schema_of_an_older_program_is_noted(installation: Installation) -> None:
    write(installation, "UPDATE alembic_version SET version_num = '0003'")
    report = examine(installation)
    assert (report.trouble, report.level["schema"]) == ([], "note")


def test_a_file_that_is_no_database_is_named(installation: Installation) -> None:
    installation.database.write_bytes(b"not a database, but text" * 500)
    report = examine(installation)
    assert report.trouble == ["database"]


def test_a_database_server_that_does_not_run_is_named_without_its_password(
    tmp_path: Path,
) -> None:
    url = f"postgresql://ann:hunter2hunter2@127.0.0.1:{free_port()}/zondarr"
    report = examine(Installation(tmp_path, {}), DATABASE_URL=url)
    assert report.trouble == ["database"]
    assert "hunter2" not in report.output


def test_a_clock_that_is_off_by_two_hours_is_named(
    installation: Installation, address: str
) -> None:
    ahead = {"advance": 2 * 3600}
    httpx2.post(f"{address}/_simulator/clock", json=ahead).raise_for_status()
    report = examine(installation)
    assert report.trouble == ["clock"]
    assert "2 h 0 min behind" in report.sentence["clock"]


def test_a_server_that_does_not_respond_is_named(installation: Installation) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    write(installation, "UPDATE media_servers SET url = ?", nobody)
    assert examine(installation).trouble == ["server Attic"]


def test_another_server_at_the_address_is_named(installation: Installation) -> None:
    write(installation, "UPDATE media_servers SET machine_id = 'of-another'")
    report = examine(installation)
    assert report.trouble == ["server Attic"]
    assert "Another" in report.sentence["server Attic"]


def test_a_key_that_a_server_does_not_accept_any_more_is_named(
    installation: Installation, address: str
) -> None:
    fault = {"path_prefix": "/System/Info", "kind": "status", "value": 401, "times": 0}
    httpx2.post(f"{address}/_simulator/faults", json=fault).raise_for_status()
    report = examine(installation)
    assert report.trouble == ["server Attic"]
    assert "key" in report.sentence["server Attic"]


def test_a_page_instead_of_a_server_is_named(
    installation: Installation, address: str
) -> None:
    fault = {"path_prefix": "/", "kind": "html", "times": 0}
    httpx2.post(f"{address}/_simulator/faults", json=fault).raise_for_status()
    assert examine(installation).trouble == ["server Attic"]


def test_a_seerr_that_does_not_respond_is_named(
    installation: Installation, simulator: JellyfinSimulator
) -> None:
    seerr = SeerrSimulator(simulator.state.world)
    with serve_in_thread(seerr) as url:
        with installation.serving() as (_, browser):
            sign_in(browser)
            body = {"url": url, "api_key": seerr.api_key}
            stored = browser.put("/integrations/seerr", json=body)
            assert stored.is_success, stored.text
        report = examine(installation)
        assert (report.level["Seerr"], report.trouble) == ("ok", [])
        assert seerr.api_key not in report.output
    assert examine(installation).trouble == ["Seerr"]


def test_a_wrong_address_for_links_is_named(installation: Installation) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    assert examine(installation, ZONDARR_BASE_URL=nobody).trouble == ["address"]


def test_something_else_at_the_address_for_links_is_named(
    installation: Installation, address: str
) -> None:
    report = examine(installation, ZONDARR_BASE_URL=address)
    assert report.trouble == ["address"]
    assert "something else" in report.sentence["address"]


def test_work_that_was_set_aside_is_named(installation: Installation) -> None:
    write(
        installation,
        "INSERT INTO workflow_crashes (id, created_at, updated_at, key, workflow_id,"
        " name, count, set_aside_at) VALUES (?, datetime('now'), datetime('now'), 'k',"
        " 'w', 'redeem', 3, datetime('now'))",
        uuid4().hex,
    )
    assert examine(installation).trouble == ["durable work"]


def write(installation: Installation, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(installation.database)) as database, database:
        database.execute(statement, values)


def test_nothing_is_changed(installation: Installation) -> None:
    before = sizes(installation)
    assert examine(installation).trouble == []
    assert sizes(installation) == before


def sizes(installation: Installation) -> dict[Path, int]:
    files = sorted((installation.folder / "data").rglob("*"))
    return {path: path.stat().st_size for path in files}

"""Copies of a database that is in use, and how they are put back."""

import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.cli.installation import (
    Installation,
    furnished,
    invite,
    media_server,
    sign_in,
)
from tests.cli.process import environment, run

from zondarr import migrations
from zondarr.core.backup import BackupError, Files, back_up, forget_older, read_copy

pytestmark = pytest.mark.own_database

__all__ = ["media_server"]


@pytest.fixture(scope="module")
def furnished_once(
    tmp_path_factory: pytest.TempPathFactory, media_server: dict[str, str]
) -> Path:
    folder = tmp_path_factory.mktemp("furnished")
    return furnished(Installation(folder, {}), media_server).folder


@pytest.fixture
def installation(tmp_path: Path, furnished_once: Path) -> Installation:
    folder = tmp_path / "first"
    shutil.copytree(furnished_once, folder)
    return Installation(folder, {})


def command(installation: Installation, *words: str) -> Any:
    env = environment(installation.folder, **installation.variables)
    ended = run("zondarr", "database", *words, env=env, folder=installation.folder)
    assert "Traceback" not in ended.stdout + ended.stderr
    return ended


def test_a_copy_made_while_guests_are_invited_is_whole_elsewhere(
    installation: Installation, tmp_path: Path
) -> None:
    made, stop = list[str](), threading.Event()

    def go_on(browser: httpx2.Client) -> None:
        while not stop.is_set():
            made.append(invite(browser, f"CODE-{len(made)}").json()["code"])

    with installation.serving() as (_, browser):
        sign_in(browser)
        guests = threading.Thread(target=go_on, args=[browser])
        guests.start()
        copied = command(installation, "backup", str(tmp_path / "copies"))
        stop.set()
        guests.join()
    assert copied.returncode == 0, copied.stderr
    [copy] = (tmp_path / "copies").iterdir()
    other = Installation(tmp_path / "second", {})
    other.folder.mkdir()
    restored = command(other, "restore", str(copy), "--yes")
    assert restored.returncode == 0, restored.stderr
    other.is_whole()


def test_what_was_there_before_is_moved_aside(
    installation: Installation, tmp_path: Path
) -> None:
    assert command(installation, "backup", str(tmp_path / "copies")).returncode == 0
    [copy] = (tmp_path / "copies").iterdir()
    with installation.serving() as (_, browser):
        sign_in(browser)
        assert invite(browser, "AFTERWARDS").status_code == 201
    before = installation.database.read_bytes()
    restored = command(installation, "restore", str(copy), "--yes")
    assert restored.returncode == 0, restored.stderr
    [kept] = installation.database.parent.glob("before-restore-*")
    assert (kept / "zondarr.db").read_bytes() == before
    assert str(kept) in restored.stdout
    assert "AFTERWARDS" not in codes(installation.database)
    assert "AFTERWARDS" in codes(kept / "zondarr.db")
    installation.is_whole()


def test_nothing_is_restored_without_a_yes(
    installation: Installation, tmp_path: Path
) -> None:
    command(installation, "backup", str(tmp_path / "copies"))
    [copy] = (tmp_path / "copies").iterdir()
    before = installation.database.read_bytes()
    assert command(installation, "restore", str(copy)).returncode == 1
    assert installation.database.read_bytes() == before


def test_nothing_is_restored_under_a_running_program(
    installation: Installation, tmp_path: Path
) -> None:
    command(installation, "backup", str(tmp_path / "copies"))
    [copy] = (tmp_path / "copies").iterdir()
    with installation.serving():
        refused = command(installation, "restore", str(copy), "--yes")
    assert refused.returncode == 1
    assert "Another Zondarr" in refused.stderr
    assert not [*installation.database.parent.glob("before-restore-*")]
    assert not [*installation.database.parent.glob("*.restoring")]
    installation.is_whole()


def test_the_copy_of_a_newer_program_is_refused_by_name(
    installation: Installation, tmp_path: Path
) -> None:
    command(installation, "backup", str(tmp_path / "copies"))
    [copy] = (tmp_path / "copies").iterdir()
    with closing(sqlite3.connect(copy / "zondarr.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    refused = command(installation, "restore", str(copy), "--yes")
    assert refused.returncode == 1
    assert "9999" in refused.stderr
    assert migrations.newest() in refused.stderr


@pytest.mark.parametrize("content", [b"", b"not a database" * 999])
def test_a_folder_without_a_copy_is_refused(
    content: bytes, installation: Installation, tmp_path: Path
) -> None:
    (tmp_path / "zondarr.db").write_bytes(content)
    refused = command(installation, "restore", str(tmp_path), "--yes")
    assert refused.returncode == 1
    installation.is_whole()


def test_a_copy_that_is_damaged_is_refused(
    installation: Installation, tmp_path: Path
) -> None:
    command(installation, "backup", str(tmp_path / "copies"))
    [copy] = (tmp_path / "copies").iterdir()
    file = copy / "zondarr.db"
    content = bytearray(file.read_bytes())
    content[8192 : len(content) // 2] = bytes(len(content) // 2 - 8192)
    file.write_bytes(content)
    before = installation.database.read_bytes()
    assert command(installation, "restore", str(copy), "--yes").returncode == 1
    assert installation.database.read_bytes() == before


def test_an_upgrade_leaves_a_copy_of_what_was_before(
    installation: Installation,
) -> None:
    assert command(installation, "downgrade", "-1", "--yes").returncode == 0
    shutil.rmtree(installation.folder / "data" / "backups", ignore_errors=True)
    installation.is_whole()
    copies = sorted((installation.folder / "data" / "backups").iterdir())
    known = migrations.known()
    assert max(known - {migrations.newest()}) == read_copy(copies[0], known).revision


def test_an_upgrade_goes_on_where_no_copy_can_be_written(
    installation: Installation,
) -> None:
    assert command(installation, "downgrade", "-1", "--yes").returncode == 0
    backups = installation.folder / "data" / "backups"
    shutil.rmtree(backups, ignore_errors=True)
    backups.write_text("a file where the folder would be")
    installation.is_whole()


def test_the_program_copies_once_a_day(installation: Installation) -> None:
    shutil.rmtree(installation.folder / "data" / "backups", ignore_errors=True)
    with installation.serving() as (_, browser):
        sign_in(browser)
        started = browser.post("/jobs/back_up/run").json()["run_id"]
        run_ = browser.get(f"/runs/{started}").json()
        while run_["status"] in {"queued", "running"}:
            run_ = browser.get(f"/runs/{started}").json()
        jobs = browser.get("/jobs").json()["items"]
    [schedule] = [each["schedule"] for each in jobs if each["name"] == "back_up"]
    assert schedule == "every day at 03:40 UTC"
    assert run_["status"] == "succeeded"
    [*copies] = (installation.folder / "data" / "backups").iterdir()
    assert {file.name for file in copies[-1].iterdir()} == {"zondarr.db", "durable.db"}


def test_copies_can_be_switched_off(installation: Installation) -> None:
    shutil.rmtree(installation.folder / "data" / "backups", ignore_errors=True)
    installation.variables = {"ZONDARR_BACKUP_DAYS": "0"}
    with installation.serving() as (_, browser):
        sign_in(browser)
        names = {each["name"] for each in browser.get("/jobs").json()["items"]}
    assert "back_up" not in names
    assert not (installation.folder / "data" / "backups").exists()


def test_copies_are_kept_for_a_time_and_the_newest_for_good(tmp_path: Path) -> None:
    now = datetime(2026, 11, 29, 12, tzinfo=UTC)
    ages = [0, 6.9, 7.1, 400]
    for days in ages:
        (tmp_path / f"zondarr-{now - timedelta(days=days):%Y%m%d-%H%M%S}").mkdir()
    (tmp_path / "of-the-operator").mkdir()
    assert forget_older(tmp_path, now, timedelta(days=7)) == 2
    assert len([*tmp_path.iterdir()]) == 3
    assert forget_older(tmp_path, now + timedelta(days=900), timedelta(days=7)) == 1
    assert len([*tmp_path.iterdir()]) == 2


def test_a_copy_that_fails_leaves_nothing(
    installation: Installation, tmp_path: Path
) -> None:
    (installation.folder / "data" / "durable.db").write_bytes(b"not a database" * 999)
    files = Files.of(f"sqlite+aiosqlite:///{installation.database}")
    with pytest.raises((sqlite3.Error, BackupError)):
        back_up(files, tmp_path / "copies", datetime.now(UTC))
    assert [*(tmp_path / "copies").iterdir()] == []


def codes(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as database:
        return {row[0] for row in database.execute("SELECT code FROM invitations")}

"""What goes wrong around a program that has data: it is message, and nothing
is lost.
"""

import os
import resource
import sqlite3
import subprocess
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from tests.cli.installation import (
    Installation,
    furnished,
    invite,
    media_server,
    sign_in,
)
from tests.cli.process import environment, run

pytestmark = pytest.mark.own_database

__all__ = ["media_server"]

OTHER_KEY = "fedcba9876543210" * 3


@pytest.fixture
def installation(tmp_path: Path, media_server: dict[str, str]) -> Installation:
    return furnished(Installation(tmp_path, {}), media_server)


def test_with_another_key_it_does_not_start(
    database_url: str, tmp_path: Path, media_server: dict[str, str]
) -> None:
    variables = {"DATABASE_URL": database_url}
    installation = furnished(Installation(tmp_path, variables), media_server)
    installation.start_fails("sealed with another secret key", SECRET_KEY=OTHER_KEY)
    installation.is_whole()


def test_a_key_that_is_lost_for_good_can_be_done_without(
    installation: Installation, media_server: dict[str, str]
) -> None:
    installation.variables = {"SECRET_KEY": OTHER_KEY}
    env = environment(installation.folder, **installation.variables)
    abandon = ("zondarr", "keys", "abandon", "--yes")
    ended = run(*abandon, env=env, folder=installation.folder)
    assert (ended.returncode, ended.stdout) == (0, "Forgotten: 1.\n"), ended.stderr
    with installation.serving() as (_, browser):
        sign_in(browser)
        [server] = browser.get("/servers").json()["items"]
        assert server["api_key_set"] is False
        path = f"/servers/{server['id']}"
        refused = browser.post(f"{path}/test")
        assert refused.status_code == 400
        assert refused.json()["error_code"] == "api_key_missing"
        typed = {"api_key": media_server["api_key"]}
        assert browser.patch(path, json=typed).status_code == 200
    installation.is_whole()


def test_a_key_that_opens_everything_is_not_abandoned(
    installation: Installation,
) -> None:
    env = environment(installation.folder)
    abandon = ("zondarr", "keys", "abandon", "--yes")
    ended = run(*abandon, env=env, folder=installation.folder)
    assert ended.stdout == "Forgotten: 0.\n", ended.stderr
    installation.is_whole()


def test_a_locked_database_is_told(installation: Installation) -> None:
    with closing(sqlite3.connect(installation.database, timeout=0)) as other:
        other.execute("BEGIN EXCLUSIVE")
        installation.start_fails("is locked")
        other.rollback()
    installation.is_whole()


def test_a_read_only_database_is_told(installation: Installation) -> None:
    with read_only(installation.database):
        installation.start_fails("read-only")
    installation.is_whole()


def test_a_full_disk_is_told_at_the_start(installation: Installation) -> None:
    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    installation.start_fails("disk", before=fill)
    installation.is_whole()


def test_a_disk_that_fills_up_stops_the_writing_and_not_the_reading(
    installation: Installation,
) -> None:
    with installation.serving() as (server, browser):
        sign_in(browser)
        before = len(browser.get("/invitations").json()["items"])
        pid = server.process.pid
        free = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        # Its log lies on the same disk.
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1024, free[1]))
        refused = invite(browser, "MEANWHILE")
        assert refused.status_code == 500
        assert refused.json()["error_code"] == "internal_error"
        assert len(browser.get("/invitations").json()["items"]) == before
        resource.prlimit(pid, resource.RLIMIT_FSIZE, free)
        assert invite(browser, "AFTERWARDS").status_code == 201
    with closing(sqlite3.connect(installation.database)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    installation.is_whole()


@contextmanager
def read_only(path: Path) -> Generator[None]:
    """Nobody can write the file; its mode alone would not bind root."""
    if os.geteuid() != 0:
        path.chmod(0o444)
        yield
        path.chmod(0o600)
        return
    with suppress(FileNotFoundError):
        if subprocess.run(["chattr", "+i", path], check=False).returncode == 0:  # noqa: S603, S607
            try:
                yield
            finally:
                subprocess.run(["chattr", "-i", path], check=True)  # noqa: S603, S607
            return
    pytest.skip("root may write every file here: no chattr, or no attributes")

"""`zondarr database` on what a program has stored."""

import shutil
from pathlib import Path

import pytest
from tests.cli.installation import Installation, furnished, media_server
from tests.cli.process import environment, run

pytestmark = pytest.mark.own_database

__all__ = ["media_server"]


def database(installation: Installation, *words: str) -> str:
    env = environment(installation.folder, **installation.variables)
    command = ("zondarr", "database", *words)
    ended = run(*command, env=env, folder=installation.folder)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_it_goes_down_to_nothing_and_up_again_and_can_be_set_up_anew(
    database_url: str, tmp_path: Path, media_server: dict[str, str]
) -> None:
    variables = {"DATABASE_URL": database_url}
    installation = furnished(Installation(tmp_path, variables), media_server)
    database(installation, "upgrade")
    installation.is_whole()
    database(installation, "downgrade", "base", "--yes")
    database(installation, "upgrade")
    furnished(installation, media_server).is_whole()


def test_a_backup_made_while_it_runs_is_a_whole_installation(
    tmp_path: Path, media_server: dict[str, str]
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    installation = furnished(Installation(first, {}), media_server)
    with installation.serving():
        copies = database(installation, "backup", str(tmp_path / "copies")).split()
    (second / "data").mkdir(parents=True)
    for copy in copies:
        shutil.copy(copy, second / "data")
    Installation(second, {}).is_whole()

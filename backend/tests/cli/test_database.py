"""`zondarr database` and `zondarr openapi`, as they are typed."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx2
from tests.cli.process import environment, free_port, run, running, serve_command


def revision(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT * FROM alembic_version")]


def test_up_down_and_up_again(tmp_path: Path) -> None:
    env, path = environment(tmp_path), tmp_path / "data" / "zondarr.db"
    up = ("zondarr", "database", "upgrade")
    assert run(*up, env=env, folder=tmp_path).returncode == 0
    [newest] = revision(path)
    down = run(
        "zondarr", "database", "downgrade", "base", "--yes", env=env, folder=tmp_path
    )
    assert (down.returncode, revision(path)) == (0, [])
    assert run(*up, env=env, folder=tmp_path).returncode == 0
    assert revision(path) == [newest]


def test_going_down_asks_first(tmp_path: Path) -> None:
    env = environment(tmp_path)
    run("zondarr", "database", "upgrade", env=env, folder=tmp_path)
    down = run("zondarr", "database", "downgrade", "base", env=env, folder=tmp_path)
    assert down.returncode == 1
    assert len(revision(tmp_path / "data" / "zondarr.db")) == 1


def test_a_backup_of_a_running_program_has_its_rows(tmp_path: Path) -> None:
    # No character of the folder's name means anything, and a host may be a name.
    data = tmp_path / "per%20cent quest?x hash#y naïve"
    env, port = environment(tmp_path, ZONDARR_DATA_DIR=str(data)), free_port()
    command = (*serve_command(port), "--host", "localhost")
    with running(command, port=port, env=env, folder=tmp_path) as server:
        files = {file.name for file in data.iterdir()}
        assert {"zondarr.db", "durable.db", "zondarr.lock"} <= files
        token = (data / "setup-token").read_text().strip()
        body = {
            "setup_token": token,
            "email": "owner@example.org",
            "password": "correct horse battery",
        }
        httpx2.post(f"{server.url}/api/v1/setup", json=body, trust_env=False)
        target = str(tmp_path / "backups")
        made = run("zondarr", "database", "backup", target, env=env, folder=tmp_path)
    assert made.returncode == 0, made.stderr
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {
        data.name,
        "backups",
    }
    copies = [Path(line) for line in made.stdout.splitlines()]
    assert len(copies) == 2
    assert all(copy.stat().st_mode & 0o777 == 0o600 for copy in copies)
    with closing(sqlite3.connect(copies[-1])) as copy:
        assert copy.execute("SELECT email FROM accounts").fetchall() == [
            ("owner@example.org",)
        ]
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_backup_of_nothing_or_of_postgresql_is_refused(tmp_path: Path) -> None:
    for variables, word in (
        ({}, "There is no database"),
        ({"DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/x"}, "pg_dump"),
    ):
        env = environment(tmp_path, **variables)
        made = run("zondarr", "database", "backup", "b", env=env, folder=tmp_path)
        assert made.returncode == 1
        assert word in made.stderr
        assert "Traceback" not in made.stderr


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    env = environment(tmp_path)
    run("zondarr", "database", "upgrade", env=env, folder=tmp_path)
    with closing(sqlite3.connect(tmp_path / "data" / "zondarr.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    ended = run(*serve_command(free_port()), env=env, folder=tmp_path)
    assert ended.returncode == 1
    assert "another version of Zondarr" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_contract_is_printed_without_any_configuration(tmp_path: Path) -> None:
    printed = run("zondarr", "openapi", env={}, folder=tmp_path)
    assert printed.returncode == 0, printed.stderr
    assert json.loads(printed.stdout)["openapi"].startswith("3.1")
    again = run("zondarr", "openapi", env={}, folder=tmp_path)
    assert again.stdout == printed.stdout
    assert list(tmp_path.iterdir()) == []

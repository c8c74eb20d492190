"""The start and the end of the real process."""

import resource
import signal
import socket
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from tests.cli.process import (
    environment,
    free_port,
    granian_command,
    run,
    running,
    serve_command,
)

from zondarr.cli.serve import address_of

pytestmark = pytest.mark.own_database

type Command = Callable[[int], Sequence[str]]
WAYS = pytest.mark.parametrize(
    "command", [serve_command, granian_command], ids=["serve", "granian"]
)


@WAYS
def test_it_serves_on_either_database_and_stops_when_told(
    command: Command, database_url: str, tmp_path: Path
) -> None:
    port = free_port()
    env = environment(tmp_path, DATABASE_URL=database_url)
    with running(
        command(port), port=port, env=env, folder=tmp_path, forked=False
    ) as server:
        answer = httpx2.get(f"{server.url}/api/v1/setup", trust_env=False)
        assert answer.json() == {"needed": True}
        assert (tmp_path / "data" / "setup-token").stat().st_mode & 0o777 == 0o600
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0
    text = server.log.read_text()
    assert "/setup?token=" in text
    assert "Traceback" not in text


@WAYS
def test_it_makes_the_schema_itself(
    command: Command, empty_database_url: str, tmp_path: Path
) -> None:
    port = free_port()
    env = environment(tmp_path, DATABASE_URL=empty_database_url)
    with running(command(port), port=port, env=env, folder=tmp_path) as server:
        answer = httpx2.get(f"{server.url}/api/v1/setup", trust_env=False)
    assert answer.json() == {"needed": True}
    ours = [*tmp_path.glob("*.db*"), *(tmp_path / "data").glob("*")]
    assert ours
    assert {file.stat().st_mode & 0o077 for file in ours} == {0}


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "no key": ({"SECRET_KEY": ""}, "SECRET_KEY"),
    "short key": ({"SECRET_KEY": "short"}, "SECRET_KEY must be at least 32"),
    "key file is a folder": (
        {"SECRET_KEY": "", "SECRET_KEY_FILE": "{folder}"},
        "SECRET_KEY_FILE {folder}: Is a directory.",
    ),
    "no certificates": (
        {"ZONDARR_CA_FILE": "{folder}/letter"},
        "ZONDARR_CA_FILE must be a file of certificates in PEM",
    ),
    "no file of certificates": (
        {"ZONDARR_CA_FILE": "{folder}/nowhere"},
        "ZONDARR_CA_FILE must be a file of certificates in PEM",
    ),
    "unknown database": ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must begin with"),
    "address below a host": (
        {"ZONDARR_BASE_URL": "http://h/zondarr"},
        "ZONDARR_BASE_URL has a path",
    ),
    "unknown level": ({"ZONDARR_LOG_LEVEL": "loud"}, "ZONDARR_LOG_LEVEL must be one"),
    "data folder is a file": (
        {"ZONDARR_DATA_DIR": "{folder}/letter/data"},
        "Not a directory",
    ),
    "not a database": (
        {"DATABASE_URL": "sqlite+aiosqlite:///{folder}/letter"},
        "is not one of SQLite's",
    ),
    "read-only database": (
        {"DATABASE_URL": "sqlite+aiosqlite:///file:{folder}/old.db?mode=ro&uri=true"},
        "read-only",
    ),
    "no socket": (
        {"DATABASE_URL": "postgresql://u:hunter2@/x?host={folder}"},
        "The database server that DATABASE_URL names",
    ),
    "no such server": (
        {"DATABASE_URL": "postgresql://u:hun@ter2/hunter2@nowhere.invalid/x"},
        "The database server that DATABASE_URL names",
    ),
    "no server": (
        {"DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/x"},
        "refuses the connection",
    ),
}


@pytest.mark.parametrize(
    ("command", "case"),
    [(serve_command, case) for case in WRONG]
    + [(granian_command, case) for case in ("no key", "unknown level", "no socket")],
)
def test_what_is_wrong_is_said_in_a_sentence(
    command: Command, case: str, tmp_path: Path
) -> None:
    (tmp_path / "letter").write_text("This is a letter and no database. " * 100)
    with closing(sqlite3.connect(tmp_path / "old.db")) as connection:
        connection.execute("CREATE TABLE t (x)")
    templates, sentence = WRONG[case]
    given = {
        name: text.replace("{folder}", str(tmp_path))
        for name, text in templates.items()
    }
    env = environment(tmp_path, **given)
    ended = run(*command(free_port()), env=env, folder=tmp_path)
    sentence = sentence.replace("{folder}", str(tmp_path))
    _assert_told(ended.returncode, ended.stdout + ended.stderr, sentence)


def _assert_told(code: int, text: str, sentence: str) -> None:
    assert code == 1, text
    assert sentence in text
    assert "Traceback" not in text
    assert "hunter2" not in text


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        ("nowhere.invalid", "--host nowhere.invalid is not known here"),
        ("192.0.2.1", "is none of this machine's"),
    ],
)
def test_a_host_that_is_none_is_said(host: str, sentence: str, tmp_path: Path) -> None:
    command = (*serve_command(free_port()), "--host", host)
    ended = run(*command, env=environment(tmp_path), folder=tmp_path)
    _assert_told(ended.returncode, ended.stdout + ended.stderr, sentence)


def test_a_name_and_an_address_of_this_machine_are_listened_to() -> None:
    port = free_port()
    assert address_of("localhost", port) == "127.0.0.1"
    assert address_of("::1", port) == address_of("[::1]", port) == "::1"


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = serve_command(taken.getsockname()[1])
        ended = run(*command, env=environment(tmp_path), folder=tmp_path)
    _assert_told(ended.returncode, ended.stdout + ended.stderr, "in use")


def test_a_locked_database_is_said_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "locked.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE kept (x)")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("INSERT INTO kept VALUES (1)")
        env = environment(tmp_path, DATABASE_URL=f"sqlite+aiosqlite:///{path}")
        ended = run(*serve_command(free_port()), env=env, folder=tmp_path)
        other.execute("COMMIT")
        assert other.execute("SELECT x FROM kept").fetchall() == [(1,)]
    _assert_told(ended.returncode, ended.stdout + ended.stderr, "is locked")


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    env = environment(tmp_path)
    command = serve_command(free_port())
    ended = run(*command, env=env, folder=tmp_path, before=limit)
    _assert_told(ended.returncode, ended.stdout + ended.stderr, "disk")


def test_a_second_process_on_the_same_sqlite_is_refused(tmp_path: Path) -> None:
    port = free_port()
    env = environment(tmp_path)
    with running(serve_command(port), port=port, env=env, folder=tmp_path) as server:
        ended = run(*serve_command(free_port()), env=env, folder=tmp_path)
        assert httpx2.get(f"{server.url}/health", trust_env=False).status_code == 200
    assert ended.returncode == 1
    assert "Traceback" not in ended.stdout + ended.stderr

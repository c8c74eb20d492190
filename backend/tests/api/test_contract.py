"""The running program against its own OpenAPI document."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.cli.process import Running, environment, free_port, running, serve_command

# These end the session the test itself is signed in with.
LEAVING = ("signOut", "endSession", "changePassword")
# An endless answer, which no generated request waits for.
ENDLESS = "/api/v1/events"
# That a body fits its schema does not make its address one of a server.
UNFIT = "positive_data_acceptance"
HOOKS = '''
import schemathesis

@schemathesis.hook
def map_body(context, body):
    """Nobody else's server is called: nothing listens on the discard port."""
    url = body.get("url") if isinstance(body, dict) else None
    if isinstance(url, str) and ":" in url:
        body["url"] = "http://127.0.0.1:9"
    return body
'''


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Running]:
    port = free_port()
    limits = {"ZONDARR_SIGN_IN_LIMIT": "999999/second"}
    limits["ZONDARR_JOIN_LIMIT"] = limits["ZONDARR_SIGN_IN_LIMIT"]
    env = environment(tmp_path, DATABASE_URL=database_url, **limits)
    command = serve_command(port)
    with running(command, port=port, env=env, folder=tmp_path) as server:
        yield server


def signed_in(server: Running, folder: Path) -> dict[str, str]:
    """Set the installation up; the headers of its owner."""
    token = (folder / "data" / "setup-token").read_text().strip()
    body = {
        "setup_token": token,
        "email": "owner@example.org",
        "password": "correct horse battery",
    }
    answer = httpx2.post(f"{server.url}/api/v1/setup", json=body, trust_env=False)
    assert answer.status_code == 201
    cookie = f"zondarr_session={answer.cookies['zondarr_session']}"
    return {"Cookie": cookie, "X-CSRF-Token": answer.json()["csrf_token"]}


def test_no_answer_is_a_500_or_undocumented(server: Running, tmp_path: Path) -> None:
    (tmp_path / "hooks.py").write_text(HOOKS)
    headers = signed_in(server, tmp_path)
    options = [f"--header={name}: {value}" for name, value in headers.items()]
    options += [f"--exclude-operation-id={name}" for name in LEAVING]
    command = [
        Path(sys.executable).parent / "schemathesis",
        "run",
        f"{server.url}/docs/openapi.json",
        f"--exclude-path={ENDLESS}",
        f"--exclude-checks={UNFIT}",
        "--max-examples=10",
        "--generation-deterministic",
        "--no-color",
        *options,
    ]
    found = subprocess.run(  # noqa: S603
        command,
        cwd=tmp_path,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert found.returncode == 0, found.stdout
    assert "Tested: " in found.stdout
    log = server.log.read_text()
    assert '"status":500' not in log

"""`zondarr simulate` as another program starts it."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

COMMAND = (sys.executable, "-c", "from zondarr.cli import main; main()", "simulate")


@contextmanager
def started(*options: str) -> Generator[subprocess.Popen[str]]:
    process = subprocess.Popen(  # noqa: S603  # our own command
        [*COMMAND, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_says_how_to_reach_it_and_ends_when_told(stop: signal.Signals) -> None:
    with started("--jellyfin-port", "0", "--jellyfin-version", "10.11.11") as process:
        output = json.loads(first_line(process))["jellyfin"]
        header = {"Authorization": f'MediaBrowser Token="{output["api_key"]}"'}
        info = httpx2.get(f"{output['url']}/System/Info", headers=header).json()
        assert info["Version"] == "10.11.11"
        admin = output["admin"]
        who = 'MediaBrowser Client="t", Device="t", DeviceId="t", Version="1"'
        signed_in = httpx2.post(
            f"{output['url']}/Users/AuthenticateByName",
            headers={"Authorization": who},
            json={"Username": admin["name"], "Pw": admin["password"]},
        )
        assert signed_in.status_code == 200
        process.send_signal(stop)
        assert process.wait(timeout=5) == 0


def test_a_port_in_use_is_said_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with started("--jellyfin-port", str(port)) as process:
            out, error = process.communicate(timeout=20)
    assert process.returncode == 1
    assert out == ""
    assert len(error.splitlines()) == 1
    assert str(port) in error


@pytest.mark.parametrize(
    "options",
    [(), ("--jellyfin-port", "0", "--jellyfin-world", "/nowhere/world.json")],
)
def test_what_it_cannot_do_it_says(options: tuple[str, ...]) -> None:
    with started(*options) as process:
        _, error = process.communicate(timeout=20)
    assert process.returncode != 0
    assert "Error:" in error
    assert "Traceback" not in error


def test_all_of_them_share_a_world_and_one_line() -> None:
    names = ("jellyfin", "plex", "plextv", "seerr")
    ports = [part for name in names for part in (f"--{name}-port", "0")]
    with started(*ports, "--requests", "7", "--seerr-base-path", "/seerr") as process:
        output = json.loads(first_line(process))
        assert set(output) == {"jellyfin", "plex", "plex_tv", "seerr"}
        seerr = output["seerr"]
        assert seerr["url"].endswith("/seerr")
        key = {"X-Api-Key": seerr["api_key"]}
        api = f"{seerr['url']}/api/v1"
        owner = httpx2.get(f"{api}/auth/me", headers=key).json()
        assert owner["displayName"] == output["jellyfin"]["admin"]["name"]
        page = httpx2.get(f"{api}/request", headers=key).json()["pageInfo"]
        assert page["results"] == 7
        everyone = httpx2.get(f"{api}/settings/jellyfin/users", headers=key).json()
        assert len(everyone) == 13
        header = {"X-Plex-Token": output["plex"]["token"], "Accept": "application/json"}
        user = httpx2.get(f"{output['plex_tv']['url']}/api/v2/user", headers=header)
        assert user.json()["username"] == output["jellyfin"]["admin"]["name"]
        resources = httpx2.get(
            f"{output['plex_tv']['url']}/api/v2/resources", headers=header
        ).json()
        (own,) = [each for each in resources if each["owned"]]
        assert own["clientIdentifier"] == output["plex"]["machine_identifier"]
        assert [each["uri"] for each in own["connections"]] == [output["plex"]["url"]]


def test_only_those_asked_for_are_told() -> None:
    with started("--plex-port", "0") as process:
        output = json.loads(first_line(process))
    assert set(output) == {"plex"}
    assert set(output["plex"]) == {"url", "token", "machine_identifier"}


@pytest.mark.parametrize("command", ["simulate", "demo"])
def test_without_the_extra_a_command_names_what_to_install(
    command: str, tmp_path: Path
) -> None:
    done = run_without_simulators(tmp_path, command, "--port", "0")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"Error: `zondarr {command}` needs the simulated media servers. "
        "Install them with: pip install 'zondarr[demo]'"
    ]


def test_without_the_extra_every_command_is_still_listed(tmp_path: Path) -> None:
    done = run_without_simulators(tmp_path, "--help")
    assert done.returncode == 0
    assert "serve" in done.stdout
    assert re.search("simulate +Needs the extra `demo`", done.stdout)


def run_without_simulators(
    folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    hide = "import sys; sys.modules['media_server_simulators'] = None"
    program = f"{hide}; from zondarr.cli import main; main()"
    return subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

"""The simulators from a shell."""

import json
import subprocess
import sys

import httpx2


def command(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-m", "media_server_simulators", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_one_line_of_json_when_it_listens() -> None:
    with command("--jellyfin-port", "0", "--items", "4") as process:
        try:
            assert process.stdout is not None
            url = json.loads(process.stdout.readline())["jellyfin"]["url"]
            assert httpx2.get(f"{url}/System/Ping").status_code == 200
        finally:
            process.kill()


def test_without_a_port_it_refuses_to_start() -> None:
    with command() as process:
        _, error = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "give the port" in error

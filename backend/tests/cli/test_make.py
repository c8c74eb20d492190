"""What `make` types for a newcomer."""

import os
import subprocess
from pathlib import Path

import pytest

import zondarr

ROOT = Path(zondarr.__file__).parents[3]


@pytest.mark.parametrize(
    ("target", "command"), [("demo", "zondarr demo"), ("run", "zondarr serve")]
)
@pytest.mark.parametrize("port", ["8000", "9123"])
def test_a_port_can_be_chosen(target: str, command: str, port: str) -> None:
    chosen = [] if port == "8000" else [f"PORT={port}"]
    # As typed into a shell, also when `make test` runs this: without the variables
    # of the outer make.
    outer = {"PORT", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES"}
    env = {name: value for name, value in os.environ.items() if name not in outer}
    typed = subprocess.run(  # noqa: S603
        ["make", "--dry-run", "--always-make", target, *chosen],  # noqa: S607
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert typed[-1].endswith(f"{command} --port {port}")
    # Nothing of the build comes on the screen before it.
    assert all(">.tools/" in line for line in typed if "npm run --silent build" in line)

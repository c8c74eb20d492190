"""The real program in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2

PROGRAMS = Path(sys.executable).parent
READY_WITHIN = 60.0
"""Seconds; a start takes two, on a machine that has nothing else to do."""


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    process: subprocess.Popen[str]
    url: str
    log: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """Ours alone: nothing of the one who runs the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {
        "SECRET_KEY": "0123456789abcdef" * 3,
        "ZONDARR_DATA_DIR": str(folder / "data"),
        "ZONDARR_LOG_FORMAT": "json",
    }
    return {
        name: value for name, value in {**kept, **given, **variables}.items() if value
    }


def run(
    *command: str,
    env: Mapping[str, str],
    folder: Path,
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself; `before` is called in its process first."""
    return subprocess.run(  # noqa: S603
        [PROGRAMS / command[0], *command[1:]],
        env=env,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=READY_WITHIN,
        check=False,
        preexec_fn=before,
    )


def serve_command(port: int) -> Sequence[str]:
    return ("zondarr", "serve", "--port", str(port))


def granian_command(port: int) -> Sequence[str]:
    options = ("--interface", "asgi", "--port", str(port))
    return ("granian", "zondarr.app:app", *options)


@contextmanager
def running(
    command: Sequence[str], *, port: int, env: Mapping[str, str], folder: Path
) -> Generator[Running]:
    """A server that is ready; killed at the end if it still runs."""
    log = folder / f"{command[0]}-{port}.log"
    with log.open("w") as out:
        process = subprocess.Popen(  # noqa: S603
            [PROGRAMS / command[0], *command[1:]],
            env=env,
            cwd=folder,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    try:
        _wait(process, f"http://127.0.0.1:{port}", log)
        yield Running(process, f"http://127.0.0.1:{port}", log)
    finally:
        # The whole group: Granian's command serves from a worker of its own.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(process: subprocess.Popen[str], url: str, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            if httpx2.get(f"{url}/health/ready", trust_env=False).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"not ready in time:\n{log.read_text()}")

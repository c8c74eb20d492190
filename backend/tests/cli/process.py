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
from tempfile import TemporaryDirectory

import httpx2
from tests.cli.forked import Forked, Process

PROGRAMS = Path(sys.executable).parent
READY_WITHIN = 60.0
"""Seconds; a start takes two, on a machine that has nothing else to do."""


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    process: Process
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
    if command[0] == "zondarr" and before is None:
        return _run_forked(command, env=env, folder=folder)
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


def _run_forked(
    command: Sequence[str], *, env: Mapping[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    with TemporaryDirectory() as kept:
        out, err = Path(kept) / "out", Path(kept) / "err"
        process = Forked(command, env=env, folder=folder, out=out, err=err)
        try:
            status = process.wait(READY_WITHIN)
        finally:
            process.kill()
        return subprocess.CompletedProcess(
            command, status, out.read_text(), err.read_text()
        )


def serve_command(port: int) -> Sequence[str]:
    return ("zondarr", "serve", "--port", str(port))


def granian_command(port: int) -> Sequence[str]:
    options = ("--interface", "asgi", "--port", str(port))
    return ("granian", "zondarr.app:app", *options)


@contextmanager
def running(
    command: Sequence[str],
    *,
    port: int,
    env: Mapping[str, str],
    folder: Path,
    forked: bool = True,
) -> Generator[Running]:
    """A server that is ready; killed at the end if it still runs."""
    log = folder / f"{command[0]}-{port}.log"
    process: Process
    if forked and command[0] == "zondarr":
        process = Forked(command, env=env, folder=folder, out=log)
    else:
        process = _executed(command, env=env, folder=folder, log=log)
    try:
        _wait(process, f"http://127.0.0.1:{port}", log)
        yield Running(process, f"http://127.0.0.1:{port}", log)
    finally:
        # The whole group: Granian's command serves from a worker of its own.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()


def _executed(
    command: Sequence[str], *, env: Mapping[str, str], folder: Path, log: Path
) -> subprocess.Popen[str]:
    with log.open("w") as out:
        return subprocess.Popen(  # noqa: S603
            [PROGRAMS / command[0], *command[1:]],
            env=env,
            cwd=folder,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )


def _wait(process: Process, url: str, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            if httpx2.get(f"{url}/health/ready", trust_env=False).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"not ready in time:\n{log.read_text()}")

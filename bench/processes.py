"""Programs in processes of their own, on loopback, and what they take."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

PROGRAMS = Path(sys.executable).parent
READY_WITHIN = 60.0
HOST = "127.0.0.1"


class BenchError(Exception):
    """Why something could not be measured; the text is for the one who measures."""


@dataclass(frozen=True)
class Server:
    """A program that answers on a port."""

    process: subprocess.Popen[str]
    port: int
    seconds_to_ready: float


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def environment(folder: Path) -> dict[str, str]:
    """Only what is meant, and for the rest the defaults that are in force elsewhere."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "SECRET_KEY": "benchmarks do not keep secrets, and this is one of them",
        "ZONDARR_DATA_DIR": str(folder),
    }


@contextmanager
def serving(
    command: Sequence[str], *, port: int, ready: str, env: Mapping[str, str], log: Path
) -> Generator[Server]:
    """A server that answered `ready` with 200; ended at the end."""
    with log.open("a") as out:
        began = time.monotonic()
        process = subprocess.Popen(  # noqa: S603
            command, env=env, stdout=out, stderr=out, text=True
        )
    try:
        seconds = _until_ready(process, port, ready, began, log)
        yield Server(process, port, seconds)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def zondarr(folder: Path, more: Mapping[str, str] | None = None) -> Generator[Server]:
    """The program as `zondarr serve` starts it; its log goes to a file, as it would."""
    port = free_port()
    command = [str(PROGRAMS / "zondarr"), "serve", "--port", str(port)]
    log = folder / "zondarr.log"
    env = {**environment(folder), **(more or {})}
    with serving(command, port=port, ready="/health/ready", env=env, log=log) as server:
        yield server


@contextmanager
def hello(folder: Path, *, edge: bool = False) -> Generator[Server]:
    """A bare ASGI application on the same server; see hello.py."""
    port = free_port()
    script = Path(__file__).with_name("hello.py")
    command = [sys.executable, str(script), str(port), *(["edge"] if edge else [])]
    log = folder / "hello.log"
    with serving(
        command, port=port, ready="/api/", env=environment(folder), log=log
    ) as server:
        yield server


def _until_ready(
    process: subprocess.Popen[str], port: int, path: str, began: float, log: Path
) -> float:
    while time.monotonic() - began < READY_WITHIN:
        if process.poll() is not None:
            raise BenchError(f"{process.args} ended:\n{log.read_text()}")
        if _answers(port, path):
            return time.monotonic() - began
        time.sleep(0.005)
    raise BenchError(f"{process.args} was not ready in time:\n{log.read_text()}")


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError, HTTPException:
        return False
    finally:
        connection.close()


def tree_of(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def memory_of(pid: int, kind: str = "Pss") -> float:
    """MiB of a process and all below it, by a line of `smaps_rollup`."""
    return sum(_rollup(one, kind) for one in tree_of(pid)) / 1024


def _rollup(pid: int, kind: str) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name == kind:
            return int(rest.split()[0])
    raise BenchError(f"The system does not report {kind} of process {pid}.")

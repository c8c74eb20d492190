"""`zondarr demo`: the real program with simulated servers and sample data.

The program runs as its own process and is filled through its HTTP interface, as by an
operator and their guests. Everything is deleted when the demo ends.
"""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import httpx2
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator, Version
from media_server_simulators.plex import (
    PlexServerSimulator,
    PlexTvSimulator,
    PlexWorld,
)
from media_server_simulators.seerr import SeerrSimulator
from media_server_simulators.seerr.furnishing import Crowd
from media_server_simulators.server import serve_in_thread

from zondarr.cli.demo_library import Cinema, library_of
from zondarr.cli.demo_world import Operator, Servers, furnish
from zondarr.cli.failures import told_plainly

READY_WITHIN = timedelta(minutes=1)
"""Seconds the program may take to start."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(host: str, port: int) -> None:
    """Show the whole program with simulated media servers; nothing is kept."""
    with told_plainly(), ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory("-zondarr")))
        shown_at = f"http://{host}:{port}"
        operator = Operator(shown_at, "demo@zondarr.example", secrets.token_urlsafe(12))
        attic = stack.enter_context(ExitStack())
        servers = _serve(stack, attic)
        program = stack.enter_context(_program(folder, host, port, servers.plex_tv))
        _wait_until_ready(shown_at, program)
        click.echo("Filling the workspace; this takes half a minute …", err=True)
        token = (folder / "setup-token").read_text().strip()
        furnish(operator, token, servers, lose=attic.close)
        click.echo(_welcome(operator, servers))
        program.wait()


def _serve(stack: ExitStack, attic: ExitStack) -> Servers:
    """Three Jellyfin servers, the last of which can fail, and two Plex servers of one
    owner, the second of which is not linked yet, and a Seerr.
    """
    now = datetime.now(UTC)
    large = library_of("Living Room", items=220, people=0, now=now)
    small = library_of("Cabin", items=60, people=0, now=now)
    projector = library_of("Projector", items=120, people=4, now=now)
    living_room = JellyfinSimulator(large)
    cabin = JellyfinSimulator(small, version=Version.V10_11)
    lost = JellyfinSimulator(make_world(seed=3, people=0))
    garden = make_world(seed=5, people=0)
    garden.server_name = "Garden House"
    world = PlexWorld(projector, garden)
    plex = [PlexServerSimulator(world, machine_identifier=one) for one in world.servers]
    for one in plex:
        one.url = stack.enter_context(serve_in_thread(one))
    jellyfin = [
        (stack.enter_context(serve_in_thread(living_room)), living_room.api_key),
        (stack.enter_context(serve_in_thread(cabin)), cabin.api_key),
        (attic.enter_context(serve_in_thread(lost)), lost.api_key),
    ]
    seerr = SeerrSimulator(large, projector, crowd=Crowd(requests=0, users=1))
    seerr.connect(*jellyfin[0])
    seerr.connect_plex(world)
    return Servers(
        jellyfin=jellyfin,
        seerr=(stack.enter_context(serve_in_thread(seerr)), seerr.api_key),
        plex=(plex[0].url, plex[0].token),
        cinemas=[
            Cinema(jellyfin[0][0], large, ["Maya", "Jonas", "Ines", "Lena"]),
            Cinema(jellyfin[1][0], small, ["Ana", "Kwame"]),
            Cinema(plex[0].url, projector, ["1", "otto@example.org"]),
        ],
        plex_tv=stack.enter_context(serve_in_thread(PlexTvSimulator(world))),
    )


@contextmanager
def _program(
    folder: Path, host: str, port: int, plex_tv: str
) -> Generator[subprocess.Popen[bytes]]:
    """`zondarr serve` with its own data, stopped at the end of the block."""
    ours = {"SECRET_KEY", "DATABASE_URL"}
    environment = {
        name: value for name, value in os.environ.items() if name not in ours
    }
    environment |= {
        "SECRET_KEY_FILE": str(folder / "secret-key"),
        "ZONDARR_DATA_DIR": str(folder),
        "ZONDARR_JOIN_LIMIT": "1000/minute",
        "ZONDARR_ALLOW_PRIVATE_URLS": "yes",
        "ZONDARR_LOG_LEVEL": "error",
        "ZONDARR_PLEX_TV_URL": plex_tv,
        "ZONDARR_PLEX_CLIENTS_URL": plex_tv,
        "ZONDARR_PLEX_APP_URL": plex_tv,
    }
    arguments = [sys.executable, "-m", "zondarr", "serve", "--host", host]
    program = subprocess.Popen(  # noqa: S603 — our own program, no shell
        [*arguments, "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    )
    signal.signal(signal.SIGTERM, _leave)
    try:
        yield program
    except KeyboardInterrupt:
        click.echo("\nThe demo has ended.", err=True)
    finally:
        program.terminate()
        program.wait()


def _wait_until_ready(url: str, program: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_WITHIN.total_seconds()
    while time.monotonic() < until:
        if program.poll() is not None:
            raise SystemExit(1)
        try:
            if httpx2.get(f"{url}/health/ready").is_success:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise click.ClickException("The program did not start in time.")


def _welcome(operator: Operator, servers: Servers) -> str:
    return f"""
  a guest's page  {operator.url}/join/FILM-NIGHT   (Jellyfin)
                  {operator.url}/join/BOTH-KINDS   (Plex and Jellyfin)
  behind it are   {servers.jellyfin[0][0]}   (a simulated Jellyfin)
                  {servers.plex[0]}   (a simulated Plex, token {servers.plex[1]})
  not connected   {servers.seerr[0]}   (a simulated Seerr, key {servers.seerr[1]})
  Ctrl-C ends the demo; nothing is kept.

  Zondarr is at   {operator.url}
  sign in with    {operator.email}
  and             {operator.password}
"""


def _leave(_number: int, _frame: object) -> None:
    sys.exit(0)

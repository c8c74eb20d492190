"""`zondarr simulate`: the simulated media servers on loopback ports."""

import asyncio
import contextlib
import json
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from media_server_simulators.control import ControlledSimulator
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator, Version
from media_server_simulators.plex import (
    PlexServerSimulator,
    PlexTvSimulator,
    PlexWorld,
    Throttle,
)
from media_server_simulators.server import serve
from media_server_simulators.world import World
from media_server_simulators.world_file import WorldFileError, read_world

PORT = click.IntRange(0, 65535)


@dataclass(frozen=True, slots=True)
class Ports:
    """0 takes any free one; None starts no such simulator."""

    jellyfin: int | None
    plex: int | None
    plex_tv: int | None


@click.command()
@click.option("--jellyfin-port", type=PORT, help="0 takes any free port.")
@click.option("--plex-port", type=PORT, help="A Plex Media Server.")
@click.option("--plextv-port", type=PORT, help="plex.tv, where Plex accounts are.")
@click.option(
    "--jellyfin-version",
    type=click.Choice([version.value for version in Version]),
    default=Version.V12_0.value,
    show_default=True,
)
@click.option(
    "--jellyfin-world",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Hold exactly the administrator, libraries and items of this file.",
)
@click.option("--items", type=click.IntRange(0), default=200, show_default=True)
@click.option("--people", type=click.IntRange(0), default=12, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def simulate(  # noqa: PLR0913, PLR0917  # one argument for each option
    jellyfin_port: int | None,
    plex_port: int | None,
    plextv_port: int | None,
    jellyfin_version: str,
    jellyfin_world: Path | None,
    items: int,
    people: int,
    seed: int,
) -> None:
    """Simulate media servers until stopped; one JSON line says how to reach them.

    Those whose ports are given are started, over one world.
    """
    ports = Ports(jellyfin_port, plex_port, plextv_port)
    if ports == Ports(None, None, None):
        known = "--jellyfin-port, --plex-port, --plextv-port"
        raise click.UsageError(f"give the port of a simulator: {known}")
    made = make_world(items=items, people=people, seed=seed)
    jellyfin = JellyfinSimulator(
        _world(jellyfin_world) or made, version=jellyfin_version
    )
    asyncio.run(_run(jellyfin, PlexWorld(made), ports))


def _world(file: Path | None) -> World | None:
    if file is None:
        return None
    try:
        return read_world(file)
    except WorldFileError as error:
        raise click.ClickException(str(error)) from error


async def _run(
    jellyfin: JellyfinSimulator, plex_world: PlexWorld, ports: Ports
) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    plex = PlexServerSimulator(plex_world)
    plex_tv = PlexTvSimulator(plex_world, throttle=Throttle())
    told: dict[str, Mapping[str, object]] = {}
    async with contextlib.AsyncExitStack() as open_until_stopped:
        start = _Starting(open_until_stopped)
        if ports.jellyfin is not None:
            told["jellyfin"] = _reach(jellyfin, await start(jellyfin, ports.jellyfin))
        if ports.plex is not None:
            plex.url = await start(plex, ports.plex)
            told["plex"] = _reach_plex(plex)
        if ports.plex_tv is not None:
            told["plex_tv"] = {"url": await start(plex_tv, ports.plex_tv)}
        click.echo(json.dumps(told))
        _ = await stop.wait()


@dataclass(frozen=True, slots=True)
class _Starting:
    stack: contextlib.AsyncExitStack

    async def __call__(self, simulator: ControlledSimulator, port: int) -> str:
        try:
            return await self.stack.enter_async_context(serve(simulator, port=port))
        except OSError as error:
            raise click.ClickException(
                f"port {port} on 127.0.0.1 cannot be used: {error.strerror or error}"
            ) from error


def _reach(simulator: JellyfinSimulator, url: str) -> Mapping[str, object]:
    admin = simulator.admin
    return {
        "url": url,
        "api_key": simulator.api_key,
        "admin": {"name": admin.name, "password": admin.password},
    }


def _reach_plex(simulator: PlexServerSimulator) -> Mapping[str, object]:
    """The token is the owner's account token: good for this server and plex.tv."""
    return {
        "url": simulator.url,
        "token": simulator.token,
        "machine_identifier": simulator.machine_identifier,
    }

"""`zondarr simulate`: the simulated media servers on loopback ports."""

import asyncio
import contextlib
import json
import signal
from collections.abc import Mapping
from pathlib import Path

import click

from zondarr.simulators.generator import make_world
from zondarr.simulators.jellyfin import JellyfinSimulator, Version
from zondarr.simulators.server import serve
from zondarr.simulators.world import World
from zondarr.simulators.world_file import WorldFileError, read_world

PORT = click.IntRange(0, 65535)


@click.command()
@click.option("--jellyfin-port", type=PORT, help="0 takes any free port.")
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
def simulate(
    jellyfin_port: int | None,
    jellyfin_version: str,
    jellyfin_world: Path | None,
    items: int,
    people: int,
    seed: int,
) -> None:
    """Simulate media servers until stopped; one JSON line says how to reach them."""
    if jellyfin_port is None:
        raise click.UsageError("give the port of a simulator: --jellyfin-port")
    world = _world(jellyfin_world) or make_world(items=items, people=people, seed=seed)
    simulator = JellyfinSimulator(world, version=jellyfin_version)
    asyncio.run(_run(simulator, jellyfin_port))


def _world(file: Path | None) -> World | None:
    if file is None:
        return None
    try:
        return read_world(file)
    except WorldFileError as error:
        raise click.ClickException(str(error)) from error


async def _run(simulator: JellyfinSimulator, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        async with serve(simulator, port=port) as url:
            click.echo(json.dumps({"jellyfin": _reach(simulator, url)}))
            _ = await stop.wait()
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

"""Simulators on loopback ports, until a signal stops them."""

import asyncio
import contextlib
import json
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from media_server_simulators.control import ControlledSimulator
from media_server_simulators.generator import guid, make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.plex import (
    PlexServerSimulator,
    PlexTvSimulator,
    PlexWorld,
    Throttle,
)
from media_server_simulators.seerr import Profile, SeerrSimulator, Start
from media_server_simulators.seerr.furnishing import Crowd
from media_server_simulators.server import serve
from media_server_simulators.world import World
from media_server_simulators.world_file import read_world


class PortError(Exception):
    """A port cannot be used; the text is for whoever named it."""


@dataclass(frozen=True, slots=True)
class Ports:
    """0 takes any free one; None starts no such simulator."""

    jellyfin: int | None = None
    plex: int | None = None
    plex_tv: int | None = None
    seerr: int | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """`jellyfin_world`: a file with the world of Jellyfin, in place of the made one.

    Seerr has the same, and with such a file nothing was asked for in it.
    """

    ports: Ports
    jellyfin_version: str
    jellyfin_world: Path | None = None
    items: int = 200
    series: int | None = None
    people: int = 12
    seed: int = 1
    seerr_product: str = Profile.SEERR.value
    seerr_base_path: str = ""
    seerr_fresh: bool = False
    requests: int | None = None
    requesters: int | None = None


def run(options: Options, announce: Callable[[str], object]) -> None:
    """Serve until SIGTERM or SIGINT. `announce` gets one line of JSON once all listen.

    Raises PortError, and WorldFileError for a file that holds no world.
    """
    made = make_world(
        items=options.items,
        series=options.series,
        people=options.people,
        seed=options.seed,
    )
    file = options.jellyfin_world
    ports, seed = options.ports, options.seed
    world = _installed(made, seed, ports.jellyfin) if file is None else read_world(file)
    jellyfin = JellyfinSimulator(world, version=options.jellyfin_version)
    plex_world = PlexWorld(_installed(made, seed, ports.plex))
    seerr = SeerrSimulator(
        world,
        profile=options.seerr_product,
        base_path=options.seerr_base_path,
        crowd=_crowd(options),
        start=_start_of_seerr(options),
    )
    started = Started(jellyfin, plex_world, seerr)
    asyncio.run(_run(started, ports, announce))


def _crowd(options: Options) -> Crowd:
    usual = Crowd() if options.jellyfin_world is None else Crowd(requests=0, users=1)
    requests, users = options.requests, options.requesters
    return Crowd(
        usual.requests if requests is None else requests,
        usual.users if users is None else users,
    )


def _start_of_seerr(options: Options) -> Start:
    if options.seerr_fresh:
        return Start.FRESH
    return Start.IN_USE if options.jellyfin_world is None else Start.UNCLAIMED


def _installed(world: World, seed: int, port: int | None) -> World:
    """The world on a server with an identity of its own.

    Two processes are two servers, also where they show the same titles. A server that
    is started again on the same port keeps its identity.
    """
    identity = guid(seed, "server", port) if port else uuid4().hex
    return replace(world, server_id=identity)


@dataclass(frozen=True, slots=True)
class Started:
    jellyfin: JellyfinSimulator
    plex_world: PlexWorld
    seerr: SeerrSimulator


async def _run(
    started: Started, ports: Ports, announce: Callable[[str], object]
) -> None:
    jellyfin, plex_world = started.jellyfin, started.plex_world
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    plex = PlexServerSimulator(plex_world)
    plex_tv = PlexTvSimulator(plex_world, throttle=Throttle())
    ready: dict[str, Mapping[str, object]] = {}
    async with contextlib.AsyncExitStack() as until_stopped:
        if ports.jellyfin is not None:
            url = await _start(until_stopped, jellyfin, ports.jellyfin)
            ready["jellyfin"] = _jellyfin_access(jellyfin, url)
            started.seerr.connect(url, jellyfin.api_key)
        if ports.plex is not None:
            plex.url = await _start(until_stopped, plex, ports.plex)
            ready["plex"] = _plex_access(plex)
        if ports.plex_tv is not None:
            url = await _start(until_stopped, plex_tv, ports.plex_tv)
            ready["plex_tv"] = {"url": url}
        if ports.seerr is not None:
            url = await _start(until_stopped, started.seerr, ports.seerr)
            url += started.seerr.base_path
            ready["seerr"] = {"url": url, "api_key": started.seerr.api_key}
        _ = announce(json.dumps(ready))
        _ = await stop.wait()


async def _start(
    until_stopped: contextlib.AsyncExitStack, simulator: ControlledSimulator, port: int
) -> str:
    try:
        return await until_stopped.enter_async_context(serve(simulator, port=port))
    except OSError as error:
        reason = error.strerror or error
        raise PortError(f"port {port} on 127.0.0.1 cannot be used: {reason}") from error


def _jellyfin_access(simulator: JellyfinSimulator, url: str) -> Mapping[str, object]:
    admin = simulator.admin
    return {
        "url": url,
        "api_key": simulator.api_key,
        "admin": {"name": admin.name, "password": admin.password},
    }


def _plex_access(simulator: PlexServerSimulator) -> Mapping[str, object]:
    """The token is the owner's account token: good for this server and plex.tv."""
    return {
        "url": simulator.url,
        "token": simulator.token,
        "machine_identifier": simulator.machine_identifier,
    }

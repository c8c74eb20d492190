"""`zondarr simulate`: the simulated media servers on loopback ports."""

from pathlib import Path

import click
from media_server_simulators.jellyfin import Version
from media_server_simulators.running import Options, PortError, Ports, run
from media_server_simulators.seerr import Profile
from media_server_simulators.world_file import WorldFileError

PORT = click.IntRange(0, 65535)


@click.command()
@click.option("--jellyfin-port", type=PORT, help="0 takes any free port.")
@click.option("--plex-port", type=PORT, help="A Plex Media Server.")
@click.option("--plextv-port", type=PORT, help="plex.tv, where Plex accounts are.")
@click.option("--seerr-port", type=PORT, help="A Seerr in use, beside the others.")
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
@click.option(
    "--series",
    type=click.IntRange(0),
    help="So many of the items are whole shows, 45 rows each; the rest are films.",
)
@click.option("--people", type=click.IntRange(0), default=12, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--seerr-product",
    type=click.Choice([product.value for product in Profile]),
    default=Profile.SEERR.value,
    show_default=True,
)
@click.option("--seerr-base-path", default="", help="A path before Seerr's own.")
@click.option(
    "--requests",
    type=click.IntRange(0),
    help="What Seerr's users asked for: 60, and with a world of a file nothing.",
)
@click.option("--requesters", type=click.IntRange(1), help="Seerr's users: 12, or 1.")
@click.option("--seerr-fresh", is_flag=True, help="A Seerr that is not set up yet.")
def simulate(  # noqa: PLR0913, PLR0917  # one argument for each option
    jellyfin_port: int | None,
    plex_port: int | None,
    plextv_port: int | None,
    seerr_port: int | None,
    jellyfin_version: str,
    jellyfin_world: Path | None,
    items: int,
    series: int | None,
    people: int,
    seed: int,
    seerr_product: str,
    seerr_base_path: str,
    requests: int | None,
    requesters: int | None,
    seerr_fresh: bool,
) -> None:
    """Simulate media servers until stopped; one JSON line says how to reach them.

    The servers with a port are started, with one shared world.
    """
    ports = Ports(jellyfin_port, plex_port, plextv_port, seerr_port)
    if ports == Ports():
        known = "--jellyfin-port, --plex-port, --plextv-port, --seerr-port"
        raise click.UsageError(f"give the port of a simulator: {known}")
    options = Options(
        ports,
        jellyfin_version,
        jellyfin_world,
        items=items,
        series=series,
        people=people,
        seed=seed,
        seerr_product=seerr_product,
        seerr_base_path=seerr_base_path,
        seerr_fresh=seerr_fresh,
        requests=requests,
        requesters=requesters,
    )
    try:
        run(options, click.echo)
    except (PortError, WorldFileError) as error:
        raise click.ClickException(str(error)) from error

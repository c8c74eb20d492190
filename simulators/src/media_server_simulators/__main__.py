"""`python -m media_server_simulators`: simulators on loopback ports."""

import argparse
import sys
from functools import partial
from pathlib import Path

from media_server_simulators.jellyfin import Version
from media_server_simulators.running import Options, PortError, Ports, run
from media_server_simulators.seerr import Profile
from media_server_simulators.world_file import WorldFileError


def main() -> None:
    parser = argparse.ArgumentParser("media_server_simulators", description=__doc__)
    for name in ("jellyfin", "plex", "plextv", "seerr"):
        _ = parser.add_argument(
            f"--{name}-port", type=int, help="0 takes any free port"
        )
    versions = [version.value for version in Version]
    _ = parser.add_argument(
        "--jellyfin-version", choices=versions, default=Version.V12_0.value
    )
    _ = parser.add_argument("--jellyfin-world", type=Path, help="a world in a file")
    for name, default in (
        ("items", 200),
        ("people", 12),
        ("seed", 1),
    ):
        _ = parser.add_argument(f"--{name}", type=int, default=default)
    for name in ("requests", "requesters"):
        _ = parser.add_argument(f"--{name}", type=int)
    _ = parser.add_argument("--seerr-fresh", action="store_true")
    _ = parser.add_argument("--series", type=int, help="whole shows among the items")
    _ = parser.add_argument(
        "--seerr-product",
        choices=[each.value for each in Profile],
        default=Profile.SEERR.value,
    )
    _ = parser.add_argument("--seerr-base-path", default="", help="like /seerr")
    given = parser.parse_args()
    ports = Ports(
        given.jellyfin_port, given.plex_port, given.plextv_port, given.seerr_port
    )
    if ports == Ports():
        parser.error("give the port of a simulator")
    options = Options(
        ports,
        given.jellyfin_version,
        given.jellyfin_world,
        items=given.items,
        series=given.series,
        people=given.people,
        seed=given.seed,
        seerr_product=given.seerr_product,
        seerr_base_path=given.seerr_base_path,
        seerr_fresh=given.seerr_fresh,
        requests=given.requests,
        requesters=given.requesters,
    )
    try:
        run(options, partial(print, flush=True))
    except (PortError, WorldFileError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

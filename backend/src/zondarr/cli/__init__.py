"""The `zondarr` command; each of its commands is a module here."""

import click

from zondarr.cli.simulate import simulate


@click.group()
def main() -> None:
    """Invitations, people and libraries for Plex and Jellyfin servers."""


main.add_command(simulate)

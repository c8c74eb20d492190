"""The command line. A command's module is imported when the command is called."""

import os
from importlib import import_module
from typing import cast, override

import click

from zondarr import __version__

_COMMANDS = {
    "account": "zondarr.cli.account:account",
    "database": "zondarr.cli.database:database",
    "demo": "zondarr.cli.demo:demo",
    "keys": "zondarr.cli.keys:keys",
    "openapi": "zondarr.cli.openapi:openapi",
    "serve": "zondarr.cli.serve:serve",
    "simulate": "zondarr.cli.simulate:simulate",
}


class _LazyGroup(click.Group):
    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        return cast("click.Command", getattr(import_module(module), name))


@click.group(cls=_LazyGroup)
@click.version_option(__version__, prog_name="zondarr")
def main() -> None:
    """Invitations, people and libraries for those who share Plex and Jellyfin."""
    # Whatever a command makes is the owner's alone: databases, backups, keys.
    os.umask(0o077)

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
    "doctor": "zondarr.cli.doctor:doctor",
    "env-example": "zondarr.cli.env_example:env_example",
    "keys": "zondarr.cli.keys:keys",
    "openapi": "zondarr.cli.openapi:openapi",
    "serve": "zondarr.cli.serve:serve",
    "simulate": "zondarr.cli.simulate:simulate",
}

_SIMULATORS = "media_server_simulators"


class _LazyGroup(click.Group):
    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        try:
            return cast("click.Command", getattr(import_module(module), name))
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != _SIMULATORS:
                raise
            return _unavailable(cmd_name)


def _unavailable(name: str) -> click.Command:
    """A command that needs the simulators while the `demo` extra is not installed."""

    def refuse(**_: object) -> None:
        raise click.ClickException(
            f"`zondarr {name}` needs the simulated media servers. "
            "Install them with: pip install 'zondarr[demo]'"
        )

    return click.Command(
        name,
        callback=refuse,
        help="Needs the extra `demo`, which is not installed.",
        context_settings={"ignore_unknown_options": True},
        params=[click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)],
    )


@click.group(cls=_LazyGroup)
@click.version_option(__version__, prog_name="zondarr")
def main() -> None:
    """Invitations, people and libraries for those who share Plex and Jellyfin."""
    # Only the owner may read the files of a command: databases, backups, keys.
    os.umask(0o077)

"""`zondarr serve`: the application on Granian, in this process."""

import asyncio
import errno
import gc
import os
import socket
import subprocess
import sys
from contextlib import AsyncExitStack
from importlib import import_module

import click

from zondarr import migrations
from zondarr.api.edge import Edge
from zondarr.api.lifespan import reason
from zondarr.cli.failures import told_plainly
from zondarr.cli.listening import listen, new_loop, server_of
from zondarr.config import load_settings
from zondarr.core.logs import adopt_library_loggers


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the API and the UI until stopped.

    The configuration is read from the environment; docs/operations.md lists it.
    """
    with told_plainly():
        address = address_of(host, port)
        _migrate_apart(load_settings().database_url)
        # Passed as an import path, because the application is a layer above.
        shown_at = f"http://{_shown(host)}:{port}"
        app = import_module("zondarr.app").from_environment(shown_at)
        new_loop().run(serve_application(app, address, port))


def _migrate_apart(url: str) -> None:
    """Migrate in a separate process, which frees Alembic's 15 MiB when it ends.

    The application would migrate too: for those who start it on another server.
    """
    if asyncio.run(migrations.is_up_to_date(url)):
        return
    command = (sys.executable, "-P", "-m", "zondarr", "database", "upgrade")
    if subprocess.run(command, check=False).returncode:  # noqa: S603
        sys.exit(1)  # the child process printed the reason


def address_of(host: str, port: int) -> str:
    """The IP address to listen on, after checking that the port is free.

    Granian does not accept names. It shares its port with any process that allows
    sharing, so it would not notice that the port is taken.
    """
    try:
        found = socket.getaddrinfo(
            host.removeprefix("[").removesuffix("]") or None,
            port,
            type=socket.SOCK_STREAM,
            flags=socket.AI_PASSIVE,
        )
    except (OSError, UnicodeError) as error:
        raise click.ClickException(f"--host {host} is not known here.") from error
    # If a name has both, prefer IPv4: more clients try it first.
    family, kind, protocol, _, address = min(found, key=lambda one: one[0])
    try:
        with socket.socket(family, kind, protocol) as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        why = _WHY_NOT.get(error.errno or 0, error.strerror)
        raise click.ClickException(f"--host {host} --port {port}: {why}.") from error
    return str(address[0])


_WHY_NOT = {
    errno.EADDRINUSE: "the port is in use by another process",
    errno.EADDRNOTAVAIL: "the address is none of this machine's",
}


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


async def serve_application(app: Edge, host: str, port: int) -> None:
    async with AsyncExitStack() as life:
        try:
            await life.enter_async_context(app.running())
        except Exception as error:
            raise click.ClickException(reason(error)) from error
        # What was imported stays: no collection needs to look through it again, which
        # stops all requests for as long as it takes.
        gc.freeze()
        server = server_of(app, host, port)
        adopt_library_loggers()
        click.echo(f"Zondarr on http://{_shown(host)}:{port}", err=True)
        await listen(server, app.end_streams)

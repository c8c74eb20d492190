"""`zondarr doctor`: what keeps this installation from working."""

import asyncio
import os
import sys

import click

from zondarr.doctor.examination import examine
from zondarr.doctor.finding import Finding, Level

_COLOURS = {Level.OK: "green", Level.NOTE: "yellow", Level.TROUBLE: "red"}


@click.command()
def doctor() -> None:
    """Check settings, database, disk, clock, keys, servers and address.

    Prints a line for each, and what to do about it. Changes nothing. The exit code is
    1 if something is in trouble.
    """
    if asyncio.run(_report()):
        sys.exit(1)


async def _report() -> int:
    """Print what was found, and return the number of troubles."""
    troubles = 0
    async for finding in examine(os.environ):
        _print(finding)
        troubles += finding.level is Level.TROUBLE
    return troubles


def _print(finding: Finding) -> None:
    mark = click.style(f"{finding.level:<8}", fg=_COLOURS[finding.level])
    click.echo(f"{mark} {finding.about}: {finding.sentence}")
    if finding.advice is not None:
        click.echo(f"{'':8} → {finding.advice}")

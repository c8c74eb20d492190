"""Ends a command that failed for a known reason with a message and exit code 1."""

from collections.abc import Generator
from contextlib import contextmanager

import click

from zondarr.core.exceptions import ZondarrError
from zondarr.core.startup_errors import explain


@contextmanager
def told_plainly() -> Generator[None]:
    """Print known failures as a message; other exceptions keep their traceback."""
    try:
        yield
    except click.ClickException:
        raise
    except Exception as error:
        sentence = explain(error)
        if sentence is None and isinstance(error, ZondarrError):
            sentence = str(error)
        if sentence is None:
            raise
        raise click.ClickException(sentence) from error

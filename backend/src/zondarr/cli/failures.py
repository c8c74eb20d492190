"""How a command ends when it cannot do its work: with a sentence and exit code 1."""

from collections.abc import Generator
from contextlib import contextmanager

import click

from zondarr.core.exceptions import ZondarrError
from zondarr.core.startup_errors import explain


@contextmanager
def told_plainly() -> Generator[None]:
    """Tell failures with a known reason in a sentence; others keep their traceback."""
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

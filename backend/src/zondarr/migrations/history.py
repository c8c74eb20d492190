"""The history, walked by Alembic."""

import io
import warnings
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from zondarr.core.exceptions import ConfigurationError
from zondarr.migrations.lock import alone

FOLDER = Path(__file__).parent


async def up(url: str, to: str) -> None:
    await _walk(url, lambda config: command.upgrade(config, to))


async def down(url: str, to: str) -> None:
    await _walk(url, lambda config: command.downgrade(config, to))


async def compare(url: str) -> None:
    await _walk(url, _check)


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration; a file has no say in where the database is."""
    config = Config(attributes={"connection": connection}, stdout=io.StringIO())
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config


def _check(config: Config) -> None:
    with warnings.catch_warnings():
        # SQLite does not return them; on PostgreSQL they are compared.
        warnings.filterwarnings("ignore", ".* expression-based index")
        command.check(config)


async def _walk(url: str, step: Callable[[Config], None]) -> None:
    try:
        await alone(url, lambda connection: step(configuration(connection)))
    except CommandError as error:
        if "Can't locate revision" in str(error):
            raise ConfigurationError(
                "The database belongs to another version of Zondarr, probably a newer"
                + " one."
            ) from error
        raise

"""`zondarr database`: migrate the schema, and back up the data."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from zondarr.cli.failures import told_plainly
from zondarr.config import Settings, load_settings
from zondarr.core.clock import utc_now
from zondarr.core.database.url import sqlite_file
from zondarr.core.durable.store import store_of


@click.group()
def database() -> None:
    """Migrate the schema, or back up the data."""


@database.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Migrate the schema up to REVISION (the newest if not given)."""
    from zondarr import migrations  # noqa: PLC0415 — Alembic is slow to import

    with told_plainly():
        asyncio.run(migrations.upgrade(load_settings().database_url, revision))


@database.command()
@click.argument("revision")
@click.confirmation_option(
    prompt="Columns and tables that the lower schema does not know are dropped. Go on?"
)
def downgrade(revision: str) -> None:
    """Migrate the schema down to REVISION (`-1`: by one, `base`: to nothing)."""
    from zondarr import migrations  # noqa: PLC0415

    with told_plainly():
        asyncio.run(migrations.downgrade(load_settings().database_url, revision))


@database.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def backup(folder: Path) -> None:
    """Copy SQLite's databases into a new folder below FOLDER, while the program runs.

    The secret key is not included: without it, sealed values in the copy cannot be
    read.
    """
    with told_plainly():
        settings = load_settings()
        if not settings.is_sqlite:
            raise click.ClickException(
                "A backup of PostgreSQL is made with pg_dump, of the whole database."
            )
        target = folder / f"zondarr-{utc_now():%Y%m%d-%H%M%S}"
        for source in _databases(settings):
            click.echo(_copy(source, target))


def _databases(settings: Settings) -> list[Path]:
    """The database of durable work, then ours.

    In this order: what was claimed in between is started by the sweep, while work on
    something that our database does not know would fail.
    """
    url = make_url(settings.database_url)
    ours, work = sqlite_file(url), Path(store_of(url)[0].database or "")
    if not ours.is_file():
        raise click.ClickException(f"There is no database at {ours}.")
    return [work, ours] if work.is_file() else [ours]


def _copy(source: Path, folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / source.name
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)
    target.chmod(0o600)
    return target

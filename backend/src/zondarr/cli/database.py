"""`zondarr database`: migrate the schema, back up the data, and restore it."""

import asyncio
from pathlib import Path

import click

from zondarr import migrations
from zondarr.cli.failures import told_plainly
from zondarr.config import load_settings
from zondarr.core.backup import Files, back_up, read_copy
from zondarr.core.backup import restore as put_back
from zondarr.core.clock import utc_now
from zondarr.migrations import with_copy


@click.group()
def database() -> None:
    """Migrate the schema, back up the data, or restore it."""


@database.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Migrate the schema up to REVISION (the newest if not given).

    Before that, SQLite's databases are copied, as every day.
    """
    with told_plainly():
        settings = load_settings()
        if revision == "head":
            asyncio.run(with_copy.upgrade(settings))
        else:
            asyncio.run(migrations.upgrade(settings.database_url, revision))


# Otherwise click takes -1 for an option.
@database.command(context_settings={"ignore_unknown_options": True})
@click.argument("revision")
@click.confirmation_option(
    prompt="Columns and tables that the lower schema does not know are dropped. Go on?"
)
def downgrade(revision: str) -> None:
    """Migrate the schema down to REVISION (`-1`: by one, `base`: to nothing)."""
    with told_plainly():
        asyncio.run(migrations.downgrade(load_settings().database_url, revision))


@database.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def backup(folder: Path) -> None:
    """Copy SQLite's databases into a new folder below FOLDER, while the program runs.

    Each copy is checked. The secret key is not included: without it, sealed values in
    the copy cannot be read.
    """
    with told_plainly():
        for copy in back_up(
            _files("A backup of it is made with pg_dump."), folder, utc_now()
        ):
            click.echo(copy)


@database.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--yes", is_flag=True, help="Do it without asking.")
def restore(folder: Path, yes: bool) -> None:
    """Put the copies in FOLDER, which a backup made, in place of SQLite's databases.

    The program must be stopped. What is there now is moved to a folder beside it.
    """
    with told_plainly():
        files = _files("A dump of it is restored with pg_restore.")
        copy = read_copy(folder, migrations.known())
        click.echo(f"{folder} has the schema {copy.revision}.")
        if files.ours.exists():
            click.echo(
                f"{files.ours} is there already: it is moved aside, not deleted."
            )
        if not yes:
            click.confirm("Put the copy in its place?", abort=True)
        kept = put_back(copy, files, utc_now())
        click.echo(f"Restored: {files.ours}")
        if kept is not None:
            click.echo(f"What was there before: {kept}")


def _files(of_postgresql: str) -> Files:
    settings = load_settings()
    if not settings.is_sqlite:
        raise click.ClickException(f"The database is PostgreSQL. {of_postgresql}")
    return Files.of(settings.database_url)

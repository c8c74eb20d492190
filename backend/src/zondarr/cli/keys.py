"""`zondarr keys`: change the secret key while the program runs."""

import asyncio
import fcntl
import secrets
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click
from sqlalchemy import MetaData

from zondarr.cli.failures import told_plainly
from zondarr.config import Settings, load_settings, read_key_file, write_key_file
from zondarr.core.crypto import RELOAD_AFTER, Keyring
from zondarr.core.database import Database
from zondarr.core.sealing import Rewrapped, abandon, rewrap

DROP_AFTER = 5 * RELOAD_AFTER
"""Seconds after a rotation until no process can seal with an older key: each has read
the keys again, and its transactions are committed.
"""


@click.group()
def keys() -> None:
    """Change the secret key."""


@keys.command()
@click.option(
    "--drop-old",
    is_flag=True,
    help="Make no new key; remove the older ones, five minutes after a rotation.",
)
def rotate(drop_old: bool) -> None:
    """Put a new key on top of SECRET_KEY_FILE and seal all stored secrets with it.

    Zondarr may run meanwhile. Older keys stay in the file, since existing links and
    tokens are signed with them; --drop-old removes them at a later time.
    """
    with told_plainly():
        settings = load_settings()
        file = _key_file(settings)
        with _alone(file):
            if drop_old:
                _drop_old(settings, file)
            else:
                _rotate(settings, file)


@keys.command("abandon")
@click.confirmation_option(
    prompt="API keys of servers that only a lost key can open are forgotten. Go on?"
)
def abandon_lost() -> None:
    """Delete what was sealed with a secret key that is lost for good.

    Servers keep everything but their API keys, which have to be entered again. A
    redemption that was running can neither be finished nor undone.
    """
    with told_plainly():
        settings = load_settings()
        forgotten = asyncio.run(_with_database(settings, abandon))
        click.echo(f"Forgotten: {forgotten}.")


def _key_file(settings: Settings) -> Path:
    if settings.secret_key is not None:
        raise click.ClickException(
            "SECRET_KEY is set, so the key is not in a file that could be changed."
            " Write its value into a file, name that in SECRET_KEY_FILE, unset"
            " SECRET_KEY, restart Zondarr, and run this again."
        )
    assert settings.secret_key_file is not None  # noqa: S101  load_settings saw to it
    return settings.secret_key_file


@contextmanager
def _alone(file: Path) -> Generator[None]:
    """Holds a lock: two concurrent rotations would each drop the other's new key."""
    read_key_file(file)
    lock = file.with_name(f"{file.name}.lock")
    with lock.open("w") as opened:
        if not _take(opened):
            raise click.ClickException("The keys are being rotated already.")
        yield


def _take(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _rotate(settings: Settings, file: Path) -> None:
    write_key_file(file, [secrets.token_urlsafe(48), *read_key_file(file)])
    done = asyncio.run(_with_database(settings, rewrap))
    click.echo(f"{file} has a new key; {_values(done.changed)} sealed with it.")
    _warn_of_unreadable(done)


def _drop_old(settings: Settings, file: Path) -> None:
    newest, *older = read_key_file(file)
    if not older:
        click.echo(f"{file} holds one key; there is nothing to drop.")
        return
    wait = DROP_AFTER.total_seconds() - (time.time() - file.stat().st_mtime)
    if wait > 0:
        raise click.ClickException(
            "A running Zondarr may not have noticed the newest key yet."
            f" Run this again in {max(1, round(wait))} seconds."
        )
    done = asyncio.run(_with_database(settings, rewrap))
    if done.unreadable:
        raise click.ClickException(
            f"{_values(done.unreadable)} not readable with any key; all keys stay."
        )
    write_key_file(file, [newest])
    click.echo(f"{file} holds its newest key alone; dropped: {len(older)}.")


async def _with_database[R](
    settings: Settings, work: Callable[[Database, Keyring, MetaData], Awaitable[R]]
) -> R:
    from zondarr.migrations import upgrade  # noqa: PLC0415 — Alembic is slow to import
    from zondarr.tables import Base  # noqa: PLC0415 — so are all tables

    await upgrade(settings.database_url)
    database = Database(settings.database_url)
    try:
        return await work(database, Keyring(settings.secret_keys), Base.metadata)
    finally:
        await database.close()


def _warn_of_unreadable(done: Rewrapped) -> None:
    if done.unreadable:
        click.echo(
            f"Warning: {_values(done.unreadable)} not readable with any key here.",
            err=True,
        )


def _values(count: int) -> str:
    return "1 stored secret is" if count == 1 else f"{count} stored secrets are"

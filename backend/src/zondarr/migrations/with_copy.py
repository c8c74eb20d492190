"""An upgrade of the schema that leaves a copy of what was there before."""

import asyncio
import sqlite3
from datetime import timedelta

import structlog

from zondarr import migrations
from zondarr.config import Settings
from zondarr.core.backup import BackupError, Files, back_up, forget_older
from zondarr.core.clock import utc_now

log = structlog.get_logger(__name__)


async def upgrade(settings: Settings) -> None:
    """Bring the schema up to the newest revision, with a copy of SQLite's files first.

    There is none if copies are switched off, or nothing is there yet.
    """
    url = settings.database_url
    if await migrations.is_up_to_date(url):
        return
    if settings.is_sqlite and settings.backup_days:
        before = await migrations.revision(url)
        if before in migrations.known():
            await asyncio.to_thread(_copy, settings, before)
    await migrations.upgrade(url)


def _copy(settings: Settings, before: str | None) -> None:
    files, folder, now = (
        Files.of(settings.database_url),
        settings.backup_folder,
        utc_now(),
    )
    try:
        copies = back_up(files, folder, now)
    except (BackupError, OSError, sqlite3.Error) as error:
        # The upgrade is one transaction; a full disk, or a copy that another process
        # makes at the same moment, must not keep the program down.
        log.warning("no copy before the upgrade", schema=before, why=str(error))
        return
    forget_older(folder, now, timedelta(days=settings.backup_days))
    log.info("copied before the upgrade", schema=before, folder=str(copies[0].parent))

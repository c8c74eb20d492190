"""The database, its schema, the secret key that opens it, and unfinished work."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from zondarr import migrations
from zondarr.config import Settings
from zondarr.container import Container
from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.core.database.inspection import find_damage, read_clock
from zondarr.core.exceptions import ConfigurationError, ZondarrError
from zondarr.core.models import Base
from zondarr.core.sealing import require_keys
from zondarr.core.startup_errors import explain
from zondarr.doctor.finding import Finding, Level

ABOUT, SCHEMA, SECRETS = "database", "schema", "stored secrets"
KEY_ADVICE = "Bring the key back that sealed them: a backup of SECRET_KEY_FILE."


async def check(settings: Settings) -> list[Finding]:
    shown = make_url(settings.database_url).render_as_string(hide_password=True)
    try:
        revision = await migrations.revision(settings.database_url)
        damage = await _damage(settings) if revision else None
    except Exception as error:
        sentence = explain(error)
        if sentence is None:
            raise
        advice = "Start the database, or correct DATABASE_URL and ZONDARR_DATA_DIR."
        return [Finding.trouble(ABOUT, f"{shown}: {sentence}", advice)]
    if damage:
        advice = "Stop Zondarr, keep a copy of the file, and restore the last backup."
        return [Finding.trouble(ABOUT, f"The file is damaged: {damage}", advice)]
    return [Finding.ok(ABOUT, f"{shown} responds."), _schema(revision)]


def is_usable(found: Sequence[Finding]) -> bool:
    return any(each.about == SCHEMA and each.level is Level.OK for each in found)


def _schema(revision: str | None) -> Finding:
    newest = migrations.newest()
    if revision is None:
        advice = "Start Zondarr once: it creates the tables."
        return Finding.note(SCHEMA, "There is no data yet.", advice)
    if revision == newest:
        return Finding.ok(
            SCHEMA, f"Version {revision}, the newest that this program knows."
        )
    if revision in migrations.known():
        return Finding.note(
            SCHEMA,
            f"Version {revision}; this program has {newest}.",
            "Make a backup, then start Zondarr: it upgrades the schema.",
        )
    return Finding.trouble(
        SCHEMA,
        f"Version {revision} is newer than this program, which knows {newest}.",
        "Install the version of Zondarr that wrote it, or a later one.",
    )


async def _damage(settings: Settings) -> str | None:
    database = Database(settings.database_url)
    try:
        return await find_damage(database)
    finally:
        await database.close()


async def check_keys(container: Container) -> Finding:
    try:
        await require_keys(container.database, container.keyring, Base.metadata)
    except ConfigurationError as error:
        return Finding.trouble(SECRETS, str(error), KEY_ADVICE)
    return Finding.ok(SECRETS, "The secret key opens all of them.")


async def check_work(container: Container) -> Finding:
    about = "durable work"
    if await container.durable.has_set_aside():
        return Finding.trouble(
            about,
            "Some work was set aside because the program ended during it three times.",
            "Look at the page Jobs, and the log of that time.",
        )
    return Finding.ok(about, "Nothing is set aside.")


async def clock_offset(container: Container) -> timedelta | None:
    """How far the clock of PostgreSQL is ahead of ours; null on SQLite."""
    try:
        now = await read_clock(container.database)
    except SQLAlchemyError, ZondarrError:
        return None
    return None if now is None else now - utc_now()

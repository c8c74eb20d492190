"""The order of the checks: from what all else needs to what only some of it does."""

import asyncio
from collections.abc import AsyncGenerator, Mapping

from zondarr.config import Settings, load_settings
from zondarr.container import Container
from zondarr.core.exceptions import ConfigurationError
from zondarr.doctor import address, clock, machine, servers, storage
from zondarr.doctor.finding import Finding
from zondarr.plex_accounts.device import device_id


async def examine(environment: Mapping[str, str]) -> AsyncGenerator[Finding]:
    """Check everything, and report each result when it is known.

    Where the settings or the database are unusable, what depends on them is left out.
    """
    try:
        settings = load_settings(environment)
    except ConfigurationError as error:
        yield Finding.trouble("settings", str(error), "Correct it in the environment.")
        return
    yield Finding.ok("settings", "All values are valid.")
    for finding in machine.check(settings):
        yield finding
    found = await storage.check(settings)
    for finding in found:
        yield finding
    if not storage.is_usable(found):
        return
    try:
        _ = settings.secret_keys_again()
    except ConfigurationError as error:
        yield Finding.trouble(storage.SECRETS, str(error), storage.KEY_ADVICE)
        return
    async for finding in _with_data(settings):
        yield finding


async def _with_data(settings: Settings) -> AsyncGenerator[Finding]:
    container = Container.build(settings)
    try:
        container.registry.set_device_id(await device_id(container.database))
        yield await storage.check_keys(container)
        yield await storage.check_work(container)
        for finding in await clock.check(container):
            yield finding
        async for finding in servers.check(container):
            yield finding
        yield await address.check(settings)
    finally:
        container.passwords.close()
        await container.database.close()
        # Connections of the driver close in the background.
        await asyncio.sleep(0)

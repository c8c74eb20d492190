"""How services are built; the one place that knows them all."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from zondarr.config import Settings
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database


@dataclass(frozen=True, kw_only=True)
class Program:
    """What lives as long as the process."""

    settings: Settings
    database: Database
    keyring: Keyring

    @classmethod
    def build(cls, settings: Settings) -> Self:
        """Nothing is opened yet; raises `ConfigurationError` for a wrong key file."""
        return cls(
            settings=settings,
            database=Database(settings.database_url),
            keyring=Keyring(settings.secret_keys),
        )

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """From the first request to the last; the schema is up to date by then."""
        try:
            yield
        finally:
            await self.database.close()

    @property
    def checks(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """What the program depends on, and how to ask whether it is there."""
        return {"database": self.database.ping}

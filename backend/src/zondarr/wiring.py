"""How services are built; the one place that knows them all."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from zondarr.accounts.passwords import Passwords
from zondarr.accounts.service import AccountService
from zondarr.accounts.sessions import Sessions
from zondarr.accounts.setup import SetUp
from zondarr.config import Settings
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database


@dataclass(frozen=True, kw_only=True)
class Program:
    """What lives as long as the process."""

    settings: Settings
    database: Database
    keyring: Keyring
    passwords: Passwords

    @classmethod
    def build(cls, settings: Settings, *, passwords: Passwords | None = None) -> Self:
        """Nothing is opened yet; raises `ConfigurationError` for a wrong key file.

        `passwords` is the seam for tests that cannot afford the real cost of a hash.
        """
        return cls(
            settings=settings,
            database=Database(settings.database_url),
            keyring=Keyring(settings.secret_keys),
            passwords=passwords or Passwords(),
        )

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """From the first request to the last; the schema is up to date by then."""
        try:
            yield
        finally:
            self.passwords.close()
            await self.database.close()

    @cached_property
    def accounts(self) -> AccountService:
        return AccountService(
            self.database, self.passwords, sign_in_limit=self.settings.sign_in_limit
        )

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.database)

    @cached_property
    def set_up(self) -> SetUp:
        return SetUp(
            self.database,
            self.keyring,
            self.passwords,
            data_dir=self.settings.data_dir,
        )

    @property
    def checks(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """What the program depends on, and how to ask whether it is there."""
        return {"database": self.database.ping}

"""How services are built; the one place that knows them all."""

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

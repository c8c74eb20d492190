"""Every setting, its default and its validation."""

import os
import re
import secrets
import ssl
from collections.abc import Callable, Mapping
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

import msgspec

from zondarr.core.addresses import base_url, root_url
from zondarr.core.database.url import parse_database_url, sqlite_url
from zondarr.core.exceptions import ConfigurationError
from zondarr.core.rate_limits.limit import Limit

MIN_KEY_LENGTH = 32
_PERIODS = {"second": 1, "minute": 60, "hour": 3600}


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    CONSOLE = "console"
    JSON = "json"


class Signup(StrEnum):
    """Whether strangers may create a workspace."""

    CLOSED = "closed"
    OPEN = "open"


class YesOrNo(StrEnum):
    YES = "yes"
    NO = "no"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The validated configuration. `docs/operations.md` describes each setting."""

    secret_key: str | None = None
    secret_key_file: Path | None = None
    data_dir: Path = Path("data")
    database_url: str = ""
    base_url: str | None = None
    signup: Signup = Signup.CLOSED
    allow_private_urls: bool = True
    sign_in_limit: Limit = Limit(10, 60)
    join_limit: Limit = Limit(30, 60)
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    ca_file: Path | None = None
    plex_tv_url: str = "https://plex.tv"
    plex_clients_url: str = "https://clients.plex.tv"
    plex_app_url: str = "https://app.plex.tv"
    log_level: LogLevel = LogLevel.INFO
    log_format: LogFormat = LogFormat.CONSOLE

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    def secret_keys(self) -> list[str]:
        """The secret keys, newest first; a missing file is created."""
        if self.secret_key is not None:
            return [self.secret_key]
        assert self.secret_key_file is not None  # noqa: S101  load_settings saw to it
        return read_key_file(self.secret_key_file)

    def secret_keys_again(self) -> list[str]:
        """Read the keys again. A missing file is not created any more: a new key would
        open nothing that is stored.
        """
        file = self.secret_key_file
        if self.secret_key is None and file is not None and not file.exists():
            raise ConfigurationError(f"SECRET_KEY_FILE {file} is gone.")
        return self.secret_keys()

    def __repr__(self) -> str:
        return f"Settings(data_dir={str(self.data_dir)!r})"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the environment; raises `ConfigurationError` with what is wrong.

    An empty value counts as not set.
    """
    given = _read(os.environ if environment is None else environment)
    if not given.keys() & {"secret_key", "secret_key_file"}:
        raise ConfigurationError(
            "Set SECRET_KEY (at least 32 characters) or SECRET_KEY_FILE (a file that"
            + " is made if it is not there). Neither is set."
        )
    if given.get("signup") is Signup.OPEN:
        given.setdefault("allow_private_urls", False)
    settings = Settings(**given)
    if settings.database_url:
        return settings
    database_url = _sqlite_in(settings.data_dir)
    return msgspec.structs.replace(settings, database_url=database_url)


def read_key_file(path: Path) -> list[str]:
    """One key per line, newest first. A missing file is created, mode 0600."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_key_file(path, [secrets.token_urlsafe(48)])
        lines = path.read_text().split()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigurationError(f"SECRET_KEY_FILE {path}: {why}.") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"SECRET_KEY_FILE {path} is not text.") from error
    if not lines or any(len(line) < MIN_KEY_LENGTH for line in lines):
        raise ConfigurationError(
            f"SECRET_KEY_FILE {path} must hold a key a line, each of at least"
            + f" {MIN_KEY_LENGTH} characters."
        )
    return lines


def write_key_file(path: Path, keys: list[str]) -> None:
    """Replace the file atomically; readers see the old or the new one.

    It is synced to disk when this returns: what is sealed next would be lost without
    it. It keeps its owner, so that root can do this for the program's own user.
    """
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    if path.exists() and path.stat().st_uid != fresh.stat().st_uid:
        os.chown(fresh, path.stat().st_uid, path.stat().st_gid)
    with fresh.open("w") as file:
        file.write("\n".join(keys) + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(environment: Mapping[str, str]) -> dict[str, Any]:
    """The variables that are set, by the names of their settings."""
    given: dict[str, Any] = {}
    for setting, (name, parse) in _variables().items():
        value = environment.get(name, "").strip()
        if not value:
            continue
        if not value.isprintable() and _is_not_text(value):
            raise ConfigurationError(f"{name} is not text in UTF-8.")
        try:
            given[setting] = parse(value)
        except ValueError as error:
            raise ConfigurationError(f"{name} {error}.") from None
    return given


def _variables() -> Mapping[str, tuple[str, Callable[[str], Any]]]:
    """The variable of each setting, and how its value is read."""
    return {
        "secret_key": ("SECRET_KEY", _key),
        "secret_key_file": ("SECRET_KEY_FILE", Path),
        "data_dir": ("ZONDARR_DATA_DIR", Path),
        "database_url": ("DATABASE_URL", _database_url),
        "base_url": ("ZONDARR_BASE_URL", root_url),
        "signup": ("ZONDARR_SIGNUP", _one_of(Signup)),
        "allow_private_urls": ("ZONDARR_ALLOW_PRIVATE_URLS", _is_yes),
        "sign_in_limit": ("ZONDARR_SIGN_IN_LIMIT", _limit),
        "join_limit": ("ZONDARR_JOIN_LIMIT", _limit),
        "trusted_proxies": ("ZONDARR_TRUSTED_PROXIES", _networks),
        "ca_file": ("ZONDARR_CA_FILE", _ca_file),
        "plex_tv_url": ("ZONDARR_PLEX_TV_URL", base_url),
        "plex_clients_url": ("ZONDARR_PLEX_CLIENTS_URL", base_url),
        "plex_app_url": ("ZONDARR_PLEX_APP_URL", base_url),
        "log_level": ("ZONDARR_LOG_LEVEL", _one_of(LogLevel)),
        "log_format": ("ZONDARR_LOG_FORMAT", _one_of(LogFormat)),
    }


def _is_not_text(value: str) -> bool:
    """Bytes that are not UTF-8 appear in the environment as surrogates."""
    return any("\ud800" <= character <= "\udfff" for character in value)


def _sqlite_in(data_dir: Path) -> str:
    return sqlite_url(data_dir / "zondarr.db").render_as_string()


def _key(value: str) -> str:
    if len(value) < MIN_KEY_LENGTH:
        raise ValueError(f"must be at least {MIN_KEY_LENGTH} characters long")
    return value


def _database_url(value: str) -> str:
    return parse_database_url(value).render_as_string(hide_password=False)


def _limit(value: str) -> Limit:
    found = re.fullmatch(r"([1-9][0-9]{0,5})/(second|minute|hour)", value)
    if found is None:
        raise ValueError("must be written like 10/minute (second, minute or hour)")
    return Limit(int(found[1]), _PERIODS[found[2]])


def _networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(
            ip_network(part.strip()) for part in value.split(",") if part.strip()
        )
    except ValueError:
        raise ValueError("must be addresses or networks, separated by commas") from None


def _ca_file(value: str) -> Path:
    try:
        _ = ssl.create_default_context(cafile=value)
    except OSError, ValueError:  # an SSLError is an OSError
        raise ValueError(
            "must be a file of certificates in PEM that can be read"
        ) from None
    return Path(value)


def _is_yes(value: str) -> bool:
    return _one_of(YesOrNo)(value) is YesOrNo.YES


def _one_of[C: StrEnum](choices: type[C]) -> Callable[[str], C]:
    def parse(value: str) -> C:
        try:
            return choices(value.lower())
        except ValueError:
            raise ValueError(f"must be one of {', '.join(choices)}") from None

    return parse

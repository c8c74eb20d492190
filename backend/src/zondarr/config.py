"""Every setting, its default and its validation."""

import os
import re
import secrets
import ssl
from collections.abc import Callable, Mapping, Sequence
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
    backup_days: int = 7
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
    def backup_folder(self) -> Path:
        """Where the program keeps copies of SQLite's files."""
        return self.data_dir / "backups"

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
    for each in variables():
        value = environment.get(each.name, "").strip()
        if not value:
            continue
        if not value.isprintable() and _is_not_text(value):
            raise ConfigurationError(f"{each.name} is not text in UTF-8.")
        try:
            given[each.setting] = each.parse(value)
        except ValueError as error:
            raise ConfigurationError(f"{each.name} {error}.") from None
    return given


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    """A variable of the environment: which setting it gives, how its value is read, a
    line about it, and the example of `.env.example`.
    """

    setting: str
    name: str
    parse: Callable[[str], Any]
    about: str
    example: str


def variables() -> Sequence[Variable]:
    """Every variable, in the order in which an operator needs them."""
    return [
        Variable(
            setting="secret_key_file",
            name="SECRET_KEY_FILE",
            parse=Path,
            about="The secret key in a file, which is created if it is missing."
            " This or SECRET_KEY must be set.",
            example="data/secret-key",
        ),
        Variable(
            setting="secret_key",
            name="SECRET_KEY",
            parse=_key,
            about=f"The secret key itself: at least {MIN_KEY_LENGTH} characters.",
            example="at-least-32-characters-that-nobody-else-knows",
        ),
        Variable(
            setting="data_dir",
            name="ZONDARR_DATA_DIR",
            parse=Path,
            about="Folder of the SQLite database, of durable work and of the set-up"
            " token.",
            example="data",
        ),
        Variable(
            setting="database_url",
            name="DATABASE_URL",
            parse=_database_url,
            about="SQLite in the data folder, unless this names another database.",
            example="postgresql+asyncpg://zondarr:password@localhost/zondarr",
        ),
        Variable(
            setting="backup_days",
            name="ZONDARR_BACKUP_DAYS",
            parse=_days,
            about="SQLite only: how many days the daily copies are kept that lie in"
            " backups/ in the data folder; 0 for none.",
            example="7",
        ),
        Variable(
            setting="base_url",
            name="ZONDARR_BASE_URL",
            parse=root_url,
            about="The address at which people open Zondarr, for the links it makes.",
            example="https://invite.example.org",
        ),
        Variable(
            setting="trusted_proxies",
            name="ZONDARR_TRUSTED_PROXIES",
            parse=_networks,
            about="Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto count:"
            " addresses or networks, separated by commas.",
            example="127.0.0.1",
        ),
        Variable(
            setting="signup",
            name="ZONDARR_SIGNUP",
            parse=_one_of(Signup),
            about="Whether strangers may create a workspace: closed or open.",
            example="closed",
        ),
        Variable(
            setting="allow_private_urls",
            name="ZONDARR_ALLOW_PRIVATE_URLS",
            parse=_is_yes,
            about="Whether media servers may have private or loopback addresses: yes,"
            " and no with open sign-up.",
            example="yes",
        ),
        Variable(
            setting="sign_in_limit",
            name="ZONDARR_SIGN_IN_LIMIT",
            parse=_limit,
            about="Attempts to sign in from one address, by second, minute or hour.",
            example="10/minute",
        ),
        Variable(
            setting="join_limit",
            name="ZONDARR_JOIN_LIMIT",
            parse=_limit,
            about="Joins and unknown codes from one address.",
            example="30/minute",
        ),
        Variable(
            setting="ca_file",
            name="ZONDARR_CA_FILE",
            parse=_ca_file,
            about="Certificates (PEM) of your own authority, trusted beside the usual"
            " ones when servers are called.",
            example="/etc/ssl/certs/ca-certificates.crt",
        ),
        Variable(
            setting="log_level",
            name="ZONDARR_LOG_LEVEL",
            parse=_one_of(LogLevel),
            about="debug, info, warning or error.",
            example="info",
        ),
        Variable(
            setting="log_format",
            name="ZONDARR_LOG_FORMAT",
            parse=_one_of(LogFormat),
            about="console, or json for a log collector.",
            example="console",
        ),
        Variable(
            setting="plex_tv_url",
            name="ZONDARR_PLEX_TV_URL",
            parse=base_url,
            about="For tests and the demo.",
            example="https://plex.tv",
        ),
        Variable(
            setting="plex_clients_url",
            name="ZONDARR_PLEX_CLIENTS_URL",
            parse=base_url,
            about="For tests and the demo.",
            example="https://clients.plex.tv",
        ),
        Variable(
            setting="plex_app_url",
            name="ZONDARR_PLEX_APP_URL",
            parse=base_url,
            about="For tests and the demo.",
            example="https://app.plex.tv",
        ),
    ]


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


def _days(value: str) -> int:
    if re.fullmatch(r"0|[1-9][0-9]{0,3}", value) is None:
        raise ValueError("must be a number of days")
    return int(value)


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

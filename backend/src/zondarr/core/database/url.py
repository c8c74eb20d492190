"""Parses the address of the database, as people and hosting providers write it.

SQLAlchemy takes a password up to the first `@`, and passes what follows the question
mark to the driver, whose names differ from libpq's. Here a password may be unquoted,
the names are libpq's, and each driver gets what it supports.

Errors never contain a part of the address: any part may belong to a password.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote, unquote, urlencode, urlsplit

from sqlalchemy.engine import URL

SQLITE, POSTGRESQL = "sqlite+aiosqlite", "postgresql+asyncpg"
_DRIVERS = {
    "sqlite": SQLITE,
    SQLITE: SQLITE,
    "postgres": POSTGRESQL,
    "postgresql": POSTGRESQL,
    POSTGRESQL: POSTGRESQL,
}
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_OLD_SSL_WORDS = {"true": "require", "false": "disable"}

_FILES = frozenset({"sslcert", "sslkey", "sslrootcert", "sslcrl"})
_BOTH_DRIVERS = _FILES | {
    "passfile",
    "service",
    "sslmode",
    "sslpassword",
    "sslnegotiation",
    "ssl_min_protocol_version",
    "ssl_max_protocol_version",
    "target_session_attrs",
    "krbsrvname",
    "gsslib",
    "options",
    "application_name",
}
"""asyncpg accepts these, but only in its own form."""
_LIBPQ_ONLY = frozenset(
    {
        "fallback_application_name",
        "client_encoding",
        "keepalives",
        "keepalives_idle",
        "keepalives_interval",
        "keepalives_count",
        "tcp_user_timeout",
        "sslcompression",
        "sslsni",
        "gssencmode",
        "channel_binding",
        "load_balance_hosts",
    }
)
"""asyncpg does not support these; a value that it could not honour is refused."""
_ASYNCPG_ONLY = frozenset(
    {
        "prepared_statement_cache_size",
        "statement_cache_size",
        "command_timeout",
    }
)
_PLACES = frozenset({"user", "password", "host", "port", "dbname"})
_UNSUPPORTED = frozenset(
    {
        "hostaddr",
        "gssdelegation",
        "max_protocol_version",
        "min_protocol_version",
        "replication",
        "require_auth",
        "requirepeer",
        "requiressl",
        "scram_client_key",
        "scram_server_key",
        "sslcertmode",
        "sslcrldir",
        "sslkeylogfile",
    }
)
_KNOWN = (
    _PLACES
    | _BOTH_DRIVERS
    | _LIBPQ_ONLY
    | _ASYNCPG_ONLY
    | _UNSUPPORTED
    | {"connect_timeout", "ssl"}
)
_WORDS: Mapping[str, Sequence[str]] = {
    "sslmode": _SSL_MODES,
    "sslnegotiation": ("postgres", "direct"),
    "target_session_attrs": (
        "any",
        "primary",
        "read-write",
        "prefer-standby",
        "standby",
        "read-only",
    ),
    "channel_binding": ("prefer", "disable"),
    "gssencmode": ("prefer", "disable"),
    "client_encoding": ("utf8", "utf-8", "auto"),
    "gsslib": ("gssapi", "sspi"),
}
_NUMBERS = frozenset(
    {
        "connect_timeout",
        "prepared_statement_cache_size",
        "statement_cache_size",
        "command_timeout",
    }
)
_FILE_OPTIONS = frozenset({"timeout"})
_URI_OPTIONS = frozenset(
    {
        "uri",
        "timeout",
        "mode",
        "cache",
        "immutable",
        "vfs",
        "nolock",
    }
)

_HOST = r"(?:\[[0-9a-fA-F:.]+\]|[\w.%-]+)(?::\d{1,5})?"
_AFTER_USER = re.compile(
    rf"(?P<hosts>{_HOST}(?:,{_HOST})*)?(?:/(?P<name>[^/?@#]*))?(?:\?(?P<query>.*))?",
    re.DOTALL,
)
_MAX_PORT, _PORT = 65535, "5432"


def parse_database_url(text: str, /) -> URL:
    """The address in SQLAlchemy's form; raises ValueError with what is wrong."""
    scheme, separator, rest = text.partition("://")
    driver = _DRIVERS.get(scheme.lower())
    if not separator or driver is None:
        _refuse("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    return _sqlite(rest) if driver == SQLITE else _postgresql(rest)


def sqlite_url(file: Path, /) -> URL:
    """The address of a file, whatever characters its path has."""
    return URL.create(SQLITE, database=str(file))


def sqlite_file(url: URL, /) -> Path:
    """The file of an SQLite address."""
    name = url.database or ""
    if "uri" in url.query and name.startswith("file:"):
        name = unquote(urlsplit(name).path)
    return Path(name)


def for_asyncpg(url: URL, /) -> tuple[URL, dict[str, Any]]:
    """The URL for SQLAlchemy, and the connect arguments for everything else."""
    read = {name: _one(value) for name, value in url.query.items() if name in _KNOWN}
    in_dsn = {name: value for name, value in read.items() if name in _BOTH_DRIVERS}
    arguments: dict[str, Any] = {}
    if in_dsn:
        arguments["dsn"] = f"postgresql://?{urlencode(in_dsn, quote_via=quote)}"
    if "connect_timeout" in read:
        arguments["timeout"] = int(read["connect_timeout"]) or None
    for name in _ASYNCPG_ONLY & read.keys():
        arguments[name] = int(read[name])
    places = {name: url.query[name] for name in ("host", "port") if name in url.query}
    return url.set(query=places), arguments


def for_psycopg(url: URL, /) -> URL:
    """The address of the same PostgreSQL for psycopg, which is libpq."""
    query = {
        name: value for name, value in url.query.items() if name not in _ASYNCPG_ONLY
    }
    return url.set(drivername="postgresql+psycopg", query=query)


def _sqlite(rest: str) -> URL:
    if not rest.startswith("/") or rest == "/":
        _refuse("must name a file after sqlite:///, which has three slashes")
    path, _, query = rest[1:].partition("?")
    options = dict(_pairs(query)) if query else {}
    if not options.keys() <= (_URI_OPTIONS if "uri" in options else _FILE_OPTIONS):
        _refuse(
            "has a question mark that begins no option of SQLite: in the name of a"
            + " file it is written %3F"
        )
    url = URL.create(SQLITE, database=unquote(path), query=options)
    file = sqlite_file(url)
    if not file.name or ":memory:" in str(file) or options.get("mode") == "memory":
        _refuse("must name a file: a database in memory would be forgotten")
    if "%" in path and not file.parent.exists() and Path(path).parent.exists():
        _refuse("has a % that belongs to the name of a folder: it is written %25")
    return url


def _postgresql(rest: str) -> URL:
    for before, after in _readings(rest):
        found = _AFTER_USER.fullmatch(after)
        query = _pairs(found["query"] or "") if found else []
        if found and all(name in _KNOWN for name, _ in query):
            return _postgresql_of(before, found, dict(query))
    return _refuse(
        "is not of the form postgresql+asyncpg://user:password@host:5432/name. What"
        + " stands after ? must be a parameter of PostgreSQL, such as sslmode; in a"
        + " password, a special character is written with %, such as %40 for @"
    )


def _readings(rest: str) -> Iterator[tuple[str, str]]:
    """The possible ends of user and password: none, the first @, the next …"""
    yield "", rest
    for found in re.finditer("@", rest):
        yield rest[: found.start()], rest[found.end() :]


def _postgresql_of(before: str, found: re.Match[str], given: dict[str, str]) -> URL:
    user, colon, password = before.partition(":")
    query = _checked(given)
    hosts, ports = _hosts((query.pop("host", "") or found["hosts"] or "").split(","))
    if "port" in query:
        ports = query.pop("port").split(",")
    if any(port and not _is_port(port) for port in ports):
        _refuse("has a port that is none: it is a number from 1 to 65535")
    url = URL.create(
        POSTGRESQL,
        username=query.pop("user", "") or _decoded(user) or None,
        password=query.pop("password", "") or (_decoded(password) if colon else None),
        database=query.pop("dbname", "") or _decoded(found["name"] or "") or None,
        query=query,
    )
    return _at(url, hosts, ports)


def _at(url: URL, hosts: list[str], ports: list[str]) -> URL:
    """A socket's folder, and several hosts, go into the query."""
    if len(hosts) == 1 and not hosts[0].startswith("/"):
        return url.set(host=hosts[0] or None, port=int(ports[0]) if ports[0] else None)
    if len(ports) != len(hosts):
        ports = ports[:1] * len(hosts)
    place = {"host": ",".join(hosts)}
    if any(ports):
        place["port"] = ",".join(port or _PORT for port in ports)
    return url.update_query_dict(place)


def _hosts(given: Sequence[str]) -> tuple[list[str], list[str]]:
    hosts: list[str] = []
    ports: list[str] = []
    for one in given:
        host, colon, port = one.rpartition(":")
        if not colon or one.endswith("]") or "/" in port:
            host, port = one, ""
        hosts.append(_decoded(host.removeprefix("[").removesuffix("]")))
        ports.append(port)
    return hosts, ports


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) <= _MAX_PORT


def _checked(given: dict[str, str]) -> dict[str, str]:
    old = given.pop("ssl", None)
    if old is not None:
        given.setdefault("sslmode", _OLD_SSL_WORDS.get(old.lower(), old))
    for name, value in given.items():
        words = _WORDS.get(name)
        if name in _UNSUPPORTED:
            _refuse(f"has the parameter {name}, which cannot be kept here")
        if words is not None and value.lower() not in words:
            _refuse(f"must have as {name} one of {', '.join(words)}")
        if name in _NUMBERS and not (value.isascii() and value.isdigit()):
            _refuse(f"must have a whole number as {name}")
        if name in _FILES and not Path(value).is_file():
            _refuse(f"names as {name} a file that is not there")
    return given


def _pairs(query: str) -> list[tuple[str, str]]:
    """As libpq parses them: a plus sign is literal."""
    parts = [part.partition("=") for part in query.split("&") if part]
    return [(name if equals else "", unquote(value)) for name, equals, value in parts]


def _decoded(text: str) -> str:
    """Percent-decoded, unless that is not valid text: then it was not encoded."""
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


def _one(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else value[-1]


def _refuse(why: str) -> NoReturn:
    raise ValueError(why)

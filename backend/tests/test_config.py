"""What is given is taken, what is not has its documented default, what is wrong is
named and not shown."""

import os
import re
import traceback
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import certifi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import zondarr
from zondarr.cli.env_example import example_file
from zondarr.config import (
    Limit,
    LogFormat,
    LogLevel,
    Settings,
    Signup,
    load_settings,
    read_key_file,
    variables,
)
from zondarr.core.exceptions import ConfigurationError

type SettingExample = tuple[str, Any]
"""A variable's text, and the value it stands for."""

CHECKOUT = Path(zondarr.__file__).parents[3]
OPERATIONS, ENV_EXAMPLE = CHECKOUT / "docs" / "operations.md", CHECKOUT / ".env.example"
A_HUNDRED = settings(max_examples=200)

SECONDS = {"second": 1, "minute": 60, "hour": 3600}
NONE = "\u2013"


def _url(scheme: str, host: str, path: str, end: str) -> SettingExample:
    return f"{scheme}://{host}{path}{end}", f"{scheme}://{host}{path}"


def _limit(count: int, period: str) -> SettingExample:
    return f"{count}/{period}", Limit(count, SECONDS[period])


def _networks(numbers: list[int]) -> SettingExample:
    networks = tuple(IPv4Network((number << 8, 24)) for number in numbers)
    return ", ".join(map(str, networks)), networks


def _postgresql(scheme: str, name: str) -> SettingExample:
    rest = f"ann:p%40ss@db/{name}"
    return f"{scheme}://{rest}", f"postgresql+asyncpg://{rest}"


def _sqlite(scheme: str, name: str) -> SettingExample:
    return f"{scheme}:///{name}", f"sqlite+aiosqlite:///{name}"


def _path(name: str) -> SettingExample:
    return f"/srv/{name}", Path(f"/srv/{name}")


def words(kind: type[StrEnum]) -> st.SearchStrategy[SettingExample]:
    spelled = [(text, one) for one in kind for text in (one.lower(), one.upper())]
    return st.sampled_from(spelled)


plain = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=20)
paths = plain.map(_path)
keys = st.text(st.characters(categories=["L", "N", "P"]), min_size=32, max_size=80)
urls = st.builds(
    _url,
    st.sampled_from(["http", "https"]),
    st.builds("a{}b.example:{}".format, plain, st.integers(1, 65535)),
    st.sampled_from(["", "/zondarr"]),
    st.sampled_from(["", "/"]),
)
root_urls = st.builds(
    _url,
    st.sampled_from(["http", "https"]),
    st.builds("a{}b.example:{}".format, plain, st.integers(1, 65535)),
    st.just(""),
    st.sampled_from(["", "/"]),
)
days = st.integers(0, 9999).map(lambda number: (str(number), number))
limits = st.builds(_limit, st.integers(1, 999_999), st.sampled_from(sorted(SECONDS)))
authorities = st.just(certifi.where()).map(lambda path: (path, Path(path)))
networks = st.lists(st.integers(0, 2**24 - 1), min_size=1, max_size=3).map(_networks)
postgresql = st.sampled_from(["postgres", "postgresql", "postgresql+asyncpg"])
sqlite = st.sampled_from(["sqlite", "sqlite+aiosqlite"])
databases = st.builds(_postgresql, postgresql, plain) | st.builds(
    _sqlite, sqlite, plain
)


VARIABLES: dict[str, tuple[str, st.SearchStrategy[SettingExample], Any, str]] = {
    "SECRET_KEY_FILE": ("secret_key_file", paths, None, NONE),
    "ZONDARR_DATA_DIR": ("data_dir", paths, Path("data"), "`data`"),
    "DATABASE_URL": ("database_url", databases, ..., "SQLite in the data folder"),
    "ZONDARR_BACKUP_DAYS": ("backup_days", days, 7, "`7`"),
    "ZONDARR_BASE_URL": ("base_url", root_urls, None, "the request's own"),
    "ZONDARR_SIGNUP": ("signup", words(Signup), Signup.CLOSED, "`closed`"),
    "ZONDARR_ALLOW_PRIVATE_URLS": (
        "allow_private_urls",
        st.sampled_from([("yes", True), ("no", False), ("YES", True)]),
        ...,
        "`yes`, and `no` with open sign-up",
    ),
    "ZONDARR_SIGN_IN_LIMIT": ("sign_in_limit", limits, Limit(10, 60), "`10/minute`"),
    "ZONDARR_JOIN_LIMIT": ("join_limit", limits, Limit(30, 60), "`30/minute`"),
    "ZONDARR_TRUSTED_PROXIES": ("trusted_proxies", networks, (), "none"),
    "ZONDARR_CA_FILE": ("ca_file", authorities, None, NONE),
    "ZONDARR_PLEX_TV_URL": ("plex_tv_url", urls, "https://plex.tv", "Plex's own"),
    "ZONDARR_PLEX_CLIENTS_URL": (
        "plex_clients_url",
        urls,
        "https://clients.plex.tv",
        "Plex's own",
    ),
    "ZONDARR_PLEX_APP_URL": (
        "plex_app_url",
        urls,
        "https://app.plex.tv",
        "Plex's own",
    ),
    "ZONDARR_LOG_LEVEL": ("log_level", words(LogLevel), LogLevel.INFO, "`info`"),
    "ZONDARR_LOG_FORMAT": (
        "log_format",
        words(LogFormat),
        LogFormat.CONSOLE,
        "`console`",
    ),
}
"""Field, values, default (`...`: it depends on others), and how the default
is message.
"""

given_variables = st.fixed_dictionaries(
    {}, optional={name: values for name, (_, values, *_) in VARIABLES.items()}
)


@A_HUNDRED
@given(chosen=given_variables, key=keys, empty=st.sets(st.sampled_from([*VARIABLES])))
def test_what_is_given_is_taken_and_the_rest_has_its_default(
    chosen: dict[str, SettingExample], key: str, empty: set[str]
) -> None:
    environment = dict.fromkeys(empty, " ") | {"SECRET_KEY": key, "PATH": "/bin"}
    environment |= {name: f" {text} " for name, (text, _) in chosen.items()}
    loaded = load_settings(environment)
    assert loaded.secret_keys() == [key]
    for name, (field, _, default, _) in VARIABLES.items():
        expected = default_of(field, loaded) if default is ... else default
        if name in chosen:
            expected = chosen[name][1]
        assert getattr(loaded, field) == expected, name


def default_of(field: str, loaded: Settings) -> Any:
    if field == "allow_private_urls":
        return loaded.signup is Signup.CLOSED
    return f"sqlite+aiosqlite:///{loaded.data_dir}/zondarr.db"


def test_every_variable_and_its_default_are_in_the_documentation() -> None:
    rows = re.findall(r"^\| (`.+?`) \| (.+?) \|", OPERATIONS.read_text(), re.MULTILINE)
    documented = {
        name: default for names, default in rows for name in re.findall(r"\w+", names)
    }
    assert documented.pop("SECRET_KEY") == NONE
    assert documented == {name: default for name, (*_, default) in VARIABLES.items()}
    assert {each.name for each in variables()} == {*documented, "SECRET_KEY"}


def test_the_example_of_an_env_file_is_that_of_the_settings() -> None:
    assert ENV_EXAMPLE.read_text() == example_file(), (
        "zondarr env-example > .env.example"
    )


def test_each_example_of_an_env_file_is_valid() -> None:
    lines = [line.lstrip("#") for line in example_file().splitlines() if "=" in line]
    environment = dict(line.split("=", 1) for line in lines)
    environment["ZONDARR_CA_FILE"] = certifi.where()
    assert len(environment) == len(variables())
    assert load_settings(environment).signup is Signup.CLOSED


hidden = st.text("QXZJKW0123456789", min_size=8, max_size=20)
wrong_words = hidden
wrong_limits = st.one_of(
    st.builds("{}/minute".format, hidden),
    st.builds("0{}/minute".format, st.integers(1, 9)),
    st.builds("{}/{}".format, st.integers(1, 9), hidden),
    st.integers(1_000_000).map("{}/hour".format),
    st.integers(1, 9).map(str),
)
wrong_urls = st.one_of(
    hidden,
    st.builds("{}.example.org".format, hidden),
    st.builds("ftp://{}".format, hidden),
    st.builds("http://ann:{}@".format, hidden),
    st.builds("http://host:{}x".format, hidden),
    st.builds("http://host/?a={}".format, hidden),
    st.builds("http://host/#{}".format, hidden),
    st.builds("http://host {}".format, hidden),
    st.just("http://host:65536"),
)
wrong_roots = wrong_urls | st.builds("http://host/{}".format, hidden)
WRONG: dict[str, st.SearchStrategy[str]] = {
    "SECRET_KEY": hidden,
    "DATABASE_URL": st.one_of(
        hidden,
        st.builds("mysql://ann:{}@db/x".format, hidden),
        st.builds("postgresql:ann:{}@db".format, hidden),
        st.builds("postgresql://ann:{}".format, hidden),
        st.builds("postgresql://ann:{}@db:99999/x".format, hidden),
        st.builds("postgresql://ann:p@db/x?sslmode={}".format, hidden),
        st.builds("postgresql://ann:p@db/x?password={0}&{0}=1".format, hidden),
        st.sampled_from(["sqlite://", "sqlite:///", "sqlite+aiosqlite:///"]),
    ),
    "ZONDARR_BACKUP_DAYS": st.one_of(hidden, st.sampled_from(["-1", "1.5", "12345"])),
    "ZONDARR_BASE_URL": wrong_roots,
    "ZONDARR_SIGNUP": wrong_words,
    "ZONDARR_ALLOW_PRIVATE_URLS": wrong_words,
    "ZONDARR_SIGN_IN_LIMIT": wrong_limits,
    "ZONDARR_JOIN_LIMIT": wrong_limits,
    "ZONDARR_TRUSTED_PROXIES": st.one_of(
        hidden, st.builds("10.0.0.0/8, {}".format, hidden), st.just("10.0.0.1/33")
    ),
    "ZONDARR_CA_FILE": st.builds("/nowhere/{}".format, hidden),
    "ZONDARR_PLEX_TV_URL": wrong_urls,
    "ZONDARR_PLEX_CLIENTS_URL": wrong_urls,
    "ZONDARR_PLEX_APP_URL": wrong_urls,
    "ZONDARR_LOG_LEVEL": wrong_words,
    "ZONDARR_LOG_FORMAT": wrong_words,
}
ANY_PATH = {"SECRET_KEY_FILE", "ZONDARR_DATA_DIR"}
"""Whether a folder can be used is found when it is: tests/cli/test_serve.py."""


def test_each_variable_can_be_wrong() -> None:
    assert set(WRONG) == {*VARIABLES, "SECRET_KEY"} - ANY_PATH


@A_HUNDRED
@pytest.mark.parametrize("name", WRONG)
@given(data=st.data(), chosen=given_variables, key=keys)
def test_what_is_wrong_is_named_and_not_shown(
    name: str, data: st.DataObject, chosen: dict[str, SettingExample], key: str
) -> None:
    value = data.draw(WRONG[name])
    environment = {other: text for other, (text, _) in chosen.items()}
    message = error_text({**environment, "SECRET_KEY": key, name: value})
    assert re.search(rf"^{name}\b", message)
    assert not re.search("[QXZJKW0-9]{8}", message)
    assert key not in message


@given(chosen=given_variables)
def test_a_key_that_is_missing_is_named(chosen: dict[str, SettingExample]) -> None:
    environment = {name: text for name, (text, _) in chosen.items()}
    environment.pop("SECRET_KEY_FILE", None)
    message = error_text(environment)
    assert "SECRET_KEY " in message
    assert "SECRET_KEY_FILE " in message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(hidden, max_size=3), good=st.booleans())
def test_a_key_file_that_cannot_be_used_is_named_and_not_shown(
    lines: list[str], good: bool, tmp_path: Path
) -> None:
    file = tmp_path / "keys"
    file.write_text("\n".join([*lines, *(["Q" * 40] if good and lines else [])]))
    with pytest.raises(ConfigurationError) as caught:
        read_key_file(file)
    assert str(caught.value).startswith(f"SECRET_KEY_FILE {file} must hold a key")
    assert not any(line in str(caught.value) for line in lines)


def test_settings_do_not_show_what_is_in_them() -> None:
    key = "0123456789abcdef" * 3
    url = "postgresql://ann:hunter2@db/zondarr"
    shown = repr(load_settings({"SECRET_KEY": key, "DATABASE_URL": url}))
    assert key not in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize("name", ["ZONDARR_DATA_DIR", "SECRET_KEY_FILE"])
def test_bytes_that_are_no_text_are_named(name: str) -> None:
    key = "0123456789abcdef" * 3
    environment = {"SECRET_KEY": key, name: os.fsdecode(b"/srv/caf\xe9")}
    assert error_text(environment) == f"{name} is not text in UTF-8."


def error_text(environment: Mapping[str, str]) -> str:
    """The error's message; a traceback's text is checked too."""
    with pytest.raises(ConfigurationError) as caught:
        load_settings(environment)
    shown = "".join(traceback.format_exception_only(caught.value))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert str(caught.value) in shown
    return str(caught.value)

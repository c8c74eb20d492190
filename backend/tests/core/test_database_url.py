"""Addresses of databases as people and hosters write them."""

import re
from pathlib import Path

import pytest
from sqlalchemy.engine import URL, make_url
from tests.postgresql import PostgreSQL

from zondarr.core.database import Database
from zondarr.core.database.url import (
    for_asyncpg,
    for_psycopg,
    parse_database_url,
    sqlite_file,
    sqlite_url,
)
from zondarr.core.durable.store import Store

PG = "postgresql"


def again(url: URL) -> URL:
    """As it is carried through the program."""
    return make_url(url.render_as_string(hide_password=False))


@pytest.mark.parametrize(
    "password",
    [
        "p@ss",
        "p/ss",
        "12/ss",
        "p#ss",
        "p?ss",
        "100%",
        "%zz",
        "%ff",
        "a:b",
        "@",
        "p@ss/wo:rd#1?%",
        "[x]",
        "pässwörd",
    ],
)
def test_a_password_may_be_unquoted(password: str) -> None:
    url = again(parse_database_url(f"{PG}://ann:{password}@db:5433/name?sslmode=allow"))
    assert (url.username, url.password) == ("ann", password)
    assert (url.host, url.port, url.database) == ("db", 5433, "name")
    assert for_asyncpg(url)[1] == {"dsn": "postgresql://?sslmode=allow"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann:p%40ss@db/name", ("ann", "p@ss", "db", None, "name")),
        ("ann@db", ("ann", None, "db", None, None)),
        ("ann@srv:pw@db/x", ("ann@srv", "pw", "db", None, "x")),
        ("db/x?user=ann@srv&password=a%2Bb+c", ("ann@srv", "a+b+c", "db", None, "x")),
        ("[::1]:5433/x", (None, None, "::1", 5433, "x")),
        ("ann@/x?host=db&port=1", ("ann", None, "db", 1, "x")),
        ("/x?host=db:1", (None, None, "db", 1, "x")),
        ("db/?dbname=x", (None, None, "db", None, "x")),
        ("db/n%C3%A4me", (None, None, "db", None, "näme")),
    ],
)
def test_it_is_read_as_libpq_reads_it(text: str, expected: tuple[object, ...]) -> None:
    url = again(parse_database_url(f"{PG}://{text}"))
    found = (url.username, url.password, url.host, url.port, url.database)
    assert found == expected
    assert not url.query


def test_sockets_and_several_hosts_are_handed_on() -> None:
    socket = again(parse_database_url(f"{PG}://u@/x?host=/run/pg&port=5433"))
    assert dict(socket.query) == {"host": "/run/pg", "port": "5433"}
    also = again(parse_database_url(f"{PG}://u@%2Frun%2Fpg:5433/x"))
    assert also == socket
    several = again(parse_database_url(f"{PG}://u:p@a:1,b/x"))
    assert dict(several.query) == {"host": "a,b", "port": "1,5432"}
    assert for_asyncpg(several)[0].query == for_psycopg(several).query


def test_each_driver_gets_what_it_knows() -> None:
    text = f"{PG}://db/x?sslmode=require&connect_timeout=7&options=-c%20a%3Db"
    text += "&application_name=z&keepalives=1&prepared_statement_cache_size=0"
    url = again(parse_database_url(text))
    address, arguments = for_asyncpg(url)
    assert not address.query
    dsn = "sslmode=require&options=-c%20a%3Db&application_name=z"
    dsn = {*arguments.pop("dsn").removeprefix("postgresql://?").split("&")} ^ {
        *dsn.split("&")
    }
    assert not dsn
    assert arguments == {"timeout": 7, "prepared_statement_cache_size": 0}
    reported = {
        "sslmode",
        "connect_timeout",
        "options",
        "application_name",
        "keepalives",
    }
    assert for_psycopg(url).query.keys() == reported


def test_old_words_for_tls_are_understood() -> None:
    for word, mode in (("true", "require"), ("false", "disable"), ("allow", "allow")):
        url = parse_database_url(f"{PG}+asyncpg://db/x?ssl={word}")
        assert dict(url.query) == {"sslmode": mode}


HIDDEN = "hunter2QX"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"mysql://u:{HIDDEN}@db/x", "must begin with"),
        (f"{PG}:u:{HIDDEN}@db", "must begin with"),
        (f"{PG}://u:{HIDDEN}", "is not of the form"),
        (f"{PG}://u:{HIDDEN}@db/x?{HIDDEN}", "is not of the form"),
        (f"{PG}://u:{HIDDEN}@db/x?foo={HIDDEN}", "is not of the form"),
        (f"{PG}://u:{HIDDEN}@db:99999/x", "has a port"),
        (f"{PG}://u:{HIDDEN}@db/x?port=a", "has a port"),
        (f"{PG}://u:{HIDDEN}@db/x?sslmode={HIDDEN}", "as sslmode one of disable"),
        (f"{PG}://u:{HIDDEN}@db/x?target_session_attrs=1", "as target_session_attrs"),
        (f"{PG}://u:{HIDDEN}@db/x?connect_timeout=soon", "number as connect_timeout"),
        (f"{PG}://u:{HIDDEN}@db/x?channel_binding=require", "as channel_binding one"),
        (f"{PG}://u:{HIDDEN}@db/x?requirepeer=root", "the parameter requirepeer"),
        (f"{PG}://u:{HIDDEN}@db/x?sslrootcert=/nowhere", "names as sslrootcert"),
        ("sqlite://", "must name a file"),
        ("sqlite:///", "must name a file"),
        ("sqlite://data/x.db", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("sqlite:///file::memory:?uri=true", "must name a file"),
        ("sqlite:///file:x?mode=memory&uri=true", "must name a file"),
        ("sqlite:////srv/quest?x/zondarr.db", "written %3F"),
        ("sqlite:////srv/x.db?mode=ro", "written %3F"),
    ],
)
def test_what_cannot_be_kept_is_refused_without_showing_it(
    text: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)) as caught:
        parse_database_url(text)
    assert HIDDEN not in str(caught.value)


FOLDERS = ["per%20cent", "quest?x", "hash#y", "with space", "naïve ünï", "a&b=c;d", "+"]


@pytest.mark.parametrize("name", FOLDERS)
def test_a_file_keeps_the_name_of_its_folder(name: str) -> None:
    file = Path("/srv") / name / "zondarr.db"
    assert sqlite_file(again(sqlite_url(file))) == file


def test_a_percent_sign_that_belongs_to_a_folder_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "per%20cent").mkdir()
    with pytest.raises(ValueError, match="written %25"):
        parse_database_url(f"sqlite:///{tmp_path}/per%20cent/x.db")
    url = parse_database_url(f"sqlite:///{tmp_path}/per%2520cent/x.db")
    assert sqlite_file(url) == tmp_path / "per%20cent" / "x.db"


def test_the_file_of_a_uri_is_found() -> None:
    url = parse_database_url("sqlite:///file:/srv/old%2520one.db?mode=ro&uri=true")
    assert sqlite_file(again(url)) == Path("/srv/old one.db")


async def test_parameters_of_libpq_reach_the_server(postgresql: PostgreSQL) -> None:
    more = "sslmode=disable&application_name=told&connect_timeout=5"
    more += "&options=-c%20search_path%3Dtold"
    with postgresql.database() as address:
        await _assert_told(parse_database_url(f"{address}&{more}"))


async def _assert_told(url: URL) -> None:
    database, store = Database(url.render_as_string(hide_password=False)), Store(url)
    try:
        setting = "current_setting('{}')".format
        asked = f"SELECT {setting('application_name')}, {setting('search_path')}"
        async with database.engine.connect() as connection:
            row = (await connection.exec_driver_sql(asked)).one()
        with store.open().connect() as other:
            assert [tuple(row), tuple(other.exec_driver_sql(asked).one())] == [
                ("told", "told"),
                ("told", "told"),
            ]
    finally:
        store.close()
        await database.close()

"""Records everything that the program sends and stores, and searches it for secrets."""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx2
import psycopg
from media_server_simulators.jellyfin import JellyfinSimulator
from sqlalchemy.engine import URL, make_url

MAY_SAY = {
    "session cookie": {
        ("POST", "/api/v1/setup", "set-cookie"),
        ("POST", "/api/v1/session", "set-cookie"),
    },
    "CSRF token": {
        ("POST", "/api/v1/setup", "body"),
        ("POST", "/api/v1/session", "body"),
        ("GET", "/api/v1/session", "body"),
        ("POST", "/api/v1/account/password", "body"),
    },
    "join token": {("POST", "/api/v1/join", "body")},
    "Plex cookie": {("POST", "/api/v1/join/plex", "set-cookie")},
}
"""Which answers must carry a secret, and where in them."""

SHORTEST = 12
"""A secret that is shorter could be found by chance."""


@dataclass(frozen=True)
class Recorded:
    """A part of an answer: a header, or the body."""

    method: str
    path: str
    part: str
    text: str

    def may_carry(self, kind: str) -> bool:
        return any(
            (self.method, self.part) == (method, part) and self.path.startswith(path)
            for method, path, part in MAY_SAY.get(kind, ())
        )


@dataclass
class Witness:
    """Records every response; `know` adds a secret that none may contain."""

    url: str
    secrets: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    recorded: list[Recorded] = field(default_factory=list[Recorded])

    def __post_init__(self) -> None:
        self.http = httpx2.Client(
            base_url=self.url,
            timeout=60,
            trust_env=False,
            event_hooks={"response": [self._note]},
        )

    def know(self, kind: str, secret: str) -> str:
        assert len(secret) >= SHORTEST, f"the {kind} is too short to be looked for"
        self.secrets[kind].add(secret)
        return secret

    def know_what_was_sent_to(self, simulator: JellyfinSimulator) -> None:
        """The keys, tokens and passwords in the requests that a server got."""
        for entry in simulator.journal.entries:
            given = dict(entry.request.headers)
            for token in re.findall(r'Token="([^"]+)"', str(given)):
                self.know("key or token of a media server", token)
            for name in ("Password", "NewPw", "Pw"):
                sent = _object(entry.request.body)
                if sent.get(name):
                    self.know("password of a guest's account", str(sent[name]))

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """An answer's JSON, whatever its status."""
        answer = self.http.request(
            method, f"/api/v1{path}", json=body, headers=headers or None
        )
        return answer.json() if answer.content else None

    def sign_in(self, method: str, path: str, body: Any) -> None:
        """A call that answers with a CSRF token, and perhaps a cookie."""
        token = self.call(method, path, body)["csrf_token"]
        self.http.headers["X-CSRF-Token"] = self.know("CSRF token", token)
        self.know("session cookie", self.http.cookies["zondarr_session"])

    def _note(self, answer: httpx2.Response) -> None:
        answer.read()
        request = answer.request
        parts = [*answer.headers.items(), ("body", answer.text)]
        for part, text in parts:
            self.recorded.append(Recorded(request.method, request.url.path, part, text))

    def heard(self) -> list[str]:
        """Each secret that an answer carried and had not to."""
        return [
            f"{kind} in {recorded.part} of {recorded.method} {recorded.path}"
            for recorded in self.recorded
            for kind, secret in self._all()
            if secret in recorded.text and not recorded.may_carry(kind)
        ]

    def found_in(self, text: str | bytes) -> set[str]:
        """The kinds of those that stand in a text, as they are or in hexadecimal."""
        data = text.encode() if isinstance(text, str) else text
        return {
            kind
            for kind, secret in self._all()
            for form in (secret.encode(), secret.encode().hex().encode())
            if form in data
        }

    def _all(self) -> Iterator[tuple[str, str]]:
        for kind, secrets in self.secrets.items():
            for secret in secrets:
                yield kind, secret


def _object(body: bytes) -> dict[str, object]:
    given: object = json.loads(body or b"null")
    return cast("dict[str, object]", given) if isinstance(given, dict) else {}


def stored(database_url: str, data: Path) -> dict[str, bytes]:
    """All that is stored: files but that of the secret keys, and tables."""
    found = {
        path.name: path.read_bytes()
        for path in data.rglob("*")
        if path.is_file() and path.name != "secret-key"
    }
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        folder = Path(url.database or "").parent
        return found | {path.name: path.read_bytes() for path in folder.glob("*.db*")}
    return found | dict(_tables(url))


def _tables(url: URL) -> Iterator[tuple[str, bytes]]:
    with _connected(url) as connection:
        connection.execute("SELECT set_config('zondarr.unscoped', 'on', false)")
        named = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_schema IN ('public', 'dbos')"
        ).fetchall()
        for schema, name in named:
            ask = f'SELECT t::text FROM "{schema}"."{name}" t'  # noqa: S608
            rows = connection.execute(ask.encode()).fetchall()
            yield f"{schema}.{name}", "\n".join(row[0] for row in rows).encode()


def ask_database(database_url: str, *statements: str) -> list[tuple[Any, ...]]:
    """Straight into the database, past the program; the rows of the last one."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(url.database or "", timeout=10)) as connection:
            rows = [connection.execute(one).fetchall() for one in statements]
            connection.commit()
            return rows[-1]
    with _connected(url) as connection:
        connection.execute("SELECT set_config('zondarr.unscoped', 'on', false)")
        cursors = [connection.execute(one.encode()) for one in statements]
        return cursors[-1].fetchall() if cursors[-1].description else []


@contextmanager
def _connected(url: URL) -> Generator[psycopg.Connection[tuple[Any, ...]]]:
    with psycopg.connect(
        host=str(url.query["host"]),
        user=url.username,
        dbname=url.database,
        autocommit=True,
    ) as connection:
        yield connection

"""The real application over ASGI, with passwords that cost little."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import cast

import httpx2
import pytest
from litestar import Litestar
from pwdlib.hashers.argon2 import Argon2Hasher

from zondarr.accounts.models import Account
from zondarr.accounts.passwords import Passwords
from zondarr.accounts.service import AccountService
from zondarr.accounts.setup import SetUp
from zondarr.api.application import build_litestar
from zondarr.api.asgi import ASGIApp
from zondarr.api.edge import Edge
from zondarr.api.metrics import Metrics
from zondarr.api.ui import BuiltUI
from zondarr.config import Settings
from zondarr.container import Container
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.core.durable import Timing
from zondarr.core.rate_limits.limit import Limit

EMAIL, PASSWORD = "olivia@example.org", "correct horse battery"
PLENTY = Limit(1000, 60)


def cheap_hasher(memory_cost: int = 8) -> Argon2Hasher:
    return Argon2Hasher(time_cost=1, memory_cost=memory_cost, parallelism=1)


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    passwords = Passwords(cheap_hasher())
    yield passwords
    passwords.close()


@pytest.fixture
def accounts(database: Database, passwords: Passwords) -> AccountService:
    return AccountService(database, passwords, sign_in_limit=PLENTY)


@pytest.fixture
async def owner(accounts: AccountService) -> Account:
    return await accounts.create_workspace("Home", email=EMAIL, password=PASSWORD)


@pytest.fixture
def set_up(
    database: Database, keyring: Keyring, passwords: Passwords, tmp_path: Path
) -> SetUp:
    return SetUp(database, keyring, passwords, data_dir=tmp_path)


def around(litestar: Litestar, metrics: Metrics | None = None) -> Edge:
    """The edge with that behind it; its lifespan is not run."""
    app: object = litestar
    return Edge(
        cast("ASGIApp", app),
        BuiltUI(),
        running=nullcontext,
        metrics=metrics or Metrics(),
    )


@asynccontextmanager
async def browser_of(
    app: Edge, address: str = "192.0.2.1", base_url: str = "http://zondarr.test"
) -> AsyncGenerator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app, client=(address, 5000))
    async with httpx2.AsyncClient(transport=transport, base_url=base_url) as browser:
        yield browser


class House:
    """A running program, and browsers that visit it."""

    def __init__(self, container: Container, app: Edge) -> None:
        self.container = container
        self._app = app

    def browser(
        self, address: str = "192.0.2.1", base_url: str = "http://zondarr.test"
    ) -> AbstractAsyncContextManager[httpx2.AsyncClient]:
        return browser_of(self._app, address, base_url)

    async def sign_in(
        self, browser: httpx2.AsyncClient, email: str = EMAIL, password: str = PASSWORD
    ) -> httpx2.Response:
        """Sign in; the browser sends the CSRF token from then on."""
        body = {"email": email, "password": password}
        answer = await browser.post("/api/v1/session", json=body)
        if answer.is_success:
            browser.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return answer


def open_house(
    settings: Settings,
    passwords: Passwords,
    *,
    database: Database | None = None,
    timing: Timing | None = None,
) -> House:
    container = Container.build(
        settings, database=database, passwords=passwords, timing=timing
    )
    metrics = Metrics()
    return House(container, around(build_litestar(container, metrics), metrics))


@pytest.fixture
async def house(settings: Settings, passwords: Passwords, database: Database) -> House:
    return open_house(settings, passwords, database=database)

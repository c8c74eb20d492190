"""What the guards let through, on routes of every kind."""

from collections.abc import AsyncGenerator

import httpx2
import pytest
from litestar import Litestar, delete, get, post
from tests.accounts.conftest import EMAIL, PASSWORD, around, browser_of

from zondarr.accounts.guards import (
    PUBLIC,
    VIEWERS_TOO,
    AuthenticationMiddleware,
    requires_role,
    signed_in,
)
from zondarr.accounts.models import Account, Role
from zondarr.accounts.service import AccountService
from zondarr.accounts.sessions import Sessions, Visitor
from zondarr.api.errors import EXCEPTION_HANDLERS
from zondarr.core.database import Database
from zondarr.core.models import Base

ROLES = {Role.OWNER: EMAIL, Role.ADMIN: "adam@example.org", Role.VIEWER: "vera@x.org"}


@get("/api/rows", guards=[signed_in])
async def look() -> None: ...


@get("/api/forgotten")
async def forgotten() -> None: ...


@post("/api/rows")
async def change() -> None: ...


@post("/api/own", opt=VIEWERS_TOO)
async def change_own() -> None: ...


@get("/api/secrets", guards=[requires_role(Role.ADMIN)])
async def look_closer() -> None: ...


@delete("/api/everything", guards=[requires_role(Role.OWNER)])
async def end_it() -> None: ...


@post("/api/join", opt=PUBLIC)
async def join() -> None: ...


@get("/health/page")
async def page() -> None: ...


@get("/health/of-someone", guards=[signed_in])
async def page_of_someone() -> None: ...


HANDLERS = [
    look,
    forgotten,
    change,
    change_own,
    look_closer,
    end_it,
    join,
    page,
    page_of_someone,
]
ROUTES = [
    ("GET", "/api/rows"),
    ("GET", "/api/forgotten"),
    ("POST", "/api/rows"),
    ("POST", "/api/own"),
    ("GET", "/api/secrets"),
    ("DELETE", "/api/everything"),
]


@pytest.fixture
async def browser(database: Database) -> AsyncGenerator[httpx2.AsyncClient]:
    app = Litestar(
        HANDLERS,
        middleware=[AuthenticationMiddleware(Sessions(database))],
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        logging_config=None,
    )
    async with browser_of(around(app)) as browser:
        yield browser


async def sign_in(
    browser: httpx2.AsyncClient, accounts: AccountService, owner: Account, role: Role
) -> None:
    if role is not Role.OWNER:
        await accounts.create_account(
            owner.workspace_id, email=ROLES[role], password=PASSWORD, role=role
        )
    signed = await accounts.sign_in(ROLES[role], PASSWORD, Visitor("192.0.2.1"))
    browser.cookies["zondarr_session"] = signed.token
    browser.headers["X-CSRF-Token"] = signed.csrf_token


async def answers(browser: httpx2.AsyncClient) -> list[int]:
    asked = [await browser.request(*route) for route in ROUTES]
    return [answer.status_code for answer in asked]


async def test_nobody_gets_anywhere_below_api_even_if_a_guard_was_forgotten(
    browser: httpx2.AsyncClient,
) -> None:
    assert await answers(browser) == [401] * len(ROUTES)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.OWNER, [200, 200, 201, 201, 200, 204]),
        (Role.ADMIN, [200, 200, 201, 201, 200, 403]),
        (Role.VIEWER, [200, 200, 403, 201, 403, 403]),
    ],
)
async def test_a_role_decides_what_may_be_done(
    browser: httpx2.AsyncClient,
    accounts: AccountService,
    owner: Account,
    role: Role,
    expected: list[int],
) -> None:
    await sign_in(browser, accounts, owner, role)
    assert await answers(browser) == expected


async def test_an_open_route_asks_for_nothing_whoever_comes(
    browser: httpx2.AsyncClient, accounts: AccountService, owner: Account
) -> None:
    assert (await browser.post("/api/join")).status_code == 201
    await sign_in(browser, accounts, owner, Role.VIEWER)
    del browser.headers["X-CSRF-Token"]
    assert (await browser.post("/api/join")).status_code == 201
    browser.cookies["zondarr_session"] = "long gone"
    assert (await browser.post("/api/join")).status_code == 201
    header = {"Authorization": "Bearer of-a-redemption"}
    assert (await browser.post("/api/join", headers=header)).status_code == 201


async def test_outside_of_api_only_a_guard_asks_who_it_is(
    browser: httpx2.AsyncClient, accounts: AccountService, owner: Account
) -> None:
    await sign_in(browser, accounts, owner, Role.OWNER)
    assert (await browser.get("/health/page")).status_code == 200
    assert (await browser.get("/health/of-someone")).status_code == 401


@pytest.mark.own_database
async def test_health_does_not_look_at_sessions_when_the_database_is_gone(
    browser: httpx2.AsyncClient, database: Database
) -> None:
    await database.run(Base.metadata.drop_all)
    browser.cookies["zondarr_session"] = "some token"
    assert (await browser.get("/health/page")).status_code == 200
    assert (await browser.get("/api/rows")).status_code == 500

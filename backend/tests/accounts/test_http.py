"""Sign-in as a browser sees it."""

from typing import Any

import httpx2
import pytest
from tests.accounts.conftest import EMAIL, PASSWORD, House, open_house

from zondarr.accounts.models import Account, Role
from zondarr.accounts.passwords import Passwords
from zondarr.accounts.service import AccountService
from zondarr.config import Settings
from zondarr.core.rate_limits.limit import Limit

SESSION, SESSIONS = "/api/v1/session", "/api/v1/sessions"


def code_of(answer: httpx2.Response) -> Any:
    return answer.json()["error_code"]


async def test_a_first_run_from_the_token_to_being_signed_in(house: House) -> None:
    token = await house.container.set_up.ensure_token()
    async with house.browser() as browser:
        state = await browser.get("/api/v1/setup")
        assert (state.status_code, state.json()) == (200, {"needed": True})
        body = {"setup_token": "wrong", "email": EMAIL, "password": PASSWORD}
        wrong = await browser.post("/api/v1/setup", json=body)
        assert (wrong.status_code, code_of(wrong)) == (403, "setup_token_wrong")
        body |= {"setup_token": token, "workspace_name": "Movie nights"}
        done = await browser.post("/api/v1/setup", json=body)
        assert done.status_code == 201
        me = await browser.get(SESSION)
        assert (me.status_code, me.json()) == (200, done.json())
        assert me.json()["workspace"]["name"] == "Movie nights"
        assert me.json()["account"]["role"] == "owner"
        again = await browser.post("/api/v1/setup", json=body)
        assert (again.status_code, code_of(again)) == (409, "already_set_up")
        assert (await browser.get("/api/v1/setup")).json() == {"needed": False}


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    house: House, owner: Account
) -> None:
    async with house.browser() as browser:
        plain = (await house.sign_in(browser)).headers["set-cookie"]
    async with house.browser(base_url="https://zondarr.test") as browser:
        secure = (await house.sign_in(browser)).headers["set-cookie"]
    for cookie in (plain, secure):
        assert cookie.startswith("zondarr_session=")
        assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Secure" not in plain
    assert "Secure" in secure


async def test_signing_out_ends_the_session_and_not_only_the_cookie(
    house: House, owner: Account
) -> None:
    async with house.browser() as browser:
        assert (await house.sign_in(browser)).status_code == 201
        cookie = browser.cookies["zondarr_session"]
        assert (await browser.delete(SESSION)).status_code == 204
        assert "zondarr_session" not in browser.cookies
        header = {"Cookie": f"zondarr_session={cookie}"}
        stolen = await browser.get(SESSION, headers=header)
        assert (stolen.status_code, code_of(stolen)) == (401, "unauthorized")


async def test_nobody_is_let_in_without_a_session(house: House, owner: Account) -> None:
    async with house.browser() as browser:
        for method, path in (("GET", SESSION), ("DELETE", SESSION), ("GET", SESSIONS)):
            answer = await browser.request(method, path)
            assert (answer.status_code, code_of(answer)) == (401, "unauthorized")
        wrong = await house.sign_in(browser, password="wrong")
        assert (wrong.status_code, code_of(wrong)) == (401, "credentials_wrong")
        header = {"Authorization": "Bearer zdr_anything"}
        await house.sign_in(browser)
        assert (await browser.get(SESSION, headers=header)).status_code == 401
        assert (await browser.get(SESSION)).status_code == 200


@pytest.mark.parametrize("token", [None, b"", b"wrong", b"\xfc"])
async def test_a_change_takes_the_csrf_token(
    house: House, owner: Account, token: bytes | None
) -> None:
    async with house.browser() as browser:
        await house.sign_in(browser)
        del browser.headers["X-CSRF-Token"]
        headers = [] if token is None else [(b"X-CSRF-Token", token)]
        body = {"current_password": PASSWORD, "new_password": "a better battery"}
        for method, path, json in (
            ("DELETE", SESSION, None),
            ("POST", "/api/v1/account/password", body),
        ):
            answer = await browser.request(method, path, json=json, headers=headers)
            assert (answer.status_code, code_of(answer)) == (403, "csrf_failed")
        assert (await browser.get(SESSION)).status_code == 200


async def test_the_csrf_token_of_another_session_does_not_count(
    house: House, owner: Account
) -> None:
    async with house.browser() as browser, house.browser() as other:
        await house.sign_in(browser)
        await house.sign_in(other)
        browser.headers["X-CSRF-Token"] = other.headers["X-CSRF-Token"]
        assert (await browser.delete(SESSION)).status_code == 403


async def test_whoever_is_signed_in_can_sign_in_again_without_a_csrf_token(
    house: House, owner: Account
) -> None:
    async with house.browser() as browser:
        await house.sign_in(browser)
        del browser.headers["X-CSRF-Token"]
        assert (await house.sign_in(browser)).status_code == 201
        assert (await browser.get(SESSIONS)).json()["total"] == 1


async def test_sessions_are_listed_and_ended(house: House, owner: Account) -> None:
    async with house.browser() as browser, house.browser("192.0.2.77") as other:
        other.headers["User-Agent"] = "Other"
        await house.sign_in(other)
        await house.sign_in(browser)
        found = (await browser.get(SESSIONS)).json()
        assert (found["total"], found["next_cursor"]) == (2, None)
        away = next(row for row in found["items"] if not row["current"])
        assert (away["user_agent"], away["address"]) == ("Other", "192.0.2.77")
        assert (await browser.delete(f"{SESSIONS}/{away['id']}")).status_code == 204
        assert (await other.get(SESSION)).status_code == 401
        gone = await browser.delete(f"{SESSIONS}/{away['id']}")
        assert (gone.status_code, code_of(gone)) == (404, "not_found")
        assert away["id"] in gone.json()["detail"]


async def test_a_password_is_changed_with_the_current_one(
    house: House, owner: Account
) -> None:
    async with house.browser() as browser, house.browser() as other:
        await house.sign_in(browser)
        await house.sign_in(other)
        path = "/api/v1/account/password"
        body = {"current_password": "wrong", "new_password": "a better battery"}
        wrong = await browser.post(path, json=body)
        assert (wrong.status_code, code_of(wrong)) == (400, "password_wrong")
        assert wrong.json()["fields"][0]["field"] == "current_password"
        short = await browser.post(path, json=body | {"new_password": "short"})
        assert short.json()["fields"][0]["field"] == "new_password"
        changed = await browser.post(path, json=body | {"current_password": PASSWORD})
        assert changed.status_code == 200
        assert (await browser.get(SESSION)).status_code == 200
        assert (await other.get(SESSION)).status_code == 401


async def test_a_viewer_looks_and_minds_his_own_affairs(
    house: House, accounts: AccountService, owner: Account
) -> None:
    email = "vera@example.org"
    await accounts.create_account(
        owner.workspace_id, email=email, password=PASSWORD, role=Role.VIEWER
    )
    async with house.browser() as browser:
        await house.sign_in(browser, email)
        assert (await browser.get(SESSIONS)).status_code == 200
        body = {"current_password": PASSWORD, "new_password": "a better battery"}
        changed = await browser.post("/api/v1/account/password", json=body)
        assert changed.status_code == 200
        assert (await browser.delete(SESSION)).status_code == 204


async def test_too_many_tries_are_told_when_to_come_back(
    settings: Settings, passwords: Passwords, owner: Account
) -> None:
    house = open_house(_with_limit(settings, Limit(2, 60)), passwords)
    async with house.browser("203.0.113.5") as browser:
        for _ in range(2):
            assert (await house.sign_in(browser, password="no")).status_code == 401
        refused = await house.sign_in(browser)
        assert (refused.status_code, code_of(refused)) == (429, "too_many_requests")
        assert 0 < int(refused.headers["Retry-After"]) <= 60
    async with house.browser("203.0.113.6") as browser:
        assert (await house.sign_in(browser)).status_code == 201
    await house.container.database.close()


def _with_limit(settings: Settings, limit: Limit) -> Settings:
    return Settings(
        secret_key=settings.secret_key,
        data_dir=settings.data_dir,
        database_url=settings.database_url,
        sign_in_limit=limit,
    )

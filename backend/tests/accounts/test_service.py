import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from tests.accounts.conftest import EMAIL, PASSWORD, PLENTY, cheap_hasher

from zondarr.accounts.exceptions import (
    CredentialsWrongError,
    EmailTakenError,
    PasswordWrongError,
)
from zondarr.accounts.models import Account, AccountSession, Role
from zondarr.accounts.passwords import Passwords
from zondarr.accounts.repository import AccountSessionRepository
from zondarr.accounts.service import WRONG_PASSWORDS, AccountService, SignedIn
from zondarr.accounts.sessions import (
    IDLE,
    LONGEST,
    PROLONG_AFTER,
    Principal,
    Sessions,
    Visitor,
)
from zondarr.core.crypto import fingerprint
from zondarr.core.database import Database
from zondarr.core.exceptions import NotFoundError, TooManyRequestsError
from zondarr.core.rate_limits.limit import Limit
from zondarr.core.repository import PageRequest

HOME, AWAY = Visitor("192.0.2.1", "Browser"), Visitor("198.51.100.9")


@pytest.fixture
def sessions(database: Database) -> Sessions:
    return Sessions(database)


async def principal_of(sessions: Sessions, signed_in: SignedIn) -> Principal:
    principal = await sessions.find_principal(signed_in.token)
    assert principal is not None
    return principal


async def set_times(database: Database, token: str, **times: datetime) -> None:
    change = update(AccountSession)
    change = change.where(AccountSession.fingerprint == fingerprint(token))
    async with database.unscoped("sign-in") as session:
        await session.execute(change.values(**times))


async def row_of(database: Database, token: str) -> AccountSession:
    rows = select(AccountSession).where(
        AccountSession.fingerprint == fingerprint(token)
    )
    async with database.unscoped("sign-in", reading=True) as session:
        return (await session.scalars(rows)).one()


async def test_whoever_signs_in_is_known_by_the_token(
    accounts: AccountService, sessions: Sessions, owner: Account
) -> None:
    signed_in = await accounts.sign_in(" Olivia@Example.ORG ", PASSWORD, HOME)
    principal = await principal_of(sessions, signed_in)
    assert principal.account_id == owner.id
    assert principal.workspace_id == owner.workspace_id == signed_in.workspace.id
    assert principal.role is Role.OWNER
    assert principal.csrf_token == signed_in.csrf_token
    assert signed_in.csrf_token not in repr(principal)
    assert await sessions.find_principal("another") is None


async def test_the_token_itself_is_not_in_the_database(
    accounts: AccountService, database: Database, owner: Account
) -> None:
    signed_in = await accounts.sign_in(EMAIL, PASSWORD, HOME)
    row = await row_of(database, signed_in.token)
    values = [str(getattr(row, column.key)) for column in row.__table__.columns]
    assert not any(signed_in.token in value for value in values)
    assert not any(signed_in.csrf_token in value for value in values)


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "wrong"), ("nobody@example.org", PASSWORD), (EMAIL, ""), ("", "")],
)
async def test_a_wrong_address_and_a_wrong_password_look_and_cost_the_same(
    accounts: AccountService,
    passwords: Passwords,
    owner: Account,
    email: str,
    password: str,
) -> None:
    before = passwords.computed
    with pytest.raises(CredentialsWrongError) as refused:
        await accounts.sign_in(email, password, HOME)
    assert str(refused.value) == "The e-mail address or the password is wrong."
    assert passwords.computed == before + 1


async def test_a_disabled_account_is_refused_like_an_unknown_one(
    accounts: AccountService,
    sessions: Sessions,
    passwords: Passwords,
    database: Database,
    owner: Account,
) -> None:
    signed_in = await accounts.sign_in(EMAIL, PASSWORD, HOME)
    async with database.scoped(owner.workspace_id) as session:
        await session.execute(update(Account).values(enabled=False))
    assert await sessions.find_principal(signed_in.token) is None
    before = passwords.computed
    with pytest.raises(CredentialsWrongError):
        await accounts.sign_in(EMAIL, PASSWORD, HOME)
    assert passwords.computed == before + 1


async def test_an_outdated_hash_is_renewed_at_sign_in(
    accounts: AccountService, database: Database, owner: Account
) -> None:
    stronger = Passwords(cheap_hasher(memory_cost=16))
    later = AccountService(database, stronger, sign_in_limit=PLENTY)
    await later.sign_in(EMAIL, PASSWORD, HOME)
    async with database.unscoped("sign-in", reading=True) as session:
        renewed = await session.scalar(select(Account.password_hash))
    assert renewed is not None
    assert "m=16," in renewed
    await later.sign_in(EMAIL, PASSWORD, HOME)
    stronger.close()


async def test_the_browsers_earlier_session_ends_with_a_new_sign_in(
    accounts: AccountService, sessions: Sessions, owner: Account
) -> None:
    first = await accounts.sign_in(EMAIL, PASSWORD, HOME)
    second = await accounts.sign_in(EMAIL, PASSWORD, HOME, instead_of=first.token)
    assert first.token != second.token
    assert await sessions.find_principal(first.token) is None
    assert await sessions.find_principal(second.token) is not None


async def test_an_address_may_try_as_often_as_the_limit_says(
    database: Database, passwords: Passwords, owner: Account
) -> None:
    accounts = AccountService(database, passwords, sign_in_limit=Limit(3, 60))
    answers = await asyncio.gather(
        *(accounts.sign_in(f"x{number}", "wrong", AWAY) for number in range(8)),
        return_exceptions=True,
    )
    assert sum(isinstance(each, CredentialsWrongError) for each in answers) == 3
    assert sum(isinstance(each, TooManyRequestsError) for each in answers) == 5
    await accounts.sign_in(EMAIL, PASSWORD, HOME)
    with pytest.raises(TooManyRequestsError):
        await accounts.sign_in(EMAIL, PASSWORD, AWAY)


async def test_guessing_from_everywhere_is_slowed_down_but_not_for_the_owner(
    accounts: AccountService, owner: Account
) -> None:
    await accounts.sign_in(EMAIL, PASSWORD, HOME)
    for number in range(WRONG_PASSWORDS.count):
        with pytest.raises(CredentialsWrongError):
            await accounts.sign_in(EMAIL, "wrong", Visitor(f"198.51.100.{number}"))
    with pytest.raises(TooManyRequestsError):
        await accounts.sign_in(EMAIL, PASSWORD, Visitor("198.51.100.200"))
    await accounts.sign_in(EMAIL, PASSWORD, HOME)


async def test_an_unknown_address_is_slowed_down_just_like_a_known_one(
    accounts: AccountService,
) -> None:
    for number in range(WRONG_PASSWORDS.count):
        with pytest.raises(CredentialsWrongError):
            await accounts.sign_in("nobody@x.org", "", Visitor(f"198.51.100.{number}"))
    with pytest.raises(TooManyRequestsError):
        await accounts.sign_in("nobody@x.org", "", HOME)


async def test_signing_in_often_is_not_guessing(
    accounts: AccountService, owner: Account
) -> None:
    for number in range(WRONG_PASSWORDS.count + 2):
        visitor = Visitor(f"198.51.100.{number}")
        await accounts.sign_in(EMAIL, PASSWORD, visitor)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    age=st.timedeltas(timedelta(0), LONGEST + timedelta(days=2)),
    idle=st.timedeltas(timedelta(0), IDLE + timedelta(days=2)),
)
async def test_a_session_lives_30_days_after_it_was_last_seen_and_90_at_most(
    database: Database, passwords: Passwords, age: timedelta, idle: timedelta
) -> None:
    accounts = AccountService(database, passwords, sign_in_limit=Limit(99999, 60))
    email = f"{datetime.now(UTC).timestamp()}@example.org"
    await accounts.create_workspace("Home", email=email, password=PASSWORD)
    token = (await accounts.sign_in(email, PASSWORD, HOME)).token
    now = datetime.now(UTC)
    idle = min(age, idle)
    created, seen = now - age, now - idle
    until = min(seen + IDLE, created + LONGEST)
    await set_times(
        database, token, created_at=created, last_seen_at=seen, expires_at=until
    )
    slack = timedelta(seconds=30)
    principal = await Sessions(database).find_principal(token)
    if abs(until - now) > slack:
        assert (principal is not None) == (until > now)
    row = await row_of(database, token)
    assert row.expires_at <= created + LONGEST
    if principal is not None and idle > PROLONG_AFTER:
        assert row.expires_at >= min(now + IDLE, created + LONGEST)
        assert row.last_seen_at >= now
    if idle < PROLONG_AFTER - slack:
        assert row.last_seen_at == seen


async def test_the_sweep_deletes_what_is_over(
    accounts: AccountService, sessions: Sessions, database: Database, owner: Account
) -> None:
    over = await accounts.sign_in(EMAIL, PASSWORD, HOME)
    living = await accounts.sign_in(EMAIL, PASSWORD, HOME)
    past = datetime.now(UTC) - timedelta(seconds=1)
    await set_times(database, over.token, expires_at=past)
    assert await sessions.sweep() == 1
    assert await sessions.find_principal(living.token) is not None


async def test_a_changed_password_ends_every_other_session(
    accounts: AccountService,
    sessions: Sessions,
    owner: Account,
    logs: Callable[[], list[dict[str, Any]]],
) -> None:
    here = await accounts.sign_in(EMAIL, PASSWORD, HOME)
    there = await accounts.sign_in(EMAIL, PASSWORD, AWAY)
    principal = await principal_of(sessions, here)
    with pytest.raises(PasswordWrongError):
        await accounts.change_password(principal, "wrong", "a better battery")
    assert await sessions.find_principal(there.token) is not None
    await accounts.change_password(principal, PASSWORD, "a better battery")
    assert await sessions.find_principal(here.token) is not None
    assert await sessions.find_principal(there.token) is None
    with pytest.raises(CredentialsWrongError):
        await accounts.sign_in(EMAIL, PASSWORD, HOME)
    await accounts.sign_in(EMAIL, "a better battery", HOME)
    actors = [line["actor"] for line in logs() if line["event"] == "password changed"]
    assert actors == [f"account:{principal.account_id}"]


async def test_no_session_of_the_old_password_outlives_a_reset(
    accounts: AccountService, sessions: Sessions, owner: Account
) -> None:
    """However the two meet: who signed in before is out, who comes after is refused."""
    for number in range(WRONG_PASSWORDS.count // 3):
        old, new = (f"battery number {number + each}" for each in (0, 1))
        await accounts.reset_password(EMAIL, old)
        *tries, _ = await asyncio.gather(
            *(accounts.sign_in(EMAIL, old, HOME) for _ in range(3)),
            accounts.reset_password(EMAIL, new),
            return_exceptions=True,
        )
        for signed_in in tries:
            if isinstance(signed_in, SignedIn):
                assert await sessions.find_principal(signed_in.token) is None
            else:
                assert isinstance(signed_in, CredentialsWrongError)


async def test_a_session_is_ended_by_its_account_alone(
    accounts: AccountService, sessions: Sessions, owner: Account
) -> None:
    mine = await principal_of(sessions, await accounts.sign_in(EMAIL, PASSWORD, HOME))
    await accounts.create_workspace("Away", email="otto@example.org", password=PASSWORD)
    await accounts.create_account(
        owner.workspace_id,
        email="vera@example.org",
        password=PASSWORD,
        role=Role.VIEWER,
    )
    for other in ("otto@example.org", "vera@example.org"):
        signed_in = await accounts.sign_in(other, PASSWORD, HOME)
        principal = await principal_of(sessions, signed_in)
        with pytest.raises(NotFoundError):
            await accounts.end_session(principal, mine.session_id)
        page = await accounts.list_sessions(principal, PageRequest())
        assert [row.id for row in page.items] == [principal.session_id]
    await accounts.end_session(mine, mine.session_id)
    assert (await accounts.list_sessions(mine, PageRequest())).total == 0


async def test_an_address_belongs_to_one_account_of_the_installation(
    accounts: AccountService, owner: Account
) -> None:
    with pytest.raises(EmailTakenError):
        await accounts.create_workspace("Away", email=EMAIL.upper(), password=PASSWORD)
    with pytest.raises(EmailTakenError):
        await accounts.create_account(
            owner.workspace_id, email=EMAIL, password=PASSWORD, role=Role.ADMIN
        )


async def test_an_unknown_account_cannot_be_given_a_password(
    accounts: AccountService,
) -> None:
    with pytest.raises(NotFoundError):
        await accounts.reset_password("nobody@example.org", PASSWORD)


async def test_sessions_are_listed_by_page(
    accounts: AccountService, sessions: Sessions, database: Database, owner: Account
) -> None:
    for _ in range(4):
        await accounts.sign_in(EMAIL, PASSWORD, HOME)
    principal = await principal_of(
        sessions, await accounts.sign_in(EMAIL, PASSWORD, HOME)
    )
    first = await accounts.list_sessions(principal, PageRequest(limit=3))
    assert (len(first.items), first.total) == (3, 5)
    rest = PageRequest(limit=3, cursor=first.next_cursor)
    second = await accounts.list_sessions(principal, rest)
    assert second.next_cursor is None
    assert len({row.id for row in [*first.items, *second.items]}) == 5
    async with database.scoped(owner.workspace_id) as session:
        await AccountSessionRepository(session).end_all(owner.id)
    assert (await accounts.list_sessions(principal, PageRequest())).items == []

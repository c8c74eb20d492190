"""Accounts from the command line."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from tests.cli.process import environment

from zondarr.accounts.exceptions import CredentialsWrongError
from zondarr.accounts.models import Role
from zondarr.accounts.passwords import Passwords
from zondarr.accounts.service import AccountService
from zondarr.accounts.sessions import Sessions, Visitor
from zondarr.cli import main
from zondarr.core.database import Database
from zondarr.core.rate_limits.limit import Limit

pytestmark = pytest.mark.own_database

EMAIL, PASSWORD = "olivia@example.org", "correct horse battery"
VISITOR = Visitor("192.0.2.1")

type Run = Callable[..., Awaitable[Result]]


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Run:
    env = environment(tmp_path, DATABASE_URL=database_url)

    async def run(*arguments: str, password: str = PASSWORD) -> Result:
        command = ["account", *arguments, "--password-stdin"]
        return await asyncio.to_thread(
            CliRunner().invoke, main, command, env=env, input=f"{password}\n"
        )

    return run


@pytest.fixture
def accounts(database: Database) -> AccountService:
    return AccountService(database, Passwords(), sign_in_limit=Limit(100, 60))


async def test_a_first_account_owns_a_new_workspace(
    run: Run, accounts: AccountService
) -> None:
    made = await run("create", "--email", EMAIL.upper(), "--new-workspace", "Home")
    assert made.exit_code == 0, made.stderr
    signed_in = await accounts.sign_in(EMAIL, PASSWORD, VISITOR)
    assert signed_in.account.role is Role.OWNER
    assert signed_in.workspace.name == "Home"
    assert PASSWORD not in made.stdout + made.stderr


async def test_further_accounts_join_the_workspace_there_is(
    run: Run, accounts: AccountService
) -> None:
    alone = await run("create", "--email", EMAIL)
    assert alone.exit_code == 1
    assert "--new-workspace" in alone.stderr
    home = await accounts.create_workspace("Home", email=EMAIL, password=PASSWORD)
    joined = await run("create", "--email", "vera@example.org", "--role", "viewer")
    assert joined.exit_code == 0, joined.stderr
    signed_in = await accounts.sign_in("vera@example.org", PASSWORD, VISITOR)
    assert signed_in.account.role is Role.VIEWER
    assert signed_in.workspace.id == home.workspace_id
    taken = await run("create", "--email", "vera@example.org")
    assert (taken.exit_code, "already" in taken.stderr) == (1, True)


async def test_of_several_workspaces_one_must_be_named(
    run: Run, accounts: AccountService
) -> None:
    await accounts.create_workspace("Home", email=EMAIL, password=PASSWORD)
    away = await accounts.create_workspace(
        "Away", email="otto@example.org", password=PASSWORD
    )
    unsaid = await run("create", "--email", "vera@example.org")
    assert unsaid.exit_code == 1
    assert str(away.workspace_id) in unsaid.stderr
    named = ("--workspace", str(away.workspace_id))
    joined = await run("create", "--email", "vera@example.org", *named)
    assert joined.exit_code == 0, joined.stderr
    signed_in = await accounts.sign_in("vera@example.org", PASSWORD, VISITOR)
    assert signed_in.account.role is Role.ADMIN
    assert signed_in.workspace.id == away.workspace_id
    unknown = ("--workspace", str(UUID(int=1)))
    lost = await run("create", "--email", "x@example.org", *unknown)
    assert (lost.exit_code, "no workspace" in lost.stderr) == (1, True)


async def test_a_reset_password_ends_all_sessions(
    run: Run, accounts: AccountService, database: Database
) -> None:
    await accounts.create_workspace("Home", email=EMAIL, password=PASSWORD)
    before = await accounts.sign_in(EMAIL, PASSWORD, VISITOR)
    reset = await run("reset-password", "--email", EMAIL, password="a better battery")
    assert reset.exit_code == 0, reset.stderr
    assert await Sessions(database).find_principal(before.token) is None
    with pytest.raises(CredentialsWrongError):
        await accounts.sign_in(EMAIL, PASSWORD, VISITOR)
    await accounts.sign_in(EMAIL, "a better battery", VISITOR)
    unknown = await run("reset-password", "--email", "nobody@example.org")
    assert (unknown.exit_code, "not found" in unknown.stderr) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "password", "message"),
    [
        (("--email", "nobody"), PASSWORD, "no e-mail address"),
        (("--email", EMAIL), "short", "12 to 256"),
        (("--email", EMAIL, "--new-workspace", " "), PASSWORD, "a name has"),
        (
            ("--email", EMAIL, "--new-workspace", "Home", "--role", "viewer"),
            PASSWORD,
            "owner",
        ),
    ],
)
async def test_what_cannot_be_is_said_before_anything_is_done(
    run: Run, arguments: tuple[str, ...], password: str, message: str
) -> None:
    answer = await run("create", *arguments, password=password)
    assert answer.exit_code == 2
    assert message in answer.stderr

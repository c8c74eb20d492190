"""`zondarr account`: manage accounts from the command line."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

import click
import msgspec

from zondarr.accounts.models import Role
from zondarr.accounts.passwords import Passwords
from zondarr.accounts.service import AccountService
from zondarr.cli.failures import told_plainly
from zondarr.config import load_settings
from zondarr.core.database import Database
from zondarr.core.schemas import Email, Name, OperatorPassword

_EMAIL = click.option("--email", required=True, help="The address to sign in with.")
_STDIN = click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input instead of asking for it.",
)


@click.group()
def account() -> None:
    """Create accounts, and set new passwords."""


@account.command()
@_EMAIL
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    help="What it may do: admin if not given, owner in a new workspace.",
)
@click.option("--new-workspace", metavar="NAME", help="Make a workspace for it.")
@click.option(
    "--workspace", type=click.UUID, help="Its workspace, where there are several."
)
@_STDIN
def create(
    email: str,
    role: str | None,
    new_workspace: str | None,
    workspace: UUID | None,
    password_stdin: bool,
) -> None:
    """Create an account, in the existing workspace or in a new one."""
    email = _checked(email, Email, "--email")
    if new_workspace is not None:
        new_workspace = _checked(new_workspace, Name, "--new-workspace")
        if workspace is not None or role not in {None, Role.OWNER}:
            raise click.UsageError("A new workspace gets an owner, and nothing else.")
    password = _password(password_stdin)
    with told_plainly():
        made_role = Role(role) if role else None
        asyncio.run(_create(email, password, new_workspace, workspace, made_role))


@account.command("reset-password")
@_EMAIL
@_STDIN
def reset_password(email: str, password_stdin: bool) -> None:
    """Set a new password for an account; all its sessions end."""
    password = _password(password_stdin)
    with told_plainly():
        asyncio.run(_reset(email, password))


async def _create(
    email: str,
    password: str,
    new_workspace: str | None,
    workspace: UUID | None,
    role: Role | None,
) -> None:
    async with _accounts() as accounts:
        if new_workspace is not None:
            made = await accounts.create_workspace(
                new_workspace, email=email, password=password
            )
        else:
            made = await accounts.create_account(
                await _workspace(accounts, workspace),
                email=email,
                password=password,
                role=role or Role.ADMIN,
            )
        click.echo(
            f"{made.email} can sign in as {made.role} of workspace {made.workspace_id}."
        )


async def _workspace(accounts: AccountService, named: UUID | None) -> UUID:
    there = await accounts.list_workspaces()
    if named is not None:
        if named not in {each.id for each in there}:
            raise click.ClickException(f"There is no workspace {named}.")
        return named
    if not there:
        raise click.ClickException(
            "There is no workspace yet. Make one with --new-workspace NAME."
        )
    if len(there) > 1:
        names = "".join(f"\n  {each.id}  {each.name}" for each in there)
        raise click.ClickException(f"Name one of these with --workspace:{names}")
    return there[0].id


async def _reset(email: str, password: str) -> None:
    async with _accounts() as accounts:
        await accounts.reset_password(email, password)
        click.echo(f"{email} has a new password; all its sessions have ended.")


@asynccontextmanager
async def _accounts() -> AsyncGenerator[AccountService]:
    from zondarr.migrations import upgrade  # noqa: PLC0415 — Alembic is slow to import

    settings = load_settings()
    await upgrade(settings.database_url)
    database, passwords = Database(settings.database_url), Passwords()
    try:
        yield AccountService(database, passwords, sign_in_limit=settings.sign_in_limit)
    finally:
        passwords.close()
        await database.close()


def _password(from_stdin: bool) -> str:
    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    else:
        given = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return _checked(str(given), OperatorPassword, "the password")


def _checked(given: str, kind: object, name: str) -> str:
    try:
        return msgspec.convert(given.strip() if kind is Email else given, type=kind)
    except msgspec.ValidationError as error:
        why = _WHY.get(name, str(error))
        raise click.UsageError(f"{name}: {why}") from None


_WHY = {
    "--email": "that is no e-mail address.",
    "--new-workspace": "a name has 1 to 100 characters and no space at its ends.",
    "the password": "it must have 12 to 256 characters.",
}

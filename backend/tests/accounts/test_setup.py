import asyncio
import stat
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.accounts.conftest import EMAIL, PASSWORD

from zondarr.accounts.exceptions import AlreadySetUpError, SetupTokenWrongError
from zondarr.accounts.models import Account, Role, Workspace
from zondarr.accounts.passwords import Passwords
from zondarr.accounts.schemas import SetupRequest
from zondarr.accounts.service import AccountService
from zondarr.accounts.sessions import Visitor
from zondarr.accounts.setup import SetUp, setup_link
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.core.exceptions import ConfigurationError

VISITOR = Visitor("192.0.2.1", "Browser")


def request(token: str, *, email: str = EMAIL) -> SetupRequest:
    return SetupRequest(setup_token=token, email=email, password=PASSWORD)


async def count_of(database: Database, rows: type[Account | Workspace]) -> int | None:
    async with database.unscoped("set-up", reading=True) as session:
        return await session.scalar(select(func.count()).select_from(rows))


async def test_the_token_lies_in_a_file_only_the_owner_can_read(set_up: SetUp) -> None:
    token = await set_up.ensure_token()
    assert token is not None
    assert set_up.token_file.read_text() == f"{token}\n"
    assert stat.S_IMODE(set_up.token_file.stat().st_mode) == 0o600


async def test_the_token_stays_the_same_until_it_is_used(set_up: SetUp) -> None:
    assert await set_up.ensure_token() == await set_up.ensure_token()


async def test_the_token_file_does_not_follow_what_was_put_in_its_place(
    set_up: SetUp, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("untouched")
    set_up.token_file.symlink_to(elsewhere)
    await set_up.ensure_token()
    assert elsewhere.read_text() == "untouched"
    assert not set_up.token_file.is_symlink()


async def test_a_folder_that_cannot_be_written_is_said_at_the_start(
    database: Database, keyring: Keyring, passwords: Passwords, tmp_path: Path
) -> None:
    blocked = tmp_path / "a-file"
    blocked.touch()
    set_up = SetUp(database, keyring, passwords, data_dir=blocked)
    with pytest.raises(ConfigurationError, match="setup-token"):
        await set_up.ensure_token()


async def test_the_token_makes_workspace_and_owner_and_is_gone(
    set_up: SetUp, database: Database
) -> None:
    token = await set_up.ensure_token()
    assert token is not None
    signed_in = await set_up.complete(
        request(token, email="Olivia@Example.org"), VISITOR
    )
    assert signed_in.account.email == EMAIL
    assert signed_in.account.role is Role.OWNER
    assert signed_in.workspace.name == "Home"
    assert not set_up.token_file.exists()
    assert not await set_up.is_needed()
    assert await set_up.ensure_token() is None
    with pytest.raises(AlreadySetUpError):
        await set_up.complete(request(token), VISITOR)


@pytest.mark.parametrize("wrong", ["", "x", "ü" * 40])
async def test_a_wrong_token_makes_nothing(
    set_up: SetUp, database: Database, passwords: Passwords, wrong: str
) -> None:
    with pytest.raises(SetupTokenWrongError):
        await set_up.complete(request(wrong), VISITOR)
    assert await set_up.is_needed()
    assert await count_of(database, Workspace) == 0
    assert passwords.computed == 0


async def test_of_many_set_ups_at_once_exactly_one_wins(
    set_up: SetUp,
    database: Database,
    database_url: str,
    keyring: Keyring,
    passwords: Passwords,
    tmp_path: Path,
) -> None:
    replica = Database(database_url)
    other = SetUp(replica, keyring, passwords, data_dir=tmp_path / "other")
    token = await set_up.ensure_token()
    assert token == await other.ensure_token()
    assert token is not None
    answers = await asyncio.gather(
        *(
            (set_up, other)[number % 2].complete(
                request(token, email=f"person{number}@example.org"), VISITOR
            )
            for number in range(12)
        ),
        return_exceptions=True,
    )
    await replica.close()
    assert sum(isinstance(answer, AlreadySetUpError) for answer in answers) == 11
    assert await count_of(database, Workspace) == 1
    assert await count_of(database, Account) == 1


async def test_an_account_made_on_the_command_line_ends_set_up(
    set_up: SetUp, accounts: AccountService
) -> None:
    await set_up.ensure_token()
    await accounts.create_workspace("Home", email=EMAIL, password=PASSWORD)
    assert await set_up.ensure_token() is None
    assert not set_up.token_file.exists()


def test_the_link_leads_to_the_page_of_the_first_run() -> None:
    link = setup_link("http://127.0.0.1:8000/", "abc")
    assert link == "http://127.0.0.1:8000/setup?token=abc"

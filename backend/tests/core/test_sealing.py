"""Sealed values and the keys that open them, while the keys change."""

import secrets
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from zondarr.accounts.models import Workspace
from zondarr.config import Settings, read_key_file, write_key_file
from zondarr.core.crypto import RELOAD_AFTER, Keyring, SealError, place_of
from zondarr.core.database import Database
from zondarr.core.exceptions import ConfigurationError
from zondarr.core.sealing import BATCH, Rewrapped, rewrap, sealed_columns
from zondarr.media.types import ServerType
from zondarr.servers.models import MediaServer
from zondarr.tables import Base

OLD, NEW, OTHER = (secrets.token_urlsafe(48) for _ in range(3))
PLACE = "media_servers.api_key:1"


def keyring_of(*lines: str) -> Keyring:
    return Keyring(lambda: lines)


async def add_servers(database: Database, keyring: Keyring, count: int) -> None:
    async with database.unscoped("set-up") as session:
        workspace = Workspace(name="Home")
        session.add(workspace)
        await session.flush()
        for number in range(count):
            server = MediaServer(
                workspace_id=workspace.id,
                name=f"Server {number}",
                server_type=ServerType.JELLYFIN,
                url="http://media.test",
                api_key="",
            )
            session.add(server)
            await session.flush()
            place = place_of("media_servers", "api_key", server.id)
            server.api_key = keyring.seal(f"key {number}", place=place)


async def stored(database: Database) -> Sequence[MediaServer]:
    async with database.unscoped("key rotation", reading=True) as session:
        rows = select(MediaServer).order_by(MediaServer.id)
        return (await session.scalars(rows)).all()


def opened(keyring: Keyring, server: MediaServer) -> str:
    place = place_of("media_servers", "api_key", server.id)
    return keyring.open(server.api_key, place=place)


def test_every_sealed_column_is_found_by_its_declaration() -> None:
    columns = sealed_columns(Base.metadata)
    found = {f"{each.table.name}.{each.column.name}" for each in columns}
    assert {"media_servers.api_key", "redemptions.guest_password"} <= found


async def test_all_rows_are_sealed_with_the_newest_key(database: Database) -> None:
    count = BATCH * 2 + 7
    await add_servers(database, keyring_of(OLD), count)
    before = await stored(database)
    both = keyring_of(NEW, OLD)
    assert await rewrap(database, both, Base.metadata) == Rewrapped(changed=count)
    after = await stored(database)
    newest_alone = keyring_of(NEW)
    expected = [f"key {number}" for number in range(count)]
    assert [opened(newest_alone, each) for each in after] == expected
    assert [each.updated_at for each in after] == [each.updated_at for each in before]
    assert await rewrap(database, both, Base.metadata) == Rewrapped()


async def test_what_no_key_opens_is_counted_and_left_alone(database: Database) -> None:
    await add_servers(database, keyring_of(OTHER), 3)
    await add_servers(database, keyring_of(OLD), 2)
    done = await rewrap(database, keyring_of(NEW, OLD), Base.metadata)
    assert done == Rewrapped(changed=2, unreadable=3)
    lost = (await stored(database))[0]
    assert opened(keyring_of(OTHER), lost) == "key 0"


async def test_a_value_that_changed_meanwhile_is_not_overwritten(
    database: Database,
) -> None:
    await add_servers(database, keyring_of(OLD), 1)
    (column,) = (
        each
        for each in sealed_columns(Base.metadata)
        if each.table.name == "media_servers"
    )
    (server,) = await stored(database)
    async with database.unscoped("key rotation") as session:
        assert await column.replace(session, server.id, server.api_key, "newer")
        assert not await column.replace(session, server.id, server.api_key, "stale")
    assert (await stored(database))[0].api_key == "newer"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_key_that_another_process_added_opens_at_once_and_seals_within_a_minute() -> (
    None
):
    lines, clock = [OLD], Clock()
    keyring = Keyring(lambda: lines, clock=clock)
    lines[:] = [NEW, OLD]
    old = keyring.seal("before", place=PLACE)
    assert keyring_of(OLD).open(old, place=PLACE) == "before"
    clock.now = RELOAD_AFTER.total_seconds()
    new = keyring.seal("after", place=PLACE)
    assert keyring_of(NEW).open(new, place=PLACE) == "after"
    lines[:] = [OTHER, NEW]
    third = keyring_of(OTHER).seal("third", place=PLACE)
    assert keyring.open(third, place=PLACE) == "third"
    with pytest.raises(SealError):
        keyring.open(old, place=PLACE)


def test_a_key_file_that_vanished_is_not_made_anew_under_a_running_program(
    tmp_path: Path,
) -> None:
    file, clock = tmp_path / "key", Clock()
    settings = Settings(secret_key_file=file)
    keyring = Keyring(
        settings.secret_keys, reread=settings.secret_keys_again, clock=clock
    )
    sealed = keyring.seal("secret", place=PLACE)
    (line,) = read_key_file(file)
    file.unlink()
    clock.now = RELOAD_AFTER.total_seconds()
    again = keyring.seal("secret", place=PLACE)
    assert keyring.open(sealed, place=PLACE) == keyring.open(again, place=PLACE)
    with pytest.raises(SealError):
        keyring.open(keyring_of(OTHER).seal("x", place=PLACE), place=PLACE)
    with pytest.raises(ConfigurationError, match="gone"):
        keyring.reload()
    assert not file.exists()
    write_key_file(file, [NEW, line])
    assert keyring_of(NEW).open(keyring.seal("x", place=PLACE), place=PLACE) == "x"


def test_a_rotated_file_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "key"
    write_key_file(file, [OLD])
    write_key_file(file, [NEW, OLD])
    assert read_key_file(file) == [NEW, OLD]
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["key"]

"""Keys that change under a program that goes on reading and writing."""

import asyncio
import fcntl
import os
import subprocess
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update
from tests.cli.process import environment, run

from zondarr.accounts.models import Workspace
from zondarr.cli import main
from zondarr.cli.keys import DROP_AFTER
from zondarr.config import Settings, read_key_file
from zondarr.core.crypto import Keyring, place_of
from zondarr.core.database import Database
from zondarr.media.types import ServerType
from zondarr.servers.models import MediaServer

pytestmark = pytest.mark.own_database

ROWS = 60


class Safe:
    """Sealed rows, and a program at work on them with a keyring of its own."""

    def __init__(self, database: Database, url: str, folder: Path) -> None:
        self.file = folder / "secret-key"
        settings = Settings(secret_key_file=self.file)
        self.keyring = Keyring(settings.secret_keys, reread=settings.secret_keys_again)
        self.database = database
        self.expected: dict[UUID, str] = {}
        self._folder = folder
        self._env = environment(
            folder, DATABASE_URL=url, SECRET_KEY="", SECRET_KEY_FILE=str(self.file)
        )

    def rotate_apart(self) -> subprocess.CompletedProcess[str]:
        """In a process of its own."""
        return run("zondarr", "keys", "rotate", env=self._env, folder=self._folder)

    async def rotate(self, *options: str) -> Result:
        """In this process, which is quicker."""
        arguments = ["keys", "rotate", *options]
        return await asyncio.to_thread(
            CliRunner().invoke, main, arguments, env=self._env
        )

    async def fill(self) -> None:
        async with self.database.unscoped("set-up") as session:
            workspace = Workspace(name="Home")
            session.add(workspace)
            await session.flush()
            servers = [
                MediaServer(
                    workspace_id=workspace.id,
                    name=str(number),
                    server_type=ServerType.JELLYFIN,
                    url="http://media.test",
                    api_key="",
                )
                for number in range(ROWS)
            ]
            session.add_all(servers)
        for server in servers:
            await self.write(server.id, f"key {server.name}")

    async def write(self, id: UUID, text: str) -> None:
        sealed = self.keyring.seal(text, place=_place(id))
        change = update(MediaServer).where(MediaServer.id == id)
        async with self.database.unscoped("durable work") as session:
            await session.execute(change.values(api_key=sealed))
        self.expected[id] = text

    async def read(self) -> dict[UUID, str]:
        return {
            row: self.keyring.open(sealed, place=_place(row))
            for row, sealed in await self.sealed()
        }

    async def sealed(self) -> Sequence[tuple[UUID, str]]:
        rows = select(MediaServer.id, MediaServer.api_key)
        async with self.database.unscoped("durable work", reading=True) as session:
            return [(row[0], row[1]) for row in await session.execute(rows)]


def _place(id: UUID) -> str:
    return place_of("media_servers", "api_key", id)


@pytest.fixture
async def safe(database: Database, database_url: str, tmp_path: Path) -> Safe:
    safe = Safe(database, database_url, tmp_path)
    await safe.fill()
    return safe


async def test_nothing_is_lost_and_nothing_stops_while_keys_rotate(safe: Safe) -> None:
    (old,) = read_key_file(safe.file)
    rotating = asyncio.ensure_future(asyncio.to_thread(safe.rotate_apart))
    versions, reads = count(), 0
    while not rotating.done():
        for row in list(safe.expected)[::7]:
            await safe.write(row, f"version {next(versions)}")
        assert await safe.read() == safe.expected
        reads += 1
        await asyncio.sleep(0.005)
    done = rotating.result()
    assert done.returncode == 0, done.stderr
    assert "has a new key" in done.stdout
    assert reads > 0
    new, kept = read_key_file(safe.file)
    assert kept == old != new
    assert await safe.read() == safe.expected
    assert old not in done.stdout + done.stderr
    assert new not in done.stdout + done.stderr


async def test_an_older_key_goes_when_nobody_can_need_it_any_more(safe: Safe) -> None:
    (old,) = read_key_file(safe.file)
    assert (await safe.rotate()).exit_code == 0
    early = await safe.rotate("--drop-old")
    assert early.exit_code == 1
    assert "seconds" in early.stderr
    assert len(read_key_file(safe.file)) == 2
    long_ago = time.time() - DROP_AFTER.total_seconds() - 1
    os.utime(safe.file, (long_ago, long_ago))
    dropped = await safe.rotate("--drop-old")
    assert dropped.exit_code == 0, dropped.stderr
    assert old not in safe.file.read_text()
    safe.keyring.reload()
    assert await safe.read() == safe.expected
    assert "nothing to drop" in (await safe.rotate("--drop-old")).stdout


async def test_no_key_goes_while_something_cannot_be_read(safe: Safe) -> None:
    assert (await safe.rotate()).exit_code == 0
    change = update(MediaServer).where(MediaServer.id == next(iter(safe.expected)))
    async with safe.database.unscoped("durable work") as session:
        await session.execute(change.values(api_key="z1.ffffffff.AAAA"))
    warned = await safe.rotate()
    assert warned.exit_code == 0
    assert "1 stored secret is not readable" in warned.stderr
    os.utime(safe.file, (0, 0))
    refused = await safe.rotate("--drop-old")
    assert refused.exit_code == 1
    assert len(read_key_file(safe.file)) == 3


async def test_two_rotations_do_not_run_at_once(safe: Safe) -> None:
    with safe.file.with_name("secret-key.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = await safe.rotate()
    assert refused.exit_code == 1
    assert "already" in refused.stderr
    assert len(read_key_file(safe.file)) == 1


def test_a_key_from_the_environment_is_told_how_to_move(tmp_path: Path) -> None:
    answer = run(
        "zondarr", "keys", "rotate", env=environment(tmp_path), folder=tmp_path
    )
    assert answer.returncode == 1
    assert "SECRET_KEY is set" in answer.stderr
    assert "0123456789abcdef" not in answer.stderr

"""First-run set-up: whoever can read the set-up token becomes the owner.

The token is derived from the secret key instead of random, so that all replicas accept
the one that any of them printed.
"""

import asyncio
import os
import secrets
from contextlib import suppress
from pathlib import Path

import structlog

from zondarr.accounts.exceptions import AlreadySetUpError, SetupTokenWrongError
from zondarr.accounts.passwords import Passwords
from zondarr.accounts.repository import InstallationRepository
from zondarr.accounts.schemas import SetupRequest
from zondarr.accounts.service import SignedIn, begin_session
from zondarr.accounts.sessions import Visitor
from zondarr.accounts.workspaces import FIRST_WORKSPACE, add_workspace
from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.core.exceptions import ConfigurationError

log = structlog.get_logger(__name__)

TOKEN_FILE = "setup-token"  # noqa: S105  the name of the file
_PURPOSE, _MESSAGE = "set-up", "token"


class SetUp:
    """Creates the first workspace and its owner, once; one per process."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        passwords: Passwords,
        *,
        data_dir: Path,
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.passwords = passwords
        self.token_file = data_dir / TOKEN_FILE

    async def is_needed(self) -> bool:
        async with self.database.unscoped("set-up", reading=True) as session:
            return not await InstallationRepository(session).is_set_up()

    async def ensure_token(self) -> str | None:
        """The set-up token, after writing it to its file; None after set-up.

        Called at start, after migrations. Raises `ConfigurationError` when the file
        cannot be written.
        """
        needed = await self.is_needed()
        token = self.keyring.sign(_PURPOSE, _MESSAGE) if needed else None
        try:
            await asyncio.to_thread(_put, self.token_file, token)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise ConfigurationError(f"{self.token_file}: {why}.") from error
        return token

    async def complete(self, request: SetupRequest, visitor: Visitor) -> SignedIn:
        """Create workspace and owner and sign in; of several concurrent callers one
        succeeds.
        """
        if not await self.is_needed():
            raise AlreadySetUpError
        if not self.keyring.verify(_PURPOSE, _MESSAGE, request.setup_token):
            raise SetupTokenWrongError
        password_hash = await self.passwords.hash(request.password)
        async with self.database.unscoped("set-up") as session:
            if not await InstallationRepository(session).claim(now=utc_now()):
                raise AlreadySetUpError
            _, owner = await add_workspace(
                session,
                request.workspace_name or FIRST_WORKSPACE,
                email=request.email,
                password_hash=password_hash,
            )
            signed_in = await begin_session(session, owner, visitor)
        await asyncio.to_thread(_remove, self.token_file)
        log.info("installation set up", account_id=str(owner.id))
        return signed_in


def setup_link(base_url: str, token: str) -> str:
    """The address of the set-up page, with the token."""
    return f"{base_url.rstrip('/')}/setup?token={token}"


def _put(path: Path, token: str | None) -> None:
    """Write a new file and move it into place: an existing link or wider mode is not
    kept.
    """
    if token is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w") as opened:
        opened.write(token + "\n")
    fresh.replace(path)


def _remove(path: Path) -> None:
    # If it cannot be deleted, it is useless by now, and the next start retries.
    with suppress(OSError):
        path.unlink(missing_ok=True)

"""Creates workspaces and accounts."""

from uuid import UUID

from zondarr.accounts.exceptions import EmailTakenError
from zondarr.accounts.models import EMAIL_LENGTH, Account, Role, Workspace
from zondarr.accounts.repository import AccountRepository, WorkspaceRepository
from zondarr.core.database import Session
from zondarr.core.exceptions import DuplicateError, InvalidError, Problem

FIRST_WORKSPACE = "Home"


def normal_email(email: str, /) -> str:
    """The stored form of an address: case does not matter."""
    return email.strip().lower()


async def add_workspace(
    session: Session, name: str, /, *, email: str, password_hash: str
) -> tuple[Workspace, Account]:
    """Create a workspace and its owner; raises `EmailTakenError`."""
    workspace = await WorkspaceRepository(session).create(Workspace(name=name))
    owner = await add_account(
        session,
        workspace.id,
        email=email,
        password_hash=password_hash,
        role=Role.OWNER,
    )
    return workspace, owner


async def add_account(
    session: Session,
    workspace_id: UUID,
    /,
    *,
    email: str,
    password_hash: str,
    role: Role,
) -> Account:
    """Create an account in a workspace; raises `EmailTakenError`."""
    normal = normal_email(email)
    if len(normal) > EMAIL_LENGTH:  # some letters are longer in lower case
        raise InvalidError(
            "The address is too long.", email=Problem("is too long", "too_long")
        )
    account = Account(
        workspace_id=workspace_id,
        email=normal,
        password_hash=password_hash,
        role=role,
    )
    try:
        return await AccountRepository(session).create(account)
    except DuplicateError as error:
        raise EmailTakenError from error

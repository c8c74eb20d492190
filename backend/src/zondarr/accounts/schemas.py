"""The bodies of set-up, sign-in, sessions and the account's own settings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta

from zondarr.accounts.models import Account, AccountSession, Role, Workspace
from zondarr.core.schemas import (
    Email,
    Name,
    OperatorPassword,
    Page,
    RequestBody,
    ResponseBody,
)

GivenEmail = Annotated[str, Meta(max_length=254)]
GivenPassword = Annotated[str, Meta(max_length=256)]


class SetupState(ResponseBody, kw_only=True, frozen=True):
    """Whether the installation still waits for its owner."""

    needed: bool


class SetupRequest(RequestBody, kw_only=True):
    setup_token: Annotated[str, Meta(max_length=200)]
    email: Email
    password: OperatorPassword
    workspace_name: Name | None = None


class SignInRequest(RequestBody, kw_only=True):
    """`totp` is for accounts with a second factor, which is not available yet."""

    email: GivenEmail
    password: GivenPassword
    totp: Annotated[str, Meta(max_length=10)] | None = None


class PasswordChange(RequestBody, kw_only=True):
    current_password: GivenPassword
    new_password: OperatorPassword


class AccountResponse(ResponseBody, kw_only=True, frozen=True):
    id: UUID
    email: str
    role: Role


class WorkspaceResponse(ResponseBody, kw_only=True, frozen=True):
    id: UUID
    name: str


class SessionResponse(ResponseBody, kw_only=True, frozen=True):
    """The account that is signed in. Send `csrf_token` as `X-CSRF-Token` with every
    change.
    """

    account: AccountResponse
    workspace: WorkspaceResponse
    csrf_token: str

    @classmethod
    def of(cls, account: Account, workspace: Workspace, csrf_token: str) -> Self:
        return cls(
            account=AccountResponse.from_row(account),
            workspace=WorkspaceResponse.from_row(workspace),
            csrf_token=csrf_token,
        )


class ActiveSession(ResponseBody, kw_only=True, frozen=True):
    """A signed-in browser; `last_seen_at` is exact to the hour."""

    id: UUID
    current: bool
    user_agent: str | None
    address: str | None
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, row: AccountSession, *, current_id: UUID) -> Self:
        return cls.from_row(row, current=row.id == current_id)


class ActiveSessionPage(Page[ActiveSession], kw_only=True, frozen=True):
    items: Sequence[ActiveSession]

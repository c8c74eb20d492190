"""Who does something: the value that services are built with.

actor = Actor.account(account.id, workspace_id=account.workspace_id, name=email) actor =
Actor.job("end_access", workspace_id=workspace_id)
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self
from uuid import UUID


class ActorKind(StrEnum):
    ACCOUNT = "account"
    """A person who signed in."""
    TOKEN = "token"  # noqa: S105
    """A program with an API token."""
    JOB = "job"
    """A scheduled job, or work that a job or a redemption left behind."""
    GUEST = "guest"
    """A guest on a join page; the id is the redemption's, once there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """`name` is for people (an e-mail address, a token's or a job's name) and is never
    logged; `label` is for logs.
    """

    kind: ActorKind
    workspace_id: UUID
    id: UUID | None = None
    name: str = field(default="", repr=False)

    @property
    def label(self) -> str:
        """Identifies the actor in a log line, without personal data."""
        if self.kind is ActorKind.JOB:
            return f"{self.kind}:{self.name}"
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)

    @property
    def account_id(self) -> UUID | None:
        """For columns that refer to an account, such as `created_by`."""
        return self.id if self.kind is ActorKind.ACCOUNT else None

    @classmethod
    def account(cls, id: UUID, /, *, workspace_id: UUID, name: str = "") -> Self:
        kind = ActorKind.ACCOUNT
        return cls(kind=kind, workspace_id=workspace_id, id=id, name=name)

    @classmethod
    def token(cls, id: UUID, /, *, workspace_id: UUID, name: str = "") -> Self:
        kind = ActorKind.TOKEN
        return cls(kind=kind, workspace_id=workspace_id, id=id, name=name)

    @classmethod
    def job(cls, name: str, /, *, workspace_id: UUID) -> Self:
        return cls(kind=ActorKind.JOB, workspace_id=workspace_id, name=name)

    @classmethod
    def guest(
        cls, id: UUID | None = None, /, *, workspace_id: UUID, name: str = ""
    ) -> Self:
        kind = ActorKind.GUEST
        return cls(kind=kind, workspace_id=workspace_id, id=id, name=name)

"""Who acts in a test."""

from uuid import UUID, uuid7

from zondarr.core.actor import Actor
from zondarr.core.database import Session
from zondarr.users.service import PeopleService


def operator(workspace_id: UUID) -> Actor:
    """Someone who runs the workspace."""
    return Actor.account(uuid7(), workspace_id=workspace_id, name="op@example.org")


def operator_of(session: Session) -> Actor:
    return operator(session.workspace_id)


def people_of(session: Session) -> PeopleService:
    return PeopleService(session, operator_of(session))

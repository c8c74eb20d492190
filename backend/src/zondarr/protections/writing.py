"""Writes protections of several scopes at once, on the same terms."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid7

from zondarr.core.actor import Actor
from zondarr.core.database import Session
from zondarr.protections.repository import ProtectionRepository
from zondarr.protections.schemas import Outcome
from zondarr.protections.scopes import Scope
from zondarr.protections.targets import Targets, find_targets
from zondarr.protections.terms import Terms

AUTHOR_LENGTH = 254


class Written(NamedTuple):
    outcome: Outcome
    protection_id: UUID


async def protect(
    session: Session,
    actor: Actor,
    scopes: Collection[Scope],
    terms: Terms,
    *,
    now: datetime,
    targets: Targets | None = None,
) -> Mapping[Scope, Written]:
    """Protect what exists of these scopes; what does not exist is left out.

    A lapsed protection is renewed; an active one stays as it is. The number of queries
    does not depend on that of the scopes.
    """
    targets = targets or await find_targets(session, scopes)
    there = {scope.key: scope for scope in scopes if targets.has(scope)}
    rows = [_row(scope, targets, terms, actor, now) for scope in there.values()]
    protections = ProtectionRepository(session)
    written = await protections.write(rows, now=now)
    stored = await protections.of_scopes(there, terms.insight)
    return {
        there[key]: Written(_outcome(row.created_at == now, key in written), row.id)
        for key, row in stored.items()
    }


def _outcome(is_new: bool, is_written: bool) -> Outcome:
    if not is_written:
        return Outcome.ALREADY_PROTECTED
    return Outcome.CREATED if is_new else Outcome.RENEWED


def _row(
    scope: Scope, targets: Targets, terms: Terms, actor: Actor, now: datetime
) -> dict[str, Any]:
    library, server = targets.libraries.get(scope.library_id or UUID(int=0)) or (
        None,
        None,
    )
    return {
        "id": uuid7(),
        "scope_key": scope.key,
        "title_id": scope.title_id,
        "season": scope.season,
        "number": scope.number,
        "library_id": scope.library_id,
        "library_name": library and library.name,
        "library_location_key": library and library.location_key,
        "server_machine_id": server and server.machine_id,
        "request_id": scope.request_id,
        "author_id": actor.account_id,
        "author_name": actor.name[:AUTHOR_LENGTH],
        "created_at": now,
        "updated_at": now,
        **terms.columns(),
    }

"""The dependencies that controllers can request by name.

session   the request's database session, in the workspace of the account that signed
          in; read-only for GET. It is committed after the handler and before the
          response is sent, and rolled back if either fails. The only generator here:
          Litestar would close several at the same time.
actor     the caller, as services and logs know it principal the account that signed in,
its role and its session page      the requested part of a list links     addresses of
the UI, as the caller reaches it
"""

from collections.abc import AsyncGenerator, Callable
from functools import partial
from typing import Annotated, Any

from litestar import Request
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter

from zondarr.accounts.guards import principal_of
from zondarr.accounts.sessions import Principal
from zondarr.api.metrics import Metrics
from zondarr.container import Container
from zondarr.core.actor import Actor
from zondarr.core.database import Session, UnitOfWork
from zondarr.core.repository import PageRequest
from zondarr.invitations.links import Links
from zondarr.jobs.service import JobService
from zondarr.protections.importing import ProtectionImporter

AnyRequest = Request[Any, Any, Any]

_MAX_LIMIT = 200


def dependencies(container: Container, metrics: Metrics) -> dict[str, Provide]:
    return {
        "accounts": constant(container.accounts),
        "checks": constant(container.checks),
        "notices": constant(container.notices),
        "set_up": constant(container.set_up),
        "metrics": constant(metrics),
        "durable": constant(container.durable),
        "jobs": per_workspace(container, partial(JobService, container.durable)),
        "join": constant(container.join),
        "invitations": per_session(container.invitations),
        "redemptions": per_session(container.redemption_service),
        "linking": per_workspace(container, container.linking),
        "plex_sign_ins": constant(container.plex_sign_ins),
        "servers": per_workspace(container, container.servers),
        "sync_workflow": constant(container.sync_workflow),
        "posters": constant(container.posters),
        "catalogue": per_session(container.catalogue),
        "growth": per_session(container.growth),
        "catalogue_syncs": constant(container.catalogue_syncs),
        "seerr": per_workspace(container, container.seerr),
        "request_syncs": constant(container.request_syncs),
        "insights": per_session(container.insights),
        "insight_summary": per_session(container.insight_summary),
        "stuck_requests": per_session(container.stuck_requests),
        "stuck_export": per_workspace(container, container.stuck_export),
        "insight_export": per_workspace(container, container.insight_export),
        "workspace_settings": per_session(container.workspace_settings),
        "protections": per_session(container.protections),
        "protection_importer": per_session(ProtectionImporter),
        "requests": per_session(container.requests),
        "people_requests": per_session(container.people_requests),
        "request_export": per_workspace(container, container.request_export),
        "request_actions": per_workspace(container, container.request_actions),
        "people": per_session(container.people),
        "actions": per_workspace(container, container.actions),
        "session": Provide(_session_of(container)),
        "actor": Provide(_actor, sync_to_thread=False),
        "principal": Provide(_principal, sync_to_thread=False),
        "page": Provide(_page, sync_to_thread=False),
        "links": Provide(_links_of(container), sync_to_thread=False),
    }


def constant(value: object) -> Provide:
    """An object that lives as long as the process."""

    def provide() -> Any:
        return value

    return Provide(provide, sync_to_thread=False)


def per_session(build: Callable[[Session, Actor], object]) -> Provide:
    """A service on the request's session: its changes are one transaction."""

    def provide(session: NamedDependency[Session], request: AnyRequest) -> Any:
        return build(session, principal_of(request).actor)

    return Provide(provide, sync_to_thread=False)


def per_workspace(
    container: Container, build: Callable[[UnitOfWork, Actor], object]
) -> Provide:
    """A service that opens sessions itself, since it calls media servers in
    between.
    """

    def provide(request: AnyRequest) -> Any:
        actor = principal_of(request).actor
        return build(partial(container.database.scoped, actor.workspace_id), actor)

    return Provide(provide, sync_to_thread=False)


def _session_of(
    container: Container,
) -> Callable[[AnyRequest], AsyncGenerator[Session]]:
    async def provide(request: AnyRequest) -> AsyncGenerator[Session]:
        workspace_id = principal_of(request).workspace_id
        reading = request.method == "GET"
        async with container.database.scoped(workspace_id, reading=reading) as session:
            yield session

    return provide


def _actor(request: AnyRequest) -> Actor:
    return principal_of(request).actor


def _principal(request: AnyRequest) -> Principal:
    return principal_of(request)


def _page(
    limit: Annotated[int, QueryParameter(ge=1, le=_MAX_LIMIT)] = 50,
    cursor: Annotated[str | None, QueryParameter(max_length=1000)] = None,
    sort: Annotated[str | None, QueryParameter(max_length=50)] = None,
) -> PageRequest:
    return PageRequest(limit=limit, cursor=cursor, sort=sort)


def _links_of(container: Container) -> Callable[[AnyRequest], Links]:
    def provide(request: AnyRequest) -> Links:
        return Links(container.settings.base_url or str(request.base_url).rstrip("/"))

    return provide

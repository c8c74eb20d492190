"""Jobs, runs and live events over HTTP."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT

from zondarr.accounts.guards import requires_role, signed_in
from zondarr.accounts.models import Role
from zondarr.core.actor import Actor
from zondarr.core.durable import Durable, Event, RunEvent, RunStatus
from zondarr.core.durable.schemas import RunPage, RunResponse
from zondarr.core.repository import PageRequest
from zondarr.jobs.schemas import JobPage, RunStarted
from zondarr.jobs.service import JobService

PULSE = timedelta(seconds=15)
"""The time without an event after which a comment is sent, so that no proxy closes the
connection.
"""
LONGEST = timedelta(minutes=1)
"""The time after which the browser must reconnect and is authorized again; also the
longest that a server waits for us if it does not report its shutdown.
"""


class JobController(Controller):
    path = "/api/v1/jobs"
    tags = ["Jobs"]
    guards = [signed_in]

    @get(operation_id="listJobs")
    async def list_all(self, jobs: NamedDependency[JobService]) -> JobPage:
        """List the scheduled jobs, and the result of their last run."""
        return await jobs.list_all()

    @post(
        "/set-aside/{id:uuid}/retry",
        operation_id="retrySetAsideWork",
        guards=[requires_role(Role.ADMIN)],
        status_code=HTTP_204_NO_CONTENT,
    )
    async def retry(
        self, id: FromPath[UUID], jobs: NamedDependency[JobService]
    ) -> None:
        """Continue work that was set aside after it crashed the process."""
        await jobs.try_again(id)

    @post(
        "/{name:str}/run",
        operation_id="runJob",
        guards=[requires_role(Role.ADMIN)],
        status_code=HTTP_202_ACCEPTED,
    )
    async def run(
        self,
        name: FromPath[str],
        jobs: NamedDependency[JobService],
    ) -> RunStarted:
        """Run a job now, in this workspace. If it is already running here, this returns
        that run.
        """
        return RunStarted(run_id=await jobs.run(name))


class RunController(Controller):
    path = "/api/v1/runs"
    tags = ["Jobs"]
    guards = [signed_in]

    @get(operation_id="listRuns")
    async def list_all(
        self,
        jobs: NamedDependency[JobService],
        page: NamedDependency[PageRequest],
        name: FromQuery[str | None] = None,
        status: FromQuery[RunStatus | None] = None,
    ) -> RunPage:
        """List runs, newest first; sorts: created_at, name."""
        found = await jobs.find_runs(page, name=name, status=status)
        return RunPage.of(found, RunResponse.of)

    @get("/{id:uuid}", operation_id="getRun")
    async def show(
        self, id: FromPath[UUID], jobs: NamedDependency[JobService]
    ) -> RunResponse:
        """One run, with those it consists of."""
        return RunResponse.of(*await jobs.get_run(id))

    @post(
        "/{id:uuid}/cancel",
        operation_id="cancelRun",
        guards=[requires_role(Role.ADMIN)],
        status_code=HTTP_204_NO_CONTENT,
    )
    async def cancel(
        self, id: FromPath[UUID], jobs: NamedDependency[JobService]
    ) -> None:
        """End a run. A sync of the catalogue stops after the page it is at, and leaves
        the catalogue as it was; other work goes on to its end. One that has ended stays
        as it is."""
        await jobs.cancel(id)


class EventController(Controller):
    path = "/api/v1/events"
    tags = ["Jobs"]
    guards = [signed_in]

    @get(
        operation_id="watchEvents",
        media_type="text/event-stream",
        responses={
            HTTP_200_OK: ResponseSpec(
                RunEvent,
                media_type="text/event-stream",
                generate_examples=False,
                description="Server-sent events; the name of each is its type",
            )
        },
    )
    async def watch(
        self, durable: NamedDependency[Durable], actor: NamedDependency[Actor]
    ) -> Stream:
        """Follow the workspace's events live: an event `run` for each change of a run.
        The stream ends after a minute; connect again then.
        """
        return Stream(
            _stream(durable, actor.workspace_id),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )


async def _stream(durable: Durable, workspace_id: UUID) -> AsyncGenerator[bytes]:
    loop = asyncio.get_running_loop()
    end = loop.time() + LONGEST.total_seconds()
    with durable.events.watch(workspace_id) as events:
        yield b": welcome\n\n"
        while (left := end - loop.time()) > 0:
            try:
                async with asyncio.timeout(min(PULSE.total_seconds(), left)):
                    event = await events.get()
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if event is None:
                break
            yield _encoded(event)


def _encoded(event: Event) -> bytes:
    data = msgspec.json.encode(event)
    name = event.__struct_config__.tag
    return f"event: {name}\ndata: ".encode() + data + b"\n\n"

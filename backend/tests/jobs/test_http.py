"""Jobs, runs and live events as a browser sees them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid7

import httpx2
import msgspec
import pytest
from sqlalchemy import update
from tests.jobs.conftest import Office

from zondarr.accounts.models import Account, Role
from zondarr.core.clock import utc_now
from zondarr.core.durable import Run
from zondarr.core.exceptions import ConflictError
from zondarr.jobs import controller

JOBS, RUNS, EVENTS = "/api/v1/jobs", "/api/v1/runs", "/api/v1/events"
OLIVIA, OSCAR = "olivia@example.org", "oscar@example.org"


class BusyError(ConflictError):
    code = "busy"


async def job(browser: httpx2.AsyncClient, name: str = "test_job") -> dict[str, Any]:
    answer = await browser.get(JOBS)
    assert answer.status_code == 200
    (found,) = [one for one in answer.json()["items"] if one["name"] == name]
    return found


async def begin(browser: httpx2.AsyncClient) -> str:
    answer = await browser.post(f"{JOBS}/test_job/run")
    assert answer.status_code == 202, answer.text
    return answer.json()["run_id"]


async def ended(browser: httpx2.AsyncClient, run_id: str) -> dict[str, Any]:
    for _ in range(250):
        run = (await browser.get(f"{RUNS}/{run_id}")).json()
        if run["status"] not in {"queued", "running"}:
            return run
        await asyncio.sleep(0.02)
    raise AssertionError(run_id)


async def test_jobs_say_what_they_do_and_when(office: Office) -> None:
    async with office.visit(OLIVIA) as browser:
        found = await job(browser)
        assert found["description"] == "Does what the test says."
        assert found["schedule"] == "every day at 03:00 UTC"
        assert found["next_at"].endswith("T03:00:00Z")
        names = {one["name"] for one in (await browser.get(JOBS)).json()["items"]}
        assert names == set(office.container.durable.jobs)


async def test_a_job_asked_for_is_followed_to_its_end(office: Office) -> None:
    async with office.visit(OLIVIA) as browser:
        run_id = await begin(browser)
        assert await begin(browser) == run_id
        running = (await browser.get(f"{RUNS}/{run_id}")).json()
        assert running["status"] in {"queued", "running"}
        office.work.release.set()
        run = await ended(browser, run_id)
        assert (run["name"], run["status"]) == ("test_job", "succeeded")
        told = {"done": 2, "total": 2, "message": "all done"}
        assert run["progress"].items() >= told.items()
        account = (await browser.get("/api/v1/session")).json()["account"]
        assert run["created_by"] == account["id"]
        last = (await job(browser))["last_run"]
        assert (last["run_id"], last["status"]) == (run_id, "succeeded")
        assert await begin(browser) != run_id


async def test_a_failed_run_tells_what_may_be_told(office: Office) -> None:
    office.work.release.set()
    async with office.visit(OLIVIA) as browser:
        office.work.error = BusyError("The server is busy.")
        reported = await ended(browser, await begin(browser))
        assert reported["status"] == "failed"
        assert (reported["error_code"], reported["detail"]) == (
            "busy",
            "The server is busy.",
        )
        office.work.error = ValueError("hunter2")
        hidden = await ended(browser, await begin(browser))
        assert (hidden["error_code"], hidden["detail"]) == ("internal_error", None)


async def test_runs_are_listed_newest_first_and_by_their_state(office: Office) -> None:
    office.work.release.set()
    async with office.visit(OLIVIA) as browser:
        first = await begin(browser)
        await ended(browser, first)
        office.work.error = BusyError("no")
        second = await begin(browser)
        await ended(browser, second)
        page = (await browser.get(RUNS)).json()
        assert [run["id"] for run in page["items"]] == [second, first]
        assert page["total"] == 2
        failed = (await browser.get(RUNS, params={"status": "failed"})).json()
        assert [run["id"] for run in failed["items"]] == [second]
        other = (await browser.get(RUNS, params={"name": "tidy_up"})).json()
        assert other["items"] == []
        half = (await browser.get(RUNS, params={"limit": 1})).json()
        rest = {"limit": 1, "cursor": half["next_cursor"]}
        assert (await browser.get(RUNS, params=rest)).json()["items"] == [
            page["items"][1]
        ]


async def test_a_run_of_a_clock_that_was_ahead_is_not_the_last_one(
    office: Office,
) -> None:
    office.work.release.set()
    async with office.visit(OLIVIA) as browser:
        right = await begin(browser)
        await ended(browser, right)
        early = await begin(browser)
        await ended(browser, early)
        assert (await job(browser))["last_run"]["run_id"] == early
        soon = utc_now() + timedelta(hours=2)
        moved = update(Run).where(Run.id == UUID(early))
        async with office.container.database.unscoped("durable work") as session:
            await session.execute(moved.values(created_at=soon, started_at=soon))
        assert (await job(browser))["last_run"]["run_id"] == right


async def test_a_run_is_not_there_for_another_workspace(office: Office) -> None:
    async with office.visit(OLIVIA) as olivia, office.visit(OSCAR) as oscar:
        run_id = await begin(olivia)
        assert (await oscar.get(f"{RUNS}/{run_id}")).status_code == 404
        assert (await oscar.get(RUNS)).json()["items"] == []
        assert (await job(oscar))["last_run"] != (await job(olivia))["last_run"]
        own = await begin(oscar)
        assert own != run_id
        assert (await job(oscar))["last_run"]["run_id"] == own
        assert (await job(olivia))["last_run"]["run_id"] == run_id


async def test_what_is_not_there_is_not_found(office: Office) -> None:
    async with office.visit(OLIVIA) as browser:
        for answer in (
            await browser.post(f"{JOBS}/unheard-of/run"),
            await browser.get(f"{RUNS}/{uuid7()}"),
        ):
            assert answer.status_code == 404
            assert answer.json()["error_code"] == "not_found"


async def test_a_viewer_may_look_and_not_run(office: Office) -> None:
    async with office.visit(OLIVIA) as browser:
        workspace = (await browser.get("/api/v1/session")).json()["workspace"]
        await _make_viewer(office, UUID(workspace["id"]))
        assert (await browser.get(JOBS)).status_code == 200
        answer = await browser.post(f"{JOBS}/test_job/run")
        assert answer.status_code == 403


async def test_events_follow_a_run_to_its_end(office: Office) -> None:
    async with (
        asyncio.timeout(20),
        office.visit(OLIVIA) as olivia,
        office.visit(OSCAR) as oscar,
        _watching(office, olivia) as seen,
        _watching(office, oscar) as elsewhere,
    ):
        run_id = await begin(olivia)
        office.work.release.set()
        event = await anext(seen)
        while event["status"] != "succeeded":
            assert (event["type"], event["id"]) == ("run", run_id)
            event = await anext(seen)
        assert event["progress"]["message"] == "all done"
        own = await begin(oscar)
        assert (await anext(elsewhere))["id"] == own
    assert office.container.durable.events.workspaces == set()


async def test_events_need_a_session_and_last_for_a_while(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office.browser() as stranger:
        assert (await stranger.get(EVENTS)).status_code == 401
    monkeypatch.setattr(controller, "LONGEST", timedelta(seconds=0.3))
    monkeypatch.setattr(controller, "PULSE", timedelta(seconds=0.1))
    async with office.visit(OLIVIA) as browser:
        answer = await browser.get(EVENTS)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith(": welcome\n\n: still here\n\n")


async def test_streams_end_when_the_process_is_to_stop(office: Office) -> None:
    async with asyncio.timeout(20), office.visit(OLIVIA) as browser:
        waiting = asyncio.create_task(browser.get(EVENTS))
        await asyncio.sleep(0.5)
        assert office.container.durable.events.workspaces
        office.app.end_streams()
        assert (await waiting).text == ": welcome\n\n"
        late = await browser.get(EVENTS)
        assert late.text == ": welcome\n\n"


async def _make_viewer(office: Office, workspace_id: UUID) -> None:
    async with office.container.database.scoped(workspace_id) as session:
        await session.execute(update(Account).values(role=Role.VIEWER))


@asynccontextmanager
async def _watching(
    office: Office, browser: httpx2.AsyncClient
) -> AsyncGenerator[AsyncGenerator[dict[str, Any]]]:
    """The events of the browser's workspace as they come; it leaves at the end.

    ASGI spoken by hand: the client would wait for the whole answer.
    """
    chunks: asyncio.Queue[bytes] = asyncio.Queue()
    left = asyncio.Event()
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": EVENTS,
        "raw_path": EVENTS.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"zondarr.test"), (b"cookie", cookie.encode())],
        "client": ("192.0.2.1", 5000),
        "server": ("zondarr.test", 80),
        "state": {},
    }

    async def receive() -> dict[str, Any]:
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            chunks.put_nowait(message["body"])

    async def events() -> AsyncGenerator[dict[str, Any]]:
        while True:
            chunk = await chunks.get()
            for line in chunk.decode().splitlines():
                if line.startswith("data: "):
                    yield msgspec.json.decode(line.removeprefix("data: "))

    asking = asyncio.create_task(office.app(scope, receive, send))
    assert await chunks.get() == b": welcome\n\n"
    try:
        yield events()
    finally:
        left.set()
        async with asyncio.timeout(5):
            await asking

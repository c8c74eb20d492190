"""One Plex server hangs: nothing waits for it but its own part."""

import asyncio
from time import perf_counter
from typing import Any

import httpx2
from media_server_simulators.faults import read_fault
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve
from tests.invitations.house import accounts_on
from tests.simulated import SimulatedPlex, until

HANG = {"path_prefix": "/", "kind": "latency", "value": 30_000, "times": 0}
PAGES = {
    "people": "/api/v1/identities",
    "join page": "/api/v1/join/JELLYFIN",
    "health": "/health",
}


async def _add(browser: httpx2.AsyncClient, code: str, url: str, key: str) -> None:
    """A server, and an invitation to it."""
    server = {"name": code, "url": url, "api_key": key}
    added = await browser.post("/api/v1/servers", json=server)
    assert added.status_code == 201, added.text
    body = {"code": code, "server_ids": [added.json()["id"]], "all_libraries": True}
    made = await browser.post("/api/v1/invitations", json=body)
    assert made.status_code == 201, made.text


async def _join(
    browser: httpx2.AsyncClient, code: str, body: dict[str, str]
) -> dict[str, Any]:
    answer = await browser.post(f"/api/v1/join/{code}", json=body)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def _status(browser: httpx2.AsyncClient, accepted: dict[str, Any]) -> str:
    path = f"/api/v1/join/redemptions/{accepted['redemption_id']}"
    headers = {"Authorization": f"Bearer {accepted['token']}"}
    return (await browser.get(path, headers=headers)).json()["status"]


async def _end(browser: httpx2.AsyncClient, accepted: dict[str, Any]) -> str:
    async with asyncio.timeout(30):
        while (status := await _status(browser, accepted)) == "running":  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return status


async def _measure(browser: httpx2.AsyncClient, guest: str) -> dict[str, float]:
    """Seconds that each thing took which has nothing to do with the Plex server."""
    found: dict[str, float] = {}
    for what, path in PAGES.items():
        began = perf_counter()
        assert (await browser.get(path)).status_code == 200
        found[what] = perf_counter() - began
    began = perf_counter()
    body = {"username": guest, "password": "correct horse"}
    assert await _end(browser, await _join(browser, "JELLYFIN", body)) == "succeeded"
    found["redemption"] = perf_counter() - began
    return found


async def test_with_one_plex_server_hanging_all_else_answers_as_before(
    plex_browser: httpx2.AsyncClient, plex: SimulatedPlex
) -> None:
    """The bounds are generous, and far below what the hanging server takes."""
    browser, jellyfin = plex_browser, JellyfinSimulator()
    async with serve(jellyfin) as url:
        await _add(browser, "JELLYFIN", url, jellyfin.api_key)
        await _add(browser, "HANGING", plex.url, plex.token)
        await _measure(browser, "first")
        before = await _measure(browser, "before")
        plex.pms.faults.add(read_fault({**HANG}))
        asked = len(plex.pms.journal.entries)
        waiting = await _join(browser, "HANGING", {"email": "bob@example.org"})
        await until(lambda: len(plex.pms.journal.entries) > asked)
        during = await _measure(browser, "during")
        assert await _status(browser, waiting) == "running"
        assert all(during[page] < before[page] + 1 for page in PAGES), during
        assert during["redemption"] < before["redemption"] + 3, during
        assert "during" in accounts_on(jellyfin)
        plex.pms.faults.remove()
        assert await _end(browser, waiting) == "succeeded"

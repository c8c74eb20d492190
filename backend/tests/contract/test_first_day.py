"""An operator's first day with odd names, pasted addresses and a server that is down:
nothing of it is a fault of ours, and the log has a line for what matters."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any
from unicodedata import normalize

import httpx2
from media_server_simulators.control import ControlledSimulator
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator
from tests.simulated import (
    SimulatedPlex,
    browser,
    plex,
    plex_browser,
    registry,
    simulator,
    url,
)

__all__ = ["browser", "plex", "plex_browser", "registry", "simulator", "url"]

type Logs = Callable[[], list[dict[str, Any]]]

WRONG_ADDRESSES = ["ftp://x", "http://", "x y", "http://u:hunter2@x", "x:99999", "//?"]
NAMES = ["Özlem", normalize("NFD", "José"), "Straße", "ZED"]
SEARCHES = ["ÖZ", normalize("NFD", "é"), "%", "_", "'", "\\", "😀", "ﷺ", "\u0308", " "]
LISTS = {
    "identities": ("display_name", "created_at", "expires_at"),
    "users": ("username", "created_at"),
    "servers": ("name", "created_at"),
    "invitations": ("code", "created_at", "use_count"),
}


async def test_nothing_of_a_first_day_is_a_fault_of_ours(
    logs: Logs, browser: httpx2.AsyncClient, simulator: JellyfinSimulator, url: str
) -> None:
    await spend(Day(browser), [simulator], url, simulator.api_key, logs)


async def test_nor_is_anything_of_a_first_day_with_plex(
    logs: Logs, plex_browser: httpx2.AsyncClient, plex: SimulatedPlex
) -> None:
    day = Day(plex_browser, plex_user_type="home")
    await spend(day, [plex.tv, plex.pms], plex.url, plex.token, logs)


async def spend(
    day: Day, simulators: Sequence[ControlledSimulator], url: str, key: str, logs: Logs
) -> None:
    server = await day.add_server(url, key)
    await day.invite(server)
    await day.look_for_people()
    assert {status for status in day.statuses if status >= 500} == set()

    for each in simulators:
        each.faults.add(Fault("/", FaultKind.DROP, endless=True))
    await day.find_it_down(server, logs)
    assert {status for status in day.statuses if status >= 500} <= {502, 504}

    for each in simulators:
        each.faults.remove()
    day.statuses.clear()
    await day.clear_up(server)
    assert {status for status in day.statuses if status >= 500} == set()
    lines = logs()
    assert [line for line in lines if "exception" in line] == []
    assert [line for line in lines if line["level"] in {"error", "critical"}] == []
    assert {line["event"] for line in lines if line["level"] == "info"} >= {
        "signed in",
        "guest joins",
        "account made",
        "redemption ended well",
        "account deleted",
        "person deleted",
        "invitation deleted",
        "server removed",
        "server state changed",
    }
    assert "hunter2" not in str(lines)


class Day:
    def __init__(
        self, browser: httpx2.AsyncClient, *, plex_user_type: str = "friend"
    ) -> None:
        self.browser = browser
        self.plex_user_type = plex_user_type
        self.statuses: list[int] = []
        self.people: list[str] = []
        self.invitation = ""

    async def ask(self, method: str, path: str, **more: Any) -> Any:
        answer = await self.browser.request(method, f"/api/v1/{path}", **more)
        self.statuses.append(answer.status_code)
        return answer.json() if answer.content else None

    async def add_server(self, url: str, key: str) -> str:
        body = {"name": "Özlems Kino", "api_key": key}
        for wrong in WRONG_ADDRESSES:
            refused = await self.ask("POST", "servers", json=body | {"url": wrong})
            assert refused["fields"][0]["field"] == "url", wrong
            typed = body | {"url": url, "public_url": wrong}
            refused = await self.ask("POST", "servers", json=typed)
            assert refused["fields"][0]["field"] == "public_url", wrong
        pasted = f" {url.removeprefix('http://')}/web/#/home "
        made = await self.ask("POST", "servers", json=body | {"url": pasted})
        return made["id"]

    async def invite(self, server: str) -> None:
        body = {"label": "Ünï", "server_ids": [server], "all_libraries": True}
        body["plex_user_type"] = self.plex_user_type
        made = await self.ask("POST", "invitations", json=body)
        self.invitation = made["id"]
        for name in [*NAMES, "x" * 65, "\u202e", " ", "a\u0000"]:
            guest = {"username": name, "password": "a long password"}
            await self.ask("POST", f"join/{made['code']}", json=guest)
        path = f"invitations/{self.invitation}/redemptions"
        async with asyncio.timeout(30):
            while True:
                begun = (await self.ask("GET", path))["items"]
                if all(one["status"] != "running" for one in begun):
                    break
                await asyncio.sleep(0.05)
        assert {one["status"] for one in begun} == {"succeeded"}

    async def look_for_people(self) -> None:
        for name, sorts in LISTS.items():
            for q in SEARCHES:
                await self.ask("GET", name, params={"q": q})
            for sort in (*sorts, *(f"-{one}" for one in sorts)):
                await self._walk(name, sort)
            await self.ask("GET", name, params={"cursor": "bm8=", "sort": sorts[0]})
        for q in ("özlem", normalize("NFD", "ÖZLEM")):
            found = await self.ask("GET", "identities", params={"q": q})
            assert [one["display_name"] for one in found["items"]] == ["Özlem"]
        people = (await self.ask("GET", "identities"))["items"]
        self.people = [one["id"] for one in people]

    async def _walk(self, name: str, sort: str) -> None:
        """Page by page, and each row once."""
        whole = (await self.ask("GET", name, params={"sort": sort}))["items"]
        seen, query = list[str](), {"sort": sort, "limit": "1"}
        while True:
            page = await self.ask("GET", name, params=query)
            seen += [one["id"] for one in page["items"]]
            if page["next_cursor"] is None:
                break
            query["cursor"] = page["next_cursor"]
        assert seen == [one["id"] for one in whole], (name, sort)

    async def find_it_down(self, server: str, logs: Logs) -> None:
        await self._run("jobs/check_servers/run")
        checked = [line for line in logs() if line["level"] in {"warning", "error"}]
        assert [line["event"] for line in checked] == ["media call failed"]
        await self._run(f"servers/{server}/sync")
        await self.ask("POST", f"servers/{server}/test")
        await self.ask("DELETE", f"identities/{self.people[0]}")

    async def _run(self, path: str) -> None:
        begun = await self.ask("POST", path)
        async with asyncio.timeout(30):
            while True:
                run = await self.ask("GET", f"runs/{begun['run_id']}")
                if run["finished_at"] is not None:
                    return
                await asyncio.sleep(0.05)

    async def clear_up(self, server: str) -> None:
        for person in self.people:
            await self.ask("DELETE", f"identities/{person}")
        await self.ask("DELETE", f"invitations/{self.invitation}")
        await self.ask("DELETE", f"servers/{server}")
        assert set(self.statuses) == {204}

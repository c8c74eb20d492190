"""A sync that is cut off goes on at its page; readers see the old requests."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx2
import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator
from tests.accounts.conftest import EMAIL, PASSWORD, cheap_hasher, open_house
from tests.requests.sync.conftest import Desk
from tests.simulated import QUICK, SimulatedSeerr, playing_seerr, until

from zondarr.accounts.passwords import Passwords
from zondarr.config import Settings
from zondarr.core.database import Database
from zondarr.core.durable import Timing
from zondarr.requests.sync import steps

AT_ONCE = Timing(stop=timedelta())


@asynccontextmanager
async def program(
    settings: Settings, database: Database, seerr: SimulatedSeerr
) -> AsyncGenerator[Desk]:
    """The program, from its start to its end; what runs is cut off."""
    passwords = Passwords(cheap_hasher())
    house = open_house(settings, passwords, database=database, timing=AT_ONCE)
    house.container.registry.configure(QUICK)
    async with house.container.durable, house.browser() as browser:
        if not (await house.sign_in(browser)).is_success:
            await house.container.accounts.create_workspace(
                "Home", email=EMAIL, password=PASSWORD
            )
            await house.sign_in(browser)
        yield Desk(browser, seerr, JellyfinSimulator(), "")
    passwords.close()


async def test_no_page_is_read_twice_but_the_one_that_was_cut_off(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "PAGE", 5)
    async with playing_seerr(requests=30) as seerr:
        simulator = seerr.simulator
        hanging = Fault("/api/v1/request", FaultKind.LATENCY, value=1500, endless=True)

        def asked() -> Counter[str]:
            requests = (each.request for each in simulator.journal.entries)
            return Counter(
                dict(each.query)["skip"]
                for each in requests
                if each.path.endswith("/request")
            )

        async with program(settings, database, seerr) as desk:
            await desk.connect()
            started = await desk.browser.post("/api/v1/integrations/seerr/sync")
            run_id = started.json()["run_id"]
            await until(lambda: asked()["10"] > 0)
            simulator.faults.add(hanging)
            await until(lambda: asked()["20"] > 0)
            assert (await desk.get())["request_count"] == 0
        simulator.faults.remove()
        cut_off = asked()
        async with program(settings, database, seerr) as desk:
            run = await desk.ended(run_id)
            assert run["status"] == "succeeded", run
            assert (await desk.get())["request_count"] == 30
        again = asked() - cut_off
        assert not any(again[skip] for skip in ("5", "10"))


async def test_a_run_that_is_cancelled_changes_nothing(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "PAGE", 5)
    async with (
        playing_seerr(requests=30) as seerr,
        program(settings, database, seerr) as desk,
    ):
        slow = Fault("/api/v1/request", FaultKind.LATENCY, value=200, endless=True)
        seerr.simulator.faults.add(slow)
        await desk.connect()
        answer = await desk.browser.post("/api/v1/integrations/seerr/sync")
        run_id = answer.json()["run_id"]
        cancelled: httpx2.Response = await desk.browser.post(
            f"/api/v1/runs/{run_id}/cancel"
        )
        assert cancelled.is_success, cancelled.text
        assert (await desk.ended(run_id))["status"] == "cancelled"
        found = await desk.get()
        assert (found["request_count"], found["synced_at"]) == (0, None)
        assert not found["stale"]

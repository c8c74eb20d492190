"""Faults that are ordered happen to the right requests, as often as ordered."""

import time

import httpx2
import pytest
from tests.asking import Asker, served

from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.wire import Json, JsonObject


@pytest.fixture
def simulator() -> JellyfinSimulator:
    return JellyfinSimulator()


async def order(ask: Asker, kind: str, **more: Json) -> None:
    fault: JsonObject = {"path_prefix": "/Users", "kind": kind, **more}
    assert (await ask.post("/_simulator/faults", fault)).status_code == 201


def names(simulator: JellyfinSimulator) -> set[str]:
    return {user.name for user in simulator.state.users.values()}


GUEST: JsonObject = {"Name": "guest", "Password": "Guest-Passw0rd"}


async def test_a_dropped_request_is_not_applied(simulator: JellyfinSimulator) -> None:
    async with served(simulator) as ask:
        await order(ask, "drop")
        with pytest.raises(httpx2.ReadError):
            await ask.post("/Users/New", GUEST)
    assert "guest" not in names(simulator)


async def test_a_lost_response_was_applied(simulator: JellyfinSimulator) -> None:
    async with served(simulator) as ask:
        await order(ask, "lost_response")
        with pytest.raises(httpx2.ReadError):
            await ask.post("/Users/New", GUEST)
    assert "guest" in names(simulator)


async def test_a_truncated_answer_was_applied(simulator: JellyfinSimulator) -> None:
    async with served(simulator) as ask:
        await order(ask, "truncate")
        with pytest.raises(httpx2.RemoteProtocolError):
            await ask.post("/Users/New", GUEST)
    assert "guest" in names(simulator)


async def test_even_an_answer_without_a_body_can_be_truncated(
    simulator: JellyfinSimulator,
) -> None:
    async with served(simulator) as ask:
        id_ = await ask.user("guest")
        await order(ask, "truncate", method="DELETE")
        with pytest.raises(httpx2.RemoteProtocolError):
            await ask.delete(f"/Users/{id_}")
    assert "guest" not in names(simulator)


@pytest.mark.parametrize(
    ("kind", "value", "status", "retry_after"),
    [
        ("status", 401, 401, None),
        ("status", 500, 500, None),
        ("status", 503, 503, "5"),
        ("status", 429, 429, "5"),
        ("html", None, 200, None),
        ("empty", None, 200, None),
        ("starting", None, 503, None),
        ("starting", "setup", 503, "005"),
        ("starting", "loading", 503, None),
    ],
)
async def test_an_answer_in_place_of_the_real_one(
    simulator: JellyfinSimulator,
    kind: str,
    value: Json,
    status: int,
    retry_after: str | None,
) -> None:
    async with served(simulator) as ask:
        await order(ask, kind, value=value)
        answer = await ask.post("/Users/New", GUEST)
        assert answer.status_code == status
        assert answer.headers.get("Retry-After") == retry_after
        assert "guest" not in names(simulator)
        assert (await ask.post("/Users/New", GUEST)).status_code == 200


async def test_a_starting_server_looks_like_one_with_its_wizard_open(
    simulator: JellyfinSimulator,
) -> None:
    async with served(simulator) as ask:
        fault: JsonObject = {"path_prefix": "/", "kind": "starting", "times": 0}
        await ask.post("/_simulator/faults", fault)
        info = await ask.get("/System/Info/Public")
        assert info.json()["startupWizardCompleted"] is False
        assert (await ask.get("/Users", auth="wrong")).status_code == 401
        await ask.delete("/_simulator/faults")
        info = await ask.get("/System/Info/Public")
        assert info.json()["StartupWizardCompleted"] is True


async def test_latency_is_in_milliseconds_and_then_it_is_answered(
    simulator: JellyfinSimulator,
) -> None:
    async with served(simulator) as ask:
        await order(ask, "latency", value=120)
        began = time.monotonic()
        assert (await ask.get("/Users")).status_code == 200
        assert time.monotonic() - began >= 0.12
        await order(ask, "latency", value=1)
        await order(ask, "status", value=500)
        assert (await ask.get("/Users")).status_code == 500


async def test_a_fault_happens_as_often_as_ordered_and_to_its_method(
    simulator: JellyfinSimulator,
) -> None:
    async with served(simulator) as ask:
        await order(ask, "status", value=500, times=2, method="GET")
        assert (await ask.post("/Users/New", GUEST)).status_code == 200
        seen = [(await ask.get("/users")).status_code for _ in range(3)]
        assert seen == [500, 500, 200]


async def test_an_empty_list_is_wrapped_as_its_path_wraps_lists(
    simulator: JellyfinSimulator,
) -> None:
    async with served(simulator) as ask:
        everywhere: JsonObject = {"path_prefix": "/", "kind": "empty", "times": 0}
        await ask.post("/_simulator/faults", everywhere)
        assert (await ask.get("/Users")).json() == []
        assert (await ask.get("/Library/VirtualFolders")).json() == []
        assert (await ask.get("/Items")).json()["Items"] == []


async def test_a_fault_is_taken_back_by_its_name(simulator: JellyfinSimulator) -> None:
    async with served(simulator) as ask:
        await order(ask, "status", value=500, times=0)
        await order(ask, "latency", value=1, times=0)
        like: JsonObject = {"path_prefix": "/Users", "kind": "status"}
        taken = await ask.ask("DELETE", "/_simulator/faults", like)
        assert taken.status_code == 204
        left = (await ask.get("/_simulator/faults")).json()
        assert [fault["kind"] for fault in left] == ["latency"]


@pytest.mark.parametrize(
    "order_",
    [
        {"kind": "nonsense"},
        {"kind": "latency"},
        {"kind": "status", "value": "many"},
        {"kind": "drop", "times": -1},
        {"kind": "drop", "nonsense": 1},
        {},
    ],
)
async def test_what_is_no_fault_is_refused(
    simulator: JellyfinSimulator, order_: JsonObject
) -> None:
    async with served(simulator) as ask:
        answer = await ask.post("/_simulator/faults", order_)
        assert answer.status_code == 400
        assert answer.json()["detail"]


async def test_control_paths_are_never_faulty_and_not_in_the_journal(
    simulator: JellyfinSimulator,
) -> None:
    async with served(simulator) as ask:
        everywhere: JsonObject = {"path_prefix": "/", "kind": "drop", "times": 0}
        await ask.post("/_simulator/faults", everywhere)
        state = (await ask.get("/_simulator/state")).json()
        assert state["users"][0]["policy"]["IsAdministrator"] is True
        with pytest.raises(httpx2.ReadError):
            await ask.get("/Users", isHidden=True)
        entries = (await ask.get("/_simulator/journal")).json()
        result = {key: entries[0][key] for key in ("method", "path", "query", "fault")}
        query = {"isHidden": "True"}
        assert len(entries) == 1
        assert result == {
            "method": "GET",
            "path": "/Users",
            "query": query,
            "fault": "drop",
        }

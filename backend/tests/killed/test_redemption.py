"""A redemption whose process is killed, anywhere, is complete or undone afterwards."""

from itertools import count
from pathlib import Path
from typing import Any, get_args

import pytest
from media_server_simulators.faults import read_fault
from tests.killed.house import (
    House,
    ProgramUnderTest,
    When,
    ended,
    is_killed,
    join,
    open_house,
)

pytestmark = pytest.mark.own_database


def assert_whole(house: House, redemptions: list[dict[str, Any]], uses: int) -> None:
    """Each guest has exactly what their redemption records, and each use one owner."""
    servers = house.accounts()
    for one in redemptions:
        name, succeeded = one["guest"], one["status"] == "succeeded"
        assert [name in accounts for accounts in servers] == [succeeded] * len(servers)
        for accounts in servers:
            if succeeded:
                policy = accounts[name]["policy"]
                assert not policy["IsDisabled"]
                assert not policy["EnableAllFolders"]
    asked_for = {one["guest"] for one in redemptions}
    for accounts in servers:
        assert {name for name in accounts if name.startswith("guest")} <= asked_for
    assert uses == sum(one["status"] == "succeeded" for one in redemptions)


def kill_everywhere(house: House, *, at: int) -> int:
    """Kill at each request to a server in turn; how many kills there were.

    On PostgreSQL, where starting takes longer, before one and after the next.
    """
    kills = 0
    step = 1 if house.database_url.startswith("sqlite") else 2
    for first, when in enumerate(get_args(When.__value__), 1):
        for number in count(first, step):
            with house.program() as program:
                check_consistency(house, program)
                house.simulators[at].kill_at(number, when, program.process.pid or 0)
                join(program, f"guest {when} {number}")
                died = is_killed(house, program, house.simulators[at])
            if not died:
                break
            kills += 1
    return kills


def check_consistency(house: House, program: ProgramUnderTest) -> None:
    """Wait until what was cut off has ended, and see that all is as it should be."""
    with house.operator(program) as http:
        redemptions = ended(http, house.invitation_id)
        invitation = http.get(f"/invitations/{house.invitation_id}").json()
        people = http.get("/identities?limit=200").json()
    assert_whole(house, redemptions, invitation["use_count"])
    assert people["total"] == invitation["use_count"]


def test_killed_before_and_after_every_request_of_a_redemption(
    tmp_path: Path, database_url: str
) -> None:
    with open_house(tmp_path, database_url, servers=1) as house:
        house.furnish()
        kills = kill_everywhere(house, at=0)
        with house.program() as program:
            check_consistency(house, program)
    assert kills >= (14 if database_url.startswith("sqlite") else 7)


def test_killed_before_and_after_every_request_of_an_undo(
    tmp_path: Path, database_url: str
) -> None:
    with open_house(tmp_path, database_url, servers=2) as house:
        house.furnish()
        order = {"path_prefix": "/Users/New", "kind": "status", "value": 500}
        house.simulators[1].faults.add(read_fault({**order, "times": 0}))
        kills = kill_everywhere(house, at=0)
        with house.program() as program:
            check_consistency(house, program)
    assert kills >= (20 if database_url.startswith("sqlite") else 10)


@pytest.mark.parametrize("when", get_args(When.__value__))
def test_killed_as_it_is_served(tmp_path: Path, database_url: str, when: When) -> None:
    """The whole program on its server: what the tests above go through point by point
    is the same there."""
    with open_house(tmp_path, database_url, servers=1) as house:
        house.furnish()
        for number in (3, 6):
            with house.served() as program:
                house.simulators[0].kill_at(number, when, program.process.pid or 0)
                join(program, f"guest {when} {number}")
                assert is_killed(house, program, house.simulators[0])
        with house.served() as program:
            check_consistency(house, program)

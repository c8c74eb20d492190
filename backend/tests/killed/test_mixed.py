"""A redemption on Jellyfin and Plex whose process is killed at a request to plex.tv.

At every request of a redemption, and every second one on PostgreSQL and where it is
undone, in turns before and after it: the program is started anew for each, and that
takes its time.
"""

from pathlib import Path

import pytest
from media_server_simulators.faults import read_fault
from tests.killed.house import (
    House,
    ProgramUnderTest,
    address_of,
    ended,
    is_killed,
    join,
    open_mixed_house,
)

pytestmark = pytest.mark.own_database


def check_consistency(house: House, program: ProgramUnderTest) -> None:
    """Wait until what was cut off has ended; then each guest has exactly what their
    redemption says, on both servers, and each use has one owner."""
    with house.operator(program) as http:
        redemptions = ended(http, house.invitation_id)
        invitation = http.get(f"/invitations/{house.invitation_id}").json()
        people = http.get("/identities?limit=200").json()
    (accounts,) = house.accounts()
    well = {one["guest"] for one in redemptions if one["status"] == "succeeded"}
    assert {name for name in accounts if name.startswith("guest")} == well
    assert house.plex.shared_with() == {address_of(name) for name in well}
    assert people["total"] == invitation["use_count"] == len(well)


def requests_of_one(house: House) -> int:
    """How many requests to plex.tv there are when nobody is killed."""
    house.plex.journal.clear()
    with house.program() as program:
        join(program, "guest zero")
        check_consistency(house, program)
    return len(house.plex.journal.entries)


def kill_everywhere(house: House, *, step: int = 1) -> int:
    """Kill at each request to plex.tv in turn; how many kills there were."""
    kills = 0
    for number in range(1, requests_of_one(house) + 1, step):
        with house.program() as program:
            check_consistency(house, program)
            when = "before" if number // step % 2 else "after"
            house.plex.kill_at(number, when, program.process.pid or 0)
            join(program, f"guest {number}")
            kills += is_killed(house, program, house.plex)
    with house.program() as program:
        check_consistency(house, program)
    return kills


def test_killed_at_every_request_of_a_mixed_redemption(
    tmp_path: Path, database_url: str
) -> None:
    with open_mixed_house(tmp_path, database_url) as house:
        house.furnish()
        # On PostgreSQL, where starting takes longer, at every second one.
        step = 1 if database_url.startswith("sqlite") else 2
        assert kill_everywhere(house, step=step) >= 8 // step


def test_killed_at_every_request_of_the_undo_of_a_mixed_redemption(
    tmp_path: Path, database_url: str
) -> None:
    with open_mixed_house(tmp_path, database_url) as house:
        house.furnish()
        order = {"path_prefix": "/Users/New", "kind": "status", "value": 500}
        house.simulators[0].faults.add(read_fault({**order, "times": 0}))
        assert kill_everywhere(house, step=2) >= 5

"""A creation that may have happened stays in doubt until the server responds."""

import pytest
from media_server_simulators.faults import read_fault
from media_server_simulators.jellyfin import JellyfinSimulator

from zondarr.media.clients.jellyfin.client import JellyfinClient
from zondarr.media.exceptions import MediaClientError
from zondarr.media.types import AccountRequest


@pytest.mark.parametrize("silence", ["drop", "starting"])
async def test_a_silent_server_does_not_resolve_the_doubt(
    client: JellyfinClient, simulator: JellyfinSimulator, silence: str
) -> None:
    plan = await client.plan_account(AccountRequest(username="ann"))
    simulator.faults.add(
        read_fault(
            {"path_prefix": "/Users/New", "method": "POST", "kind": "lost_response"}
        )
    )
    simulator.faults.add(read_fault({"path_prefix": "/", "kind": silence, "times": 0}))
    with pytest.raises(MediaClientError) as raised:
        await client.open_account(plan)
    assert "ann" in {user.name for user in simulator.state.users.values()}
    assert raised.value.in_doubt

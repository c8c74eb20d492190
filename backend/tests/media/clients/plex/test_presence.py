"""A share that is not found is gone only if plex.tv's lists agree."""

from collections.abc import Awaitable, Callable

import pytest
from media_server_simulators.faults import Fault, FaultKind
from tests.media.clients.plex.conftest import Plex

from zondarr.media.clients.plex.client import PlexClient
from zondarr.media.exceptions import MediaClientError
from zondarr.media.types import Permissions, Presence

EMAIL = "ann@example.org"
CHANGES: dict[str, Callable[[PlexClient, str], Awaitable[object]]] = {
    "delete": lambda client, one: client.delete_user(one),
    "libraries": lambda client, one: client.set_library_access(one, []),
    "rights": lambda client, one: client.update_permissions(one, Permissions()),
    "snapshot": lambda client, one: client.snapshot_access(one),
    "revoke": lambda client, one: client.revoke_access(one),
}
NEWER = "/api/v2/shared_servers"
OLDER = "/api/servers"


def empty(plex: Plex, *paths: str) -> None:
    for path in paths:
        plex.tv.faults.add(Fault(path, FaultKind.EMPTY, "GET", endless=True))


@pytest.mark.parametrize("with_account", [True, False])
async def test_an_empty_list_does_not_end_a_share(
    plex: Plex, with_account: bool
) -> None:
    if with_account:
        plex.world.register("ann", EMAIL)
    made = await plex.client.create_user("ann", "", EMAIL, library_ids=plex.keys[:1])
    assert await plex.client.account_presence(made.id) is Presence.PRESENT
    empty(plex, NEWER)
    assert await plex.client.account_presence(made.id) is Presence.UNKNOWN
    for change in CHANGES.values():
        with pytest.raises(MediaClientError) as caught:
            await change(plex.client, made.id)
        assert (caught.value.status, caught.value.code) == (502, "answer_doubtful")
    assert len(plex.world.shares) == 1


async def test_where_plex_tv_lists_nothing_at_all_nothing_is_concluded(
    plex: Plex,
) -> None:
    made = await plex.client.create_user("ann", "", EMAIL, library_ids=plex.keys[:1])
    empty(plex, NEWER, OLDER, "/api/home")
    assert await plex.client.account_presence(made.id) is Presence.UNKNOWN


async def test_a_share_that_was_ended_by_hand_is_seen_to_be_gone(plex: Plex) -> None:
    made = await plex.client.create_user("ann", "", EMAIL, library_ids=plex.keys[:1])
    plex.world.shares.clear()
    assert await plex.client.account_presence(made.id) is Presence.GONE
    for name, change in CHANGES.items():
        assert await change(plex.client, made.id) is (
            None if name == "snapshot" else False
        )

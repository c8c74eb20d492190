"""A media server that is down keeps nobody from what concerns plex.tv alone."""

from collections.abc import AsyncGenerator

import msgspec
import pytest
from tests.media.clients.plex.conftest import Plex
from tests.media.servers import connection

from zondarr.media.clients.plex.client import PlexClient
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import (
    AccountRequest,
    ItemKind,
    Permissions,
    PlexUserType,
    ShareStatus,
)

EMAIL = "guest@example.org"
REFUSED = "http://127.0.0.1:1"


@pytest.fixture
async def down(plex: Plex) -> AsyncGenerator[PlexClient]:
    """The client of a stored server of which only plex.tv answers."""
    stored = msgspec.structs.replace(
        connection(REFUSED, plex.tv.owner_token, "plex"),
        machine_id=plex.server.machine_identifier,
    )
    async with PlexClient(stored, plex.states) as client:
        yield client


async def test_sharing_listing_and_deleting_need_plex_tv_alone(
    plex: Plex, down: PlexClient
) -> None:
    keys = plex.keys[:2]
    plan = await down.plan_account(
        AccountRequest(username="g", email=EMAIL, library_ids=keys)
    )
    opened = await down.open_account(plan)
    done = await down.finish_account(plan, opened.id, "")
    assert done.library_ids == tuple(keys)
    assert await down.list_users() == [done]
    assert await down.set_library_access(done.id, plex.keys)
    assert await down.update_permissions(done.id, Permissions(can_download=True))
    had = await down.snapshot_access(done.id)
    assert had is not None
    assert await down.revoke_access(done.id)
    assert await down.restore_access(done.id, had)
    assert await down.delete_user(done.id)
    child = await down.create_user(
        "Child", "1234", library_ids=keys, plex_user_type=PlexUserType.HOME
    )
    assert child.standing is ShareStatus.ACCEPTED
    assert await down.discard_account(plan, None) is False


async def test_its_libraries_are_those_that_plex_tv_knows(
    plex: Plex, down: PlexClient
) -> None:
    known = await plex.client.get_libraries()
    # Their folders are known to the server alone.
    assert await down.get_libraries() == [
        msgspec.structs.replace(each, locations=()) for each in known
    ]


async def test_what_only_the_server_knows_is_not_made_up(down: PlexClient) -> None:
    assert await down.test_connection() is False
    for ask in (
        down.server_info(),
        anext(down.library_items("1", ItemKind.MOVIE)),
        anext(down.history()),
    ):
        with pytest.raises(MediaClientError) as caught:
            await ask
        assert caught.value.kind is ErrorKind.UNREACHABLE


async def test_a_server_that_was_never_stored_has_to_say_who_it_is(plex: Plex) -> None:
    new = connection(REFUSED, plex.tv.owner_token, "plex")
    async with PlexClient(new, plex.states) as client:
        for ask in (client.list_users(), client.get_libraries()):
            with pytest.raises(MediaClientError) as caught:
                await ask
            assert caught.value.kind is ErrorKind.UNREACHABLE


async def test_a_server_that_answers_is_the_one_that_is_asked(plex: Plex) -> None:
    before = len(plex.tv.journal.entries)
    assert await plex.client.get_libraries()
    assert len(plex.tv.journal.entries) == before

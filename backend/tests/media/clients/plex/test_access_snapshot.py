"""Access that is taken away comes back as it was; what was had before us stays."""

from contextlib import suppress
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.plex.state import Section, Share
from tests.media.clients.plex.conftest import Plex, playing
from tests.media.clients.plex.redemptions import client_of
from tests.media.mortal import Death, Killed

from zondarr.media.clients.plex.client import PlexClient
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import (
    AccessSnapshot,
    AccountRequest,
    Permissions,
    PlexUserType,
    ShareStatus,
)

EMAIL = "guest@example.org"
RIGHTS = Permissions(can_download=True, allowed_ratings=("G",), can_use_channels=True)
fifty = settings(max_examples=50, deadline=None)
chosen = st.sets(st.integers(0, 3), min_size=1)
deaths = st.builds(Death, st.integers(1, 8), st.booleans())
faulty = st.sampled_from([k for k in FaultKind if k is not FaultKind.LATENCY])


class Who(StrEnum):
    FRIEND = "friend"
    PENDING = "pending"
    HOME = "home"


def keys_of(plex: Plex, picked: set[int]) -> list[str]:
    return sorted(plex.keys[each] for each in picked)


async def let_in(plex: Plex, who: Who, picked: set[int]) -> str:
    """The id of somebody with a share of these."""
    at_home = who is Who.HOME
    if who is Who.FRIEND:
        plex.world.register("Guest", EMAIL)
    made = await plex.client.create_user(
        "guest",
        "",
        None if at_home else EMAIL,
        library_ids=keys_of(plex, picked),
        permissions=RIGHTS,
        plex_user_type=PlexUserType.HOME if at_home else PlexUserType.FRIEND,
    )
    if who is Who.FRIEND:
        plex.accept(only_share(plex))
    return made.id


def only_share(plex: Plex) -> Share:
    [share] = plex.world.shares.values()
    return share


def what_he_has(plex: Plex) -> tuple[object, ...]:
    share = only_share(plex)
    person = share.invited_id or share.invited_email
    return person, sorted(share.section_ids), share.sharing.as_json()


async def taken(plex: Plex, who: str) -> AccessSnapshot:
    had = await plex.client.snapshot_access(who)
    assert had is not None
    assert await plex.client.revoke_access(who)
    assert plex.world.shares == {}
    return had


@fifty
@given(st.sampled_from(Who), chosen)
async def test_what_was_taken_is_given_back_exactly_and_only_once(
    who: Who, picked: set[int]
) -> None:
    async with playing() as plex:
        name = await let_in(plex, who, picked)
        before, friends = what_he_has(plex), dict(plex.world.friends)
        had = await taken(plex, name)
        assert await plex.client.snapshot_access(name) is None
        assert await plex.client.revoke_access(name) is False
        assert plex.world.friends == friends
        listed = {each.id for each in await plex.client.list_users()}
        assert (name in listed) is (who is Who.HOME)
        for _ in range(2):
            assert await plex.client.restore_access(name, had)
            assert what_he_has(plex) == before
        [shown] = await plex.client.list_users()
        waits = who is Who.PENDING
        assert shown.standing is (
            ShareStatus.PENDING if waits else ShareStatus.ACCEPTED
        )


@fifty
@given(
    who=st.sampled_from(Who),
    picked=chosen,
    ending=st.lists(deaths, max_size=3),
    giving=st.lists(deaths, max_size=3),
)
async def test_killed_at_any_request_each_is_done_by_doing_it_again(
    who: Who, picked: set[int], ending: list[Death], giving: list[Death]
) -> None:
    async with playing() as plex:
        name = await let_in(plex, who, picked)
        before = what_he_has(plex)
        had: AccessSnapshot | None = None

        async def end(client: PlexClient) -> None:
            nonlocal had
            had = had or await client.snapshot_access(name)
            await client.revoke_access(name)

        async def give(client: PlexClient) -> None:
            assert had is not None
            assert await client.restore_access(name, had)

        for act, killed in ((end, ending), (give, giving)):
            for death in [*killed, None]:
                with suppress(Killed):
                    async with client_of(plex, death) as client:
                        await act(client)
                assert len(plex.world.shares) <= 1
            assert bool(plex.world.shares) is (act is give)
        assert what_he_has(plex) == before


@fifty
@given(
    who=st.sampled_from(Who),
    kind=faulty,
    method=st.sampled_from(["GET", "POST", "DELETE"]),
    path=st.sampled_from(["/api/v2/shared_servers", "/api/v2/servers", "/api/servers"]),
    times=st.integers(1, 4),
)
async def test_after_any_fault_each_is_done_by_doing_it_again(
    who: Who, kind: FaultKind, method: str, path: str, times: int
) -> None:
    async with playing() as plex:
        name = await let_in(plex, who, {0, 2})
        before = what_he_has(plex)
        had = await plex.client.snapshot_access(name)
        assert had is not None

        async def end(client: PlexClient) -> bool:
            return await client.revoke_access(name) or not plex.world.shares

        async def give(client: PlexClient) -> bool:
            return await client.restore_access(name, had)

        for act in (end, give):
            value = 500 if kind is FaultKind.STATUS else None
            plex.tv.faults.add(Fault(path, kind, method, value, times))
            done = False
            for _ in range(9):
                with suppress(MediaClientError):
                    async with client_of(plex) as client:
                        done = await act(client)
                if done:
                    break
            assert done
            plex.tv.faults.remove()
        assert what_he_has(plex) == before


@fifty
@given(had=chosen, added=chosen, narrowed=st.booleans(), vanish=st.booleans())
async def test_what_a_friend_had_before_us_is_left_and_nothing_is_added(
    had: set[int], added: set[int], *, narrowed: bool, vanish: bool
) -> None:
    async with playing() as plex:
        name = await let_in(plex, Who.FRIEND, had)
        share = only_share(plex)
        share.sharing.allow_sync = False
        old = sorted(share.section_ids)
        keep = await plex.client.snapshot_access(name)
        await plex.client.set_library_access(name, keys_of(plex, had | added))
        await plex.client.update_permissions(name, RIGHTS)
        everything = await plex.client.snapshot_access(name)
        assert everything is not None
        if narrowed:
            share.sharing.allow_channels = False
        if vanish:
            share.section_ids = [i for i in share.section_ids if i != old[0]]
        for _ in range(2):
            await plex.client.revoke_access(name, keep=keep)
        kept = old[1:] if vanish else old
        ours = added - had
        if not kept and ours:
            assert plex.world.shares == {}
        else:
            assert sorted(only_share(plex).section_ids) == kept
            assert only_share(plex).sharing.allow_sync is False
            assert only_share(plex).sharing.allow_channels is not narrowed
        assert await plex.client.restore_access(name, everything)
        given_back = only_share(plex)
        assert given_back.sharing.allow_sync is True
        numbers = [each.id for each in plex.server.server.sections]
        expected = {numbers[each] for each in had | added}
        assert set(given_back.section_ids) == expected


async def test_an_undo_ends_no_share_whatever_became_of_it(plex: Plex) -> None:
    name = await let_in(plex, Who.FRIEND, {0})
    plan = await plex.client.plan_account(
        AccountRequest(username="g", library_ids=plex.keys[1:2], plex_id=name)
    )
    share = only_share(plex)
    old, new, *others = plex.server.server.sections
    share.section_ids = [new.id]
    assert await plex.client.discard_account(plan, name)
    assert share.section_ids == [old.id]
    share.section_ids = [new.id]
    plex.server.server.sections = (new, *others)
    assert await plex.client.discard_account(plan, name) is False
    assert only_share(plex) is share


async def test_a_friend_who_has_left_has_nothing_to_be_left_with(plex: Plex) -> None:
    name = await let_in(plex, Who.FRIEND, {0})
    keep = await plex.client.snapshot_access(name)
    only_share(plex).left_at = plex.world.now()
    assert await plex.client.revoke_access(name, keep=keep) is False
    assert await plex.client.snapshot_access(name) is None
    assert only_share(plex).left_at is not None


@fifty
@given(had=chosen, by_hand=chosen, may=st.booleans())
async def test_what_was_shared_by_hand_meanwhile_stays(
    had: set[int], by_hand: set[int], *, may: bool
) -> None:
    async with playing() as plex:
        name = await let_in(plex, Who.FRIEND, had)
        remembered = await taken(plex, name)
        await plex.client.create_user(
            "g",
            "",
            library_ids=keys_of(plex, by_hand),
            permissions=Permissions(can_watch_live_tv=may),
            plex_id=name,
        )
        for _ in range(2):
            assert await plex.client.restore_access(name, remembered)
        [shown] = await plex.client.list_users()
        assert shown.library_ids == tuple(keys_of(plex, had | by_hand))
        assert shown.permissions.can_download
        assert shown.permissions.can_watch_live_tv is may


async def test_who_saw_all_libraries_sees_all_there_are_now(plex: Plex) -> None:
    name = await let_in(plex, Who.FRIEND, {0, 1, 2, 3})
    remembered = await taken(plex, name)
    one = plex.server.server.sections[0]
    new = Section(777, "77", "New", "movie", one.library)
    plex.server.server.sections = (*plex.server.server.sections[1:], new)
    assert await plex.client.restore_access(name, remembered)
    now = sorted(each.id for each in plex.server.server.sections)
    assert sorted(only_share(plex).section_ids) == now


async def test_of_libraries_that_are_gone_the_rest_is_given(plex: Plex) -> None:
    name = await let_in(plex, Who.FRIEND, {0, 1})
    remembered = await taken(plex, name)
    _, second, *others = plex.server.server.sections
    plex.server.server.sections = (second, *others)
    assert await plex.client.restore_access(name, remembered)
    assert only_share(plex).section_ids == [second.id]
    await plex.client.revoke_access(name)
    plex.server.server.sections = tuple(others)
    with pytest.raises(MediaClientError) as caught:
        await plex.client.restore_access(name, remembered)
    assert (caught.value.kind, caught.value.error_code) == (
        ErrorKind.REFUSED,
        "libraries_missing",
    )
    assert plex.world.shares == {}


async def test_who_has_no_account_any_more_is_not_given_any(plex: Plex) -> None:
    name = await let_in(plex, Who.HOME, {0})
    remembered = await taken(plex, name)
    plex.world.forget(plex.world.accounts[int(name)])
    assert await plex.client.restore_access(name, remembered) is False
    assert plex.world.shares == {}


async def test_a_pending_guest_who_signs_up_meanwhile_is_found_by_either_name(
    plex: Plex,
) -> None:
    name = await let_in(plex, Who.PENDING, {0})
    remembered = await taken(plex, name)
    account = plex.world.register("Guest", EMAIL)
    for one in (name, str(account.id)):
        assert await plex.client.restore_access(one, remembered)
    assert only_share(plex).invited_id == account.id


@pytest.mark.parametrize("stored", [{}, {"share": "{}"}, {"share": "no"}])
async def test_what_cannot_be_read_gives_nothing(
    plex: Plex, stored: AccessSnapshot
) -> None:
    with pytest.raises(MediaClientError) as caught:
        await plex.client.restore_access("7", stored)
    assert caught.value.error_code == "remembered_unreadable"

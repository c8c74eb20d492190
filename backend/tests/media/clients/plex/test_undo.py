"""Whatever fails on the way: an undo takes back what was done, and nothing else."""

from contextlib import suppress
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.plex.state import Share
from tests.media.clients.plex.conftest import Plex, playing

from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import AccountPlan, AccountRequest, Permissions, PlexUserType

EMAIL = "guest@example.org"
chosen = st.sets(st.integers(0, 3), min_size=1)
kinds = [
    FaultKind.LOST_RESPONSE,
    FaultKind.TRUNCATE,
    FaultKind.DROP,
    FaultKind.STATUS,
    FaultKind.HTML,
]


class Broken(NamedTuple):
    """A fault to order: the order itself counts down, so it is made anew."""

    kind: FaultKind
    method: str
    path: str
    times: int

    def order(self) -> Fault:
        return Fault(self.path, self.kind, self.method, 500, self.times)


faults = st.builds(
    Broken,
    st.sampled_from(kinds),
    st.sampled_from(["POST", "GET"]),
    st.sampled_from(["/api/v2/shared_servers", "/api/home/users", "/api/v2/home"]),
    st.integers(1, 4),
)
fifty = settings(max_examples=50, deadline=None)


def _keys(plex: Plex, picked: set[int]) -> list[str]:
    return sorted(plex.keys[each] for each in picked)


def _what_he_has(share: Share) -> tuple[object, ...]:
    return share.id, sorted(share.section_ids), share.sharing.as_json()


async def _go(plex: Plex, plan: AccountPlan, steps: int) -> str | None:
    """The steps of a redemption, until one fails or we are killed; the stored id."""
    stored = None
    with suppress(MediaClientError):
        if steps:
            stored = (await plex.client.open_account(plan)).id
        for _ in range(steps - 1):
            _ = await plex.client.finish_account(plan, stored or "", "")
    return stored


async def _undo(plex: Plex, plan: AccountPlan, stored: str | None) -> None:
    for _ in range(10):
        with suppress(MediaClientError):
            await plex.client.discard_account(plan, stored)
            return
    raise AssertionError("it was never undone")


@fifty
@given(
    had=chosen,
    wanted=chosen,
    synced=st.booleans(),
    fault=faults,
    steps=st.integers(0, 3),
    pending=st.booleans(),
)
async def test_an_existing_friend_keeps_what_he_had_after_every_undo(
    had: set[int],
    wanted: set[int],
    fault: Broken,
    steps: int,
    *,
    synced: bool,
    pending: bool,
) -> None:
    async with playing() as plex:
        if not pending:
            plex.world.register("Guest", EMAIL)
        old = Permissions(can_download=synced)
        await plex.client.create_user(
            "guest", "", EMAIL, library_ids=_keys(plex, had), permissions=old
        )
        (share,) = plex.world.shares.values()
        if not pending:
            plex.accept(share)
        before, friends = _what_he_has(share), dict(plex.world.friends)
        plan = await plex.client.plan_account(
            AccountRequest(
                username="guest",
                email=EMAIL,
                library_ids=_keys(plex, wanted),
                permissions=Permissions(can_download=True),
            )
        )
        plex.tv.faults.add(fault.order())
        stored = await _go(plex, plan, steps)
        await _undo(plex, plan, stored)
        (share,) = plex.world.shares.values()
        assert _what_he_has(share) == before
        assert plex.world.friends == friends


@fifty
@given(had=chosen, wanted=chosen, synced=st.booleans(), may=st.booleans())
async def test_an_existing_friend_gets_the_libraries_added(
    had: set[int], wanted: set[int], *, synced: bool, may: bool
) -> None:
    async with playing() as plex:
        plex.world.register("Guest", EMAIL)
        old = Permissions(can_download=synced)
        made = await plex.client.create_user(
            "guest", "", EMAIL, library_ids=_keys(plex, had), permissions=old
        )
        plan = await plex.client.plan_account(
            AccountRequest(
                username="guest",
                email=EMAIL,
                library_ids=_keys(plex, wanted),
                permissions=Permissions(can_download=may),
            )
        )
        opened = await plex.client.open_account(plan)
        done = await plex.client.finish_account(plan, opened.id, "")
        again = await plex.client.finish_account(plan, opened.id, "")
        assert done == again
        assert done.id == opened.id == made.id
        assert done.library_ids == tuple(_keys(plex, had | wanted))
        assert done.permissions.can_download is (synced or may)


@fifty
@given(
    wanted=chosen,
    kind=st.sampled_from(PlexUserType),
    known=st.booleans(),
    fault=faults,
    steps=st.integers(0, 3),
)
async def test_of_somebody_new_nothing_is_left_after_an_undo(
    wanted: set[int], kind: PlexUserType, fault: Broken, steps: int, *, known: bool
) -> None:
    async with playing() as plex:
        if known:
            plex.world.register("Guest", EMAIL)
        await plex.client.create_user(
            "other", "", "other@example.org", library_ids=plex.keys
        )
        others = dict(plex.world.shares)
        plan = await plex.client.plan_account(
            AccountRequest(
                username="Newcomer",
                email=EMAIL,
                library_ids=_keys(plex, wanted),
                plex_user_type=kind,
            )
        )
        plex.tv.faults.add(fault.order())
        stored = await _go(plex, plan, steps)
        await _undo(plex, plan, stored)
        assert plex.world.shares == others
        assert list(plex.world.home_of(plex.world.owner)) == []


@fifty
@given(wanted=chosen, kind=st.sampled_from(PlexUserType), fault=faults)
async def test_each_step_may_be_repeated_until_it_is_done(
    wanted: set[int], kind: PlexUserType, fault: Broken
) -> None:
    async with playing() as plex:
        keys = _keys(plex, wanted)
        plan = await plex.client.plan_account(
            AccountRequest(
                username="Newcomer", email=EMAIL, library_ids=keys, plex_user_type=kind
            )
        )
        plex.tv.faults.add(fault.order())
        done = stored = None
        for _ in range(20):
            with suppress(MediaClientError):
                stored = stored or (await plex.client.open_account(plan)).id
                done = await plex.client.finish_account(plan, stored, "")
                break
        assert done is not None
        assert done.library_ids == tuple(keys)
        (share,) = plex.world.shares.values()
        assert str(share.id) == done.share_id


async def test_a_share_that_someone_else_made_meanwhile_is_not_ours(
    plex: Plex,
) -> None:
    plan = await plex.client.plan_account(
        AccountRequest(username="g", email=EMAIL, library_ids=plex.keys[:1])
    )
    await plex.client.create_user("g", "", EMAIL, library_ids=plex.keys[1:3])
    with pytest.raises(MediaClientError) as caught:
        await plex.client.open_account(plan)
    assert caught.value.kind is ErrorKind.TAKEN
    assert await plex.client.discard_account(plan, None) is False
    assert len(plex.world.shares) == 1


async def test_what_the_owner_ended_meanwhile_is_not_begun_again(plex: Plex) -> None:
    made = await plex.client.create_user("g", "", EMAIL, library_ids=plex.keys[:1])
    plan = await plex.client.plan_account(
        AccountRequest(username="g", email=EMAIL, library_ids=plex.keys[:2])
    )
    await plex.client.delete_user(made.id)
    with pytest.raises(MediaClientError) as caught:
        await plex.client.open_account(plan)
    assert caught.value.kind is ErrorKind.GONE
    assert await plex.client.discard_account(plan, made.id) is False
    assert plex.world.shares == {}

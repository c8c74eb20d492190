"""Reconciling with plex.tv's list of shares."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.users.cinema import ADA, BOB, Cinema

from zondarr.core.clock import utc_now
from zondarr.media.types import ExternalUser, ShareStatus
from zondarr.users.enrolment import Enrolment, enrol
from zondarr.users.models import User
from zondarr.users.reconcile import observed_state

SOON, LATE = (datetime(year, 1, 1, tzinfo=UTC) for year in (2090, 2091))


async def test_an_address_becomes_a_number_when_the_guest_accepts(
    cinema: Cinema,
) -> None:
    ada = await cinema.invite(accepts=False)
    await cinema.sync()
    user = await cinema.account(ada)
    assert (user.external_user_id, user.standing) == (ADA, ShareStatus.PENDING)

    number = cinema.plex.guest("Ada", ADA).id
    cinema.plex.accept(ADA)
    await cinema.sync()
    user = await cinema.account(ada)
    assert (user.external_user_id, user.standing) == (str(number), ShareStatus.ACCEPTED)
    assert (user.username, user.enabled) == ("Ada", True)


async def test_he_who_accepts_with_another_address_is_known_by_the_share(
    cinema: Cinema,
) -> None:
    ada = await cinema.invite(accepts=False)
    other = cinema.plex.guest("Ada", "ada@elsewhere.example")
    (share,) = cinema.plex.shares_of(ADA)
    share.invited_id, share.invited_email = other.id, other.email
    share.accepted_at = utc_now()
    await cinema.sync()
    assert (await cinema.account(ada)).external_user_id == str(other.id)


async def test_who_left_is_kept_out_and_is_nobodys_stranger(cinema: Cinema) -> None:
    for name, email in (("Ada", ADA), ("Bob", BOB)):
        cinema.plex.guest(name, email)
    ada = await cinema.invite()
    await cinema.befriend(BOB, [0])
    assert (await cinema.servers.sync(cinema.server.id)).accounts.strangers == 1
    for one in (ADA, BOB):
        cinema.plex.leave(one)
    seen = (await cinema.servers.sync(cinema.server.id)).accounts
    assert (seen.known, seen.missing, seen.strangers) == (1, 0, 0)
    user = await cinema.account(ada)
    assert (user.enabled, user.standing) == (False, ShareStatus.LEFT)
    assert user.missing_since is None


async def test_whom_we_sent_away_is_not_missed_and_who_is_gone_is(
    cinema: Cinema,
) -> None:
    for name, email in (("Ada", ADA), ("Bob", BOB), ("Cem", "cem@example.org")):
        cinema.plex.guest(name, email)
    ada, bob = await cinema.invite(ADA), await cinema.invite(BOB)
    await cinema.befriend("cem@example.org", [0])
    await cinema.switch(ada, on=False)
    (gone,) = cinema.plex.shares_of(BOB)
    del cinema.plex.world.shares[gone.id]
    seen = (await cinema.servers.sync(cinema.server.id)).accounts
    assert (seen.known, seen.missing, seen.strangers) == (2, 1, 1)
    assert (await cinema.account(ada)).missing_since is None
    assert (await cinema.account(bob)).missing_since is not None


async def test_who_is_shared_again_by_hand_is_let_in_with_that(cinema: Cinema) -> None:
    cinema.plex.guest("Ada", ADA)
    ada = await cinema.invite(ADA, [0, 1])
    await cinema.switch(ada, on=False)
    async with cinema.actions.connections.open(cinema.server) as client:
        await client.create_user("ada", "", ADA, library_ids=cinema.plex.keys[2:3])
    await cinema.sync()
    user = await cinema.account(ada)
    assert (user.enabled, user.access_taken) == (True, None)
    assert (await cinema.person(ada)).enabled


@pytest.mark.parametrize("both_his", [True, False])
async def test_two_rows_of_one_account_become_one(
    cinema: Cinema, *, both_his: bool
) -> None:
    """Invited by address, and signed in with Plex before the id was known."""
    ada = await cinema.invite(accepts=False, expires_at=LATE)
    number = str(cinema.plex.guest("Ada", ADA).id)
    (share,) = cinema.plex.shares_of(ADA)
    async with cinema.actions.work() as session:
        other = await enrol(
            session,
            display_name="Ada, signed in",
            email=None,
            expires_at=SOON,
            enrolments=[
                Enrolment(
                    media_server_id=cinema.server.id,
                    external_user_id=number,
                    username="Ada",
                    access_before={"share": "not before the first"},
                )
            ],
            identity_id=ada.id if both_his else None,
        )
    assert (other.id == ada.id) is both_his
    await cinema.sync()
    user = await cinema.account(other)
    assert (user.external_user_id, user.share_id) == (number, str(share.id))
    assert (user.expires_at, user.access_before) == (LATE, None)
    assert (await cinema.person(other)).expires_at == LATE
    if not both_his:
        assert (await cinema.person(ada)).users == []


NOW = datetime(2026, 1, 1, tzinfo=UTC)
memory = st.none() | st.just({"share": "something"})


@st.composite
def rows(draw: st.DrawFn) -> User:
    return User(
        external_user_id=ADA,
        username="ada",
        share_id="9",
        enabled=draw(st.booleans()),
        missing_since=draw(st.none() | st.just(NOW - timedelta(days=1))),
        standing=draw(st.sampled_from(ShareStatus)),
        access_before=draw(memory),
        access_taken=draw(memory),
    )


@st.composite
def shown(draw: st.DrawFn) -> ExternalUser | None:
    standing = draw(st.none() | st.sampled_from(ShareStatus))
    if standing is None:
        return None
    return ExternalUser(
        id=draw(st.sampled_from([ADA, "4711"])),
        username="Ada",
        standing=standing,
        enabled=standing is not ShareStatus.LEFT,
        share_id=draw(st.none() | st.just("9")),
    )


@settings(max_examples=300, deadline=None)
@given(user=rows(), account=shown())
def test_of_any_row_and_any_share_nothing_taken_is_forgotten(
    user: User, account: ExternalUser | None
) -> None:
    taken, enabled, missing = user.access_taken, user.enabled, user.missing_since
    once = observed_state(user, account, NOW)
    shared = account is not None and account.enabled and account.share_id is not None
    if once.access_taken is None and taken is not None:
        assert shared
        assert not enabled
        assert once.enabled
    if account is None:
        assert once.missing_since == (missing if taken else missing or NOW)
    else:
        assert once.missing_since is None
    if taken is not None and not shared:
        assert not once.enabled
    if account is not None and account.standing is ShareStatus.LEFT:
        assert not once.enabled
    once.apply_to(user)
    assert observed_state(user, account, NOW) == once


@settings(max_examples=200, deadline=None)
@given(user=rows(), account=shown())
def test_access_that_is_being_taken_is_not_taken_for_given(
    user: User, account: ExternalUser | None
) -> None:
    user.enabled, user.access_taken = True, {"share": "written a moment ago"}
    assert observed_state(user, account, NOW).access_taken is not None

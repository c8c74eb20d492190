"""Guests of Plex servers, whole: signed in, invited by address, or of the Home."""

from collections.abc import AsyncGenerator
from uuid import UUID, uuid4

import pytest
from tests.invitations.house import HERE, House, accounts_on, open_house
from tests.invitations.people import people, users

from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.core.exceptions import InvalidError
from zondarr.invitations.exceptions import RedemptionRunningError, UsernameTakenError
from zondarr.invitations.join_schemas import JoinPage, JoinRequest
from zondarr.invitations.models import (
    ProvisioningStatus,
    Redemption,
    RedemptionStatus,
)
from zondarr.media.types import PlexUserType, ShareStatus
from zondarr.plex_accounts.repository import PlexSignInRepository

ANN = "ann@example.org"
BY_MAIL = JoinRequest(email=ANN)


@pytest.fixture
async def house(database: Database, keyring: Keyring) -> AsyncGenerator[House]:
    async with open_house(database, keyring, servers=0, plex=1) as house:
        yield house


@pytest.fixture
async def mixed(database: Database, keyring: Keyring) -> AsyncGenerator[House]:
    async with open_house(database, keyring, servers=1, plex=1) as house:
        yield house


def assert_nothing_is_kept(redemption: Redemption) -> None:
    assert redemption.guest_password is None
    assert redemption.guest_plex_token is None
    assert redemption.guest_home_pin is None
    assert all(part.plan is None for part in redemption.provisionings)


async def test_who_signs_in_with_plex_ends_inside(house: House) -> None:
    invitation = await house.invite(max_uses=1, duration_days=30)
    page = JoinPage.of(await house.join.get_offer(invitation.code, address=HERE))
    assert (page.needs.plex_sign_in, page.needs.username, page.needs.email) == (
        True,
        False,
        False,
    )
    ann = house.plex.register("Ann", ANN)
    pin = await house.sign_in(ann, "her browser")
    request = JoinRequest(plex_pin_id=pin)
    redemption = await house.redeem(request=request, holder="her browser")
    assert redemption.status is RedemptionStatus.SUCCEEDED
    assert redemption.provisionings[0].status is ProvisioningStatus.DONE
    assert redemption.guest_plex_id == str(ann.id)
    assert_nothing_is_kept(redemption)
    (share,) = house.cinema().shares_of(ANN)
    assert share.accepted_at is not None
    assert house.cinema().seen_by(ANN) == house.given(1)
    (user,) = await users(house)
    assert (user.external_user_id, user.standing) == (str(ann.id), ShareStatus.ACCEPTED)
    assert user.expires_at is not None
    ((person, _),) = await people(house)
    assert (person.display_name, person.email) == ("Ann", ANN)


async def test_whose_address_is_all_we_know_is_pending_until_he_accepts(
    house: House,
) -> None:
    await house.invite()
    accepted = await house.join.redeem(
        "MOVIE-NIGHT", BY_MAIL, key=str(uuid4()), address=HERE
    )
    redemption = await house.end_of(accepted)
    assert redemption.status is RedemptionStatus.SUCCEEDED
    assert redemption.provisionings[0].status is ProvisioningStatus.PENDING
    progress = await house.join.progress(redemption.id, accepted.token)
    assert progress.servers[0].url == f"{house.tv_url}/desktop"
    (user,) = await users(house)
    assert (user.external_user_id, user.standing) == (ANN, ShareStatus.PENDING)
    assert str(await house.acceptance_poll.poll()) == (
        "Asked 1 server; no guests accepted."
    )
    ann = house.plex.register("Ann", ANN)
    house.cinema().accept(ANN)
    assert (await house.acceptance_poll.poll()).accepted == 1
    redemption = await house.get(redemption.id)
    assert redemption.provisionings[0].status is ProvisioningStatus.DONE
    (user,) = await users(house)
    assert (user.external_user_id, user.standing) == (str(ann.id), ShareStatus.ACCEPTED)
    # Nobody is awaited any more, so nobody is asked.
    assert (await house.acceptance_poll.poll()).servers == 0


async def test_who_declines_or_leaves_is_awaited_no_more(house: House) -> None:
    await house.invite()
    for name in ("ann", "bob"):
        house.plex.register(name, f"{name}@example.org")
        await house.redeem(request=JoinRequest(email=f"{name}@example.org"))
    house.cinema().accept("bob@example.org")
    for name in ("ann", "bob"):
        house.cinema().leave(f"{name}@example.org")
    assert (await house.acceptance_poll.poll()).accepted == 0
    ann, bob = sorted(await users(house), key=lambda user: user.username)
    assert ann.missing_since is not None
    assert bob.standing is ShareStatus.LEFT
    assert (await house.acceptance_poll.poll()).servers == 0


async def test_what_a_sync_has_seen_is_done_too(house: House) -> None:
    """Whoever notes it first: the provisioning follows."""
    await house.invite()
    redemption = await house.redeem(request=BY_MAIL)
    async with house.database.scoped(house.workspace.id) as session:
        for user in await users(house):
            (await session.merge(user)).standing = ShareStatus.ACCEPTED
    followed = await house.acceptance_poll.poll()
    assert (followed.servers, followed.accepted) == (0, 1)
    redemption = await house.get(redemption.id)
    assert redemption.provisionings[0].status is ProvisioningStatus.DONE


@pytest.mark.parametrize("pin", ["1234", None])
async def test_a_member_of_the_home_has_a_name_and_a_pin_or_none(
    house: House, pin: str | None
) -> None:
    await house.invite(plex_user_type=PlexUserType.HOME)
    needs = (await house.join.get_offer("MOVIE-NIGHT", address=HERE)).needs
    assert (needs.username, needs.plex_home_pin, needs.password) == (True, True, False)
    redemption = await house.redeem(
        request=JoinRequest(username="Ann", plex_home_pin=pin)
    )
    assert redemption.status is RedemptionStatus.SUCCEEDED
    assert_nothing_is_kept(redemption)
    ann = house.plex.find("Ann")
    assert ann is not None
    assert (ann.home_pin, ann.restricted) == (pin, True)
    assert house.cinema().seen_by("Ann") == house.given(1)
    with pytest.raises(UsernameTakenError):
        await house.redeem(request=JoinRequest(username="ANN"))
    assert await house.uses() == 1


async def test_neither_signed_in_nor_an_address_is_told_of_both(house: House) -> None:
    await house.invite()
    with pytest.raises(InvalidError) as raised:
        await house.redeem(request=JoinRequest(username="ann"))
    assert set(raised.value.fields) == {"email", "plex_pin_id"}
    assert await house.uses() == 0


async def test_a_sign_in_that_is_not_ours_is_like_one_that_never_was(
    house: House,
) -> None:
    await house.invite(max_uses=1)
    ann = house.plex.register("Ann", ANN)
    hers = await house.sign_in(ann, "her browser")
    begun = await house.join.claims.sign_ins.create_pin("the browser")
    used = await house.sign_in(ann, "the browser")
    async with house.database.unscoped("sign-in") as session:
        assert await PlexSignInRepository(session).end(UUID(used), now=utc_now())
    reported: set[str] = set()
    for pin in (hers, str(begun.pin_id), used, str(uuid4()), "x", "0" * 100):
        with pytest.raises(InvalidError) as raised:
            await house.redeem(
                request=JoinRequest(plex_pin_id=pin, email=ANN), holder="the browser"
            )
        reported.add(f"{raised.value} {raised.value.fields}")
        assert list(raised.value.fields) == ["plex_pin_id"]
    assert len(reported) == 1
    assert await house.uses() == 0
    assert house.cinema().shares_of(ANN) == []


async def test_the_same_request_again_finds_its_redemption_though_its_sign_in_is_used(
    house: House,
) -> None:
    await house.invite(max_uses=2)
    pin = await house.sign_in(house.plex.register("Ann", ANN))
    request = JoinRequest(plex_pin_id=pin)
    first = await house.join.redeem(
        "MOVIE-NIGHT", request, key="again", address=HERE, holder="browser"
    )
    await house.end_of(first)
    again = await house.join.redeem(
        "MOVIE-NIGHT", request, key="again", address=HERE, holder="browser"
    )
    assert again == first
    with pytest.raises(InvalidError):
        await house.join.redeem(
            "MOVIE-NIGHT", request, key="other", address=HERE, holder="browser"
        )
    assert await house.uses() == 1


async def test_a_sign_in_belongs_to_who_approved_it_whatever_address_is_typed(
    house: House,
) -> None:
    """Or a guest could widen what another one was invited to."""
    await house.invite(code="FIRST")
    await house.redeem("FIRST", JoinRequest(email="bob@example.org"))
    await house.invite(libraries=2)
    pin = await house.sign_in(house.plex.register("Ann", ANN))
    redemption = await house.redeem(
        request=JoinRequest(plex_pin_id=pin, email="bob@example.org"), holder="browser"
    )
    assert redemption.guest_email == ANN
    assert house.cinema().seen_by("bob@example.org") == house.given(1)
    assert house.cinema().seen_by(ANN) == house.given(2)


async def test_a_friend_who_comes_again_gets_more_and_is_the_same_person(
    house: House,
) -> None:
    await house.invite(code="FIRST")
    ann = house.plex.register("Ann", ANN)
    for code, libraries in (("FIRST", 1), ("SECOND", 2)):
        if code == "SECOND":
            await house.invite(code, libraries=libraries)
        pin = await house.sign_in(ann)
        request = JoinRequest(plex_pin_id=pin)
        redemption = await house.redeem(code, request, holder="browser")
        assert redemption.status is RedemptionStatus.SUCCEEDED
    assert house.cinema().seen_by(ANN) == house.given(2)
    assert redemption.provisionings[0].access_before is not None
    assert [count for _, count in await people(house)] == [1]


async def test_one_link_makes_one_person_of_a_jellyfin_account_and_a_plex_share(
    mixed: House,
) -> None:
    house = mixed
    await house.invite(max_uses=1)
    pin = await house.sign_in(house.plex.register("Ann of Plex", ANN))
    request = JoinRequest(username="ann", password="correct horse", plex_pin_id=pin)
    redemption = await house.redeem(request=request, holder="browser")
    assert redemption.status is RedemptionStatus.SUCCEEDED
    assert {one.status for one in redemption.provisionings} == {ProvisioningStatus.DONE}
    assert_nothing_is_kept(redemption)
    assert accounts_on(house.simulators[0])["ann"]["has_password"]
    assert house.cinema().seen_by(ANN) == house.given(1)
    ((person, accounts),) = await people(house)
    assert (person.display_name, accounts) == ("ann", 2)


async def test_the_same_plex_account_is_let_in_by_one_redemption_at_a_time(
    mixed: House,
) -> None:
    """Else the one that is undone would take the other's share for its own."""
    house = mixed
    await house.invite()
    house.plex.register("Ann", ANN)
    request = JoinRequest(username="ann", password="correct horse", email=ANN)
    first = await house.join.redeem("MOVIE-NIGHT", request, key=None, address=HERE)
    other = JoinRequest(username="bob", password="correct horse", email=ANN.upper())
    with pytest.raises(RedemptionRunningError):
        await house.join.redeem("MOVIE-NIGHT", other, key=None, address=HERE)
    assert await house.uses() == 1
    await house.end_of(first)
    again = await house.redeem(request=other)
    assert again.status is RedemptionStatus.SUCCEEDED

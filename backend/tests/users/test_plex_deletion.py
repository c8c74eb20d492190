"""Deleting people with shares of a Plex server: previewed, and done as previewed."""

import pytest
from media_server_simulators.faults import Fault, FaultKind
from tests.users.cinema import ADA, Cinema

from zondarr.core.exceptions import NotFoundError
from zondarr.media.types import PlexUserType
from zondarr.users.deletion_preview import preview_deletion
from zondarr.users.exceptions import NotDeletedError
from zondarr.users.models import Identity
from zondarr.users.schemas import DeletionOutcome


async def _preview(cinema: Cinema, person: Identity) -> tuple[DeletionOutcome, bool]:
    removal = await preview_deletion(cinema.actions, person.id)
    (one,) = removal.servers
    return one.outcome, removal.complete


async def _delete(cinema: Cinema, person: Identity) -> None:
    await cinema.actions.delete(person.id)
    with pytest.raises(NotFoundError):
        await cinema.actions.get(person.id)


async def test_a_friend_loses_the_share_and_stays_a_friend(cinema: Cinema) -> None:
    account = cinema.plex.guest("Ada", ADA)
    ada = await cinema.invite()
    assert await _preview(cinema, ada) == (DeletionOutcome.UNSHARED, True)
    assert cinema.has() is not None
    await _delete(cinema, ada)
    assert cinema.has() is None
    assert cinema.plex.world.are_friends(cinema.plex.world.owner.id, account.id)


async def test_a_friend_from_before_keeps_what_he_had(cinema: Cinema) -> None:
    cinema.plex.guest("Ada", ADA)
    await cinema.befriend(ADA, [3])
    before = cinema.has()
    ada = await cinema.invite(ADA, [0, 1])
    assert await _preview(cinema, ada) == (DeletionOutcome.NARROWED, True)
    assert cinema.has() != before
    await _delete(cinema, ada)
    assert cinema.has() == before


async def test_a_managed_user_of_the_home_goes_with_all_he_has(cinema: Cinema) -> None:
    kid = await cinema.invite("Kid", [1], kind=PlexUserType.HOME)
    assert await _preview(cinema, kid) == (DeletionOutcome.DELETED, True)
    await _delete(cinema, kid)
    assert cinema.plex.world.find("Kid") is None


async def test_an_invitation_that_waits_is_withdrawn(cinema: Cinema) -> None:
    ada = await cinema.invite(accepts=False)
    assert await _preview(cinema, ada) == (DeletionOutcome.UNSHARED, True)
    await _delete(cinema, ada)
    assert cinema.has() is None


@pytest.mark.parametrize("left", [True, False])
async def test_who_left_or_was_kept_out_is_only_forgotten_here(
    cinema: Cinema, *, left: bool
) -> None:
    cinema.plex.guest("Ada", ADA)
    ada = await cinema.invite()
    if left:
        cinema.plex.leave(ADA)
    else:
        await cinema.switch(ada, on=False)
    assert await _preview(cinema, ada) == (DeletionOutcome.GONE, True)
    await _delete(cinema, ada)


async def test_what_plex_cannot_be_asked_stays(cinema: Cinema) -> None:
    ada = await cinema.invite(accepts=False)
    cinema.plex.tv.faults.add(Fault("/", FaultKind.DROP, endless=True))
    assert await _preview(cinema, ada) == (DeletionOutcome.FAILED, False)
    with pytest.raises(NotDeletedError):
        await cinema.actions.delete(ada.id)
    assert (await cinema.person(ada)).users
    assert cinema.has() is not None

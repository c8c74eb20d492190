"""Which person a guest is, when some of their accounts are known already."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from zondarr.core.clock import utc_now
from zondarr.core.database import UnitOfWork
from zondarr.media.types import ServerType, ShareStatus
from zondarr.servers.models import MediaServer
from zondarr.users.enrolment import Enrolment, enrol
from zondarr.users.models import Identity, User

SOON = datetime(2090, 1, 1, tzinfo=UTC)
LATE = datetime(2091, 1, 1, tzinfo=UTC)
BEFORE = {"share": "access from before"}


@pytest.fixture
async def plexes(work: UnitOfWork) -> Sequence[MediaServer]:
    """Two Plex servers and a Jellyfin that nobody asks anything."""
    types = [ServerType.PLEX, ServerType.PLEX, ServerType.JELLYFIN]
    async with work() as session:
        rows = [
            MediaServer(
                name=str(number),
                server_type=one,
                url="http://127.0.0.1:1",
                api_key="sealed",
            )
            for number, one in enumerate(types)
        ]
        session.add_all(rows)
    return rows


def on(server: MediaServer, id: str = "4711", **more: object) -> Enrolment:
    fields = {"media_server_id": server.id, "external_user_id": id, "username": "ada"}
    return Enrolment(**(fields | more))  # pyright: ignore[reportArgumentType]


async def let_in(
    work: UnitOfWork,
    *enrolments: Enrolment,
    plex_id: str | None = None,
    until: datetime | None = None,
    person: Identity | None = None,
) -> Identity:
    async with work() as session:
        return await enrol(
            session,
            display_name="Ada",
            email="ada@example.org",
            expires_at=until,
            enrolments=enrolments,
            plex_id=plex_id,
            identity_id=person.id if person else None,
        )


def account(person: Identity, server: MediaServer) -> User:
    (found,) = [user for user in person.users if user.media_server_id == server.id]
    return found


async def test_who_signs_in_with_plex_is_whom_a_plex_server_knows_him_as(
    work: UnitOfWork, plexes: Sequence[MediaServer]
) -> None:
    first, second, jellyfin = plexes
    ada = await let_in(work, on(first), until=SOON)
    again = await let_in(
        work, on(second), on(jellyfin, "a-guid"), plex_id="4711", until=LATE
    )
    assert again.id == ada.id
    assert [user.expires_at for user in again.users] == [SOON, LATE, LATE]
    assert again.expires_at == LATE


async def test_a_jellyfin_account_of_that_id_is_not_him(
    work: UnitOfWork, plexes: Sequence[MediaServer]
) -> None:
    first, _, jellyfin = plexes
    other = await let_in(work, on(jellyfin))
    ada = await let_in(work, on(first), plex_id="4711")
    assert ada.id != other.id


async def test_without_signing_in_a_guest_is_somebody_new(
    work: UnitOfWork, plexes: Sequence[MediaServer]
) -> None:
    first, _, jellyfin = plexes
    ada = await let_in(work, on(first))
    assert (await let_in(work, on(jellyfin, "a-guid"))).id != ada.id


async def test_who_the_caller_names_gains_the_account(
    work: UnitOfWork, plexes: Sequence[MediaServer]
) -> None:
    first, _, jellyfin = plexes
    ada = await let_in(work, on(first), until=SOON)
    again = await let_in(work, on(jellyfin, "a-guid"), person=ada, until=SOON)
    assert (again.id, len(again.users)) == (ada.id, 2)


@pytest.mark.parametrize(
    ("had", "given", "has"),
    [(SOON, LATE, LATE), (LATE, SOON, LATE), (None, SOON, None), (SOON, None, None)],
)
async def test_a_second_invitation_to_the_same_server_shortens_nothing(
    work: UnitOfWork,
    plexes: Sequence[MediaServer],
    had: datetime | None,
    given: datetime | None,
    has: datetime | None,
) -> None:
    await let_in(work, on(plexes[0], access_before=BEFORE), until=had)
    again = await let_in(
        work, on(plexes[0], access_before={"share": "ours"}), until=given
    )
    assert account(again, plexes[0]).expires_at == has
    assert account(again, plexes[0]).access_before == BEFORE


async def test_whose_access_was_taken_comes_back_with_what_he_is_given_now(
    work: UnitOfWork, plexes: Sequence[MediaServer]
) -> None:
    ada = await let_in(work, on(plexes[0], access_before=BEFORE), until=None)
    async with work() as session:
        user = await session.get_one(User, ada.users[0].id)
        user.enabled, user.access_taken = False, {"share": "taken"}
        user.access_ended_at = utc_now() - timedelta(days=1)
    again = await let_in(work, on(plexes[0]), until=SOON)
    user = account(again, plexes[0])
    assert (user.enabled, user.access_taken, user.access_ended_at) == (True, None, None)
    assert (user.expires_at, user.access_before) == (SOON, None)


async def test_an_address_becomes_a_number_when_its_share_is_accepted(
    work: UnitOfWork, plexes: Sequence[MediaServer]
) -> None:
    pending = on(
        plexes[0], "ada@example.org", share_id="9", standing=ShareStatus.PENDING
    )
    ada = await let_in(work, pending)
    again = await let_in(work, on(plexes[0], share_id="9"), plex_id="4711")
    assert again.id == ada.id
    user = account(again, plexes[0])
    assert (user.external_user_id, user.standing) == ("4711", ShareStatus.ACCEPTED)


async def test_a_number_never_becomes_an_address_again(
    work: UnitOfWork, plexes: Sequence[MediaServer]
) -> None:
    await let_in(work, on(plexes[0], share_id="9"))
    again = await let_in(work, on(plexes[0], "ada@example.org", share_id="9"))
    assert account(again, plexes[0]).external_user_id == "4711"

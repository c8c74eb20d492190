"""Another server answers at the address: nothing is concluded about its accounts."""

from datetime import timedelta

import pytest
from tests.simulated import replace_server
from tests.users.cinema import ADA, Cinema
from tests.users.conftest import Invite

from zondarr.core.clock import utc_now
from zondarr.core.database import UnitOfWork
from zondarr.servers.models import MediaServer
from zondarr.servers.schemas import ServerUpdate
from zondarr.servers.service import MediaServerService
from zondarr.users.actions import PeopleActions
from zondarr.users.exceptions import NotDeletedError
from zondarr.users.expiry import AccessEnd
from zondarr.users.models import Identity
from zondarr.users.repository import IdentityRepository
from zondarr.users.schemas import ActionStatus


async def _person(work: UnitOfWork, person: Identity) -> Identity:
    async with work(reading=True) as session:
        return await IdentityRepository(session).require(person.id)


async def _is_left_as_it_was(
    actions: PeopleActions, access_end: AccessEnd, ada: Identity
) -> None:
    later = utc_now() + timedelta(days=1)
    assert (await access_end.end(later)).servers_failed == 1
    _, (result,) = await actions.set_enabled(ada.id, False)
    assert (result.status, result.error_code) == (
        ActionStatus.FAILED,
        "server_replaced",
    )
    with pytest.raises(NotDeletedError) as raised:
        await actions.delete(ada.id)
    assert (raised.value.error_code, raised.value.status) == ("server_replaced", 502)
    (user,) = (await _person(actions.work, ada)).users
    assert user.enabled
    assert (user.missing_since, user.access_ended_at) == (None, None)


async def test_on_jellyfin_no_end_no_disabling_and_no_deletion_counts(
    actions: PeopleActions,
    access_end: AccessEnd,
    servers: MediaServerService,
    invite: Invite,
    server: MediaServer,
) -> None:
    ada = await invite("Ada", [server], utc_now() + timedelta(hours=1))
    await replace_server(server.url)
    await _is_left_as_it_was(actions, access_end, ada)
    await servers.update(server.id, ServerUpdate(confirm_new_identity=True))
    (user,) = (await _person(actions.work, ada)).users
    assert user.missing_since is not None
    await actions.delete(ada.id)


async def test_on_plex_no_end_no_disabling_and_no_deletion_counts(
    cinema: Cinema, access_end: AccessEnd
) -> None:
    cinema.plex.guest("Ada", ADA)
    ada = await cinema.invite(expires_at=utc_now() + timedelta(hours=1))
    await replace_server(cinema.plex.url)
    await _is_left_as_it_was(cinema.actions, access_end, ada)
    await replace_server(cinema.plex.url, back=True)
    assert cinema.has() is not None
    await cinema.actions.delete(ada.id)
    assert cinema.has() is None

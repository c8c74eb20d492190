"""A client that others wrote can use the simulated plex.tv and media server."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest

from media_server_simulators.plex import PlexServerSimulator, PlexTvSimulator, PlexWorld
from media_server_simulators.server import serve_in_thread

# Neither is typed; what they give is checked by its values.
requests: Any = importlib.import_module("requests")
plexapi: Any = importlib.import_module("plexapi.exceptions")
myplex: Any = importlib.import_module("plexapi.myplex")
server_api: Any = importlib.import_module("plexapi.server")

GUEST = "guest@example.org"


class Redirected:
    """An adapter that sends what is meant for plex.tv to the simulator instead."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._inner = requests.adapters.HTTPAdapter()

    def send(self, request: Any, **options: Any) -> Any:
        request.url = self._url + request.path_url
        return self._inner.send(request, **options)

    def close(self) -> None:
        self._inner.close()


@pytest.fixture
def world() -> PlexWorld:
    world = PlexWorld()
    _ = world.register("guest", GUEST)
    return world


@pytest.fixture
def session(world: PlexWorld) -> Iterator[Any]:
    with serve_in_thread(PlexTvSimulator(world)) as url, requests.Session() as session:
        session.trust_env = False
        for host in ("https://plex.tv", "https://clients.plex.tv"):
            session.mount(host, Redirected(url))
        yield session


@pytest.fixture
def server(world: PlexWorld) -> Iterator[PlexServerSimulator]:
    simulator = PlexServerSimulator(world)
    with serve_in_thread(simulator) as simulator.url:
        yield simulator


@pytest.fixture
def account(session: Any, world: PlexWorld) -> Any:
    return myplex.MyPlexAccount(token=world.owner.token, session=session)


def test_it_knows_who_it_is(account: Any, world: PlexWorld) -> None:
    assert (account.id, account.email) == (world.owner.id, world.owner.email)
    assert account.subscriptionActive is True
    assert "pass" in account.subscriptionFeatures


@pytest.mark.parametrize("token", ["short", "a" * 20])
def test_a_wrong_token_is_unauthorized(session: Any, token: str) -> None:
    with pytest.raises(plexapi.Unauthorized):
        myplex.MyPlexAccount(token=token, session=session)


def test_it_finds_its_server_and_reads_libraries(
    account: Any, server: PlexServerSimulator
) -> None:
    found = account.resource(server.server.name)
    assert found.owned is True
    connected = found.connect(ssl=False, timeout=5)
    assert connected.machineIdentifier == server.machine_identifier
    sections = connected.library.sections()
    assert [each.title for each in sections] == [
        s.title for s in server.server.sections
    ]
    films = sections[0].all()
    assert len(films) == 100
    assert films[0].media[0].parts[0].size > 0


def test_a_friend_gets_libraries_accepts_and_loses_them(
    account: Any, server: PlexServerSimulator, world: PlexWorld
) -> None:
    mid = server.machine_identifier
    account.inviteFriend(GUEST, mid, sections=["Movies"], allowSync=True)
    (share,) = world.shares.values()
    assert share.is_pending
    assert account.user(GUEST).servers[0].pending is True
    assert account.user(GUEST).allowSync is True
    with pytest.raises(plexapi.BadRequest, match="already sharing"):
        account.inviteFriend(GUEST, mid, sections=["Movies"])
    account.updateFriend(GUEST, mid, sections=["Movies", "Shows"], allowSync=False)
    assert [e.title for e in server.server.chosen(share.section_ids)] == [
        "Movies",
        "Shows",
    ]
    assert account.user(GUEST).allowSync is False
    assert [e.shared for e in account.user(GUEST).servers[0].sections()] == [
        True,
        True,
        False,
        False,
    ]
    account.removeFriend(GUEST)
    assert not world.shares


def test_a_managed_user_is_made_switched_to_and_removed(
    account: Any, server: PlexServerSimulator, world: PlexWorld
) -> None:
    account.createHomeUser("Kid", server.machine_identifier, sections=["Movies"])
    kid = account.user("Kid")
    assert kid.home is True
    assert kid.servers[0].pending is False
    account.setManagedUserPin("Kid", "1234")
    with pytest.raises(plexapi.Unauthorized):
        account.switchHomeUser("Kid", pin="0000")
    assert account.switchHomeUser("Kid", pin="1234").id == kid.id
    account.removeHomeUser("Kid")
    assert not world.shares
    assert [each.title for each in account.users()] == []


def test_what_plex_has_taken_away_is_gone(account: Any) -> None:
    with pytest.raises(plexapi.BadRequest, match="410"):
        account.pendingInvites()


def test_history_names_the_owner_by_one(server: PlexServerSimulator) -> None:
    connected = server_api.PlexServer(server.url, server.token)
    assert [each.id for each in connected.systemAccounts()] == [1]
    assert connected.history() == []

"""A server is stored if and only if it was proven."""

from dataclasses import dataclass

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator
from sqlalchemy import func, select

from zondarr.core.database import UnitOfWork
from zondarr.core.exceptions import ZondarrError
from zondarr.media.types import ServerType
from zondarr.servers.models import Library, MediaServer
from zondarr.servers.schemas import ServerCreate
from zondarr.servers.service import MediaServerService

PLEX = ServerType.PLEX
HARMLESS = {FaultKind.LATENCY}
VALUES = {FaultKind.LATENCY: 5, FaultKind.STATUS: 500}
NEEDED = ("/", "/System", "/Library/VirtualFolders")


@dataclass(frozen=True)
class Try:
    """One way of adding the simulated server, and how it behaves meanwhile."""

    name: str
    server_type: ServerType | None
    fault: Fault | None
    key: str

    @property
    def proves(self) -> bool:
        harmless = self.fault is None or self.fault.kind in HARMLESS
        return harmless and self.key == "right" and self.server_type is not PLEX


def _fault(kind: FaultKind, path: str) -> Fault:
    return Fault(path, kind, value=VALUES.get(kind), endless=True)


tries = st.builds(
    Try,
    name=st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=100),
    server_type=st.sampled_from([None, *ServerType]),
    fault=st.none()
    | st.builds(
        _fault,
        st.sampled_from(sorted(set(FaultKind) - {FaultKind.EMPTY, FaultKind.SHRUNKEN})),
        st.sampled_from(NEEDED),
    ),
    key=st.sampled_from(["right", "wrong", "a guest's"]),
)


@pytest.fixture
def keys(simulator: JellyfinSimulator, guest_key: str) -> dict[str, str]:
    return {"right": simulator.api_key, "wrong": "0" * 32, "a guest's": guest_key}


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(one=tries)
async def test_a_server_is_stored_if_and_only_if_it_was_proven(
    servers: MediaServerService,
    simulator: JellyfinSimulator,
    url: str,
    keys: dict[str, str],
    one: Try,
) -> None:
    before = await _count(servers.work)
    simulator.faults.remove()
    if one.fault is not None:
        simulator.faults.add(one.fault)
    data = ServerCreate(
        name=one.name, server_type=one.server_type, url=url, api_key=keys[one.key]
    )
    server = await servers.create(data) if one.proves else None
    if server is not None:
        assert (server.name, server.server_type) == (one.name, ServerType.JELLYFIN)
    else:
        with pytest.raises(ZondarrError):
            await servers.create(data)
    libraries = len(simulator.state.folders) * one.proves
    after = (before[0] + one.proves, before[1] + libraries)
    assert await _count(servers.work) == after
    if server is not None:  # the same server cannot be added a second time
        await servers.delete(server.id)


async def _count(work: UnitOfWork) -> tuple[int, int]:
    async with work(reading=True) as session:
        servers = await session.scalar(select(func.count()).select_from(MediaServer))
        libraries = await session.scalar(select(func.count()).select_from(Library))
    return servers or 0, libraries or 0


@pytest.fixture
async def guest_key(simulator: JellyfinSimulator, url: str) -> str:
    """The token that an ordinary person of the server got for signing in."""
    person = simulator.state.world.people[0]
    program = 'MediaBrowser Client="a", Device="b", DeviceId="c", Version="1"'
    async with httpx2.AsyncClient() as client:
        answer = await client.post(
            f"{url}/Users/AuthenticateByName",
            headers={"Authorization": program},
            json={"Username": person.name, "Pw": person.password},
        )
    token = answer.json()["AccessToken"]
    assert isinstance(token, str)
    return token

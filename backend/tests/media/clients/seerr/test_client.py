"""What answers of Seerr mean, and changes whose answer is lost."""

from collections.abc import AsyncGenerator
from uuid import uuid7

import pytest
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.seerr import Profile
from media_server_simulators.seerr.values import RequestStatus as Their
from tests.simulated import SimulatedSeerr, playing_seerr

from zondarr.media.clients.seerr.answers import classify
from zondarr.media.clients.seerr.client import product_of
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.registry import ClientRegistry
from zondarr.media.requests import (
    RequestClient,
    RequestConnection,
    RequestProduct,
    RequestStatus,
)
from zondarr.media.transport import ClientResponse

CHANGES = {
    "approve": RequestStatus.APPROVED,
    "decline": RequestStatus.DECLINED,
    "retry": RequestStatus.APPROVED,
}
NO_KEY = b'{"message":"cookie \'connect.sid\' required","errors":[]}'
NO_RIGHT = b'{"message":"You do not have permission to delete this request."}'


@pytest.fixture
async def seerr() -> AsyncGenerator[SimulatedSeerr]:
    async with playing_seerr(base_path="/base", requests=3, users=2) as seerr:
        yield seerr


@pytest.fixture
async def client(
    seerr: SimulatedSeerr, registry: ClientRegistry
) -> AsyncGenerator[RequestClient]:
    connection = RequestConnection(id=uuid7(), url=seerr.url, api_key=seerr.api_key)
    async with registry.get_request_client(connection) as client:
        yield client


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, NO_KEY, ErrorKind.UNAUTHORIZED),
        (401, NO_RIGHT, ErrorKind.REFUSED),
        (401, b"<html>", ErrorKind.REFUSED),
        (403, b'{"status":403,"error":"no"}', ErrorKind.UNAUTHORIZED),
        (403, b'{"message":"Movie Quota exceeded."}', ErrorKind.REFUSED),
        (403, b"<html>", ErrorKind.REFUSED),
        (404, b'{"message":"Request not found."}', ErrorKind.GONE),
        (404, b'{"message":"not found","errors":[]}', ErrorKind.NOT_THIS_TYPE),
        (404, b"<html>", ErrorKind.NOT_THIS_TYPE),
        (200, b"<html>", ErrorKind.NOT_THIS_TYPE),
        (302, b"", ErrorKind.NOT_THIS_TYPE),
        (429, b"{}", ErrorKind.BUSY),
        (500, b'{"message":"LIMIT must not be negative"}', ErrorKind.FAILED),
        (503, b"", ErrorKind.STARTING),
    ],
)
def test_a_status_means_what_its_body_says(
    status: int, body: bytes, kind: ErrorKind
) -> None:
    json = body.startswith(b"{")
    media_type = "application/json" if json else "text/html"
    response = ClientResponse(status=status, media_type=media_type, body=body)
    assert classify(response).kind is kind


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_is_read_back(
    registry: ClientRegistry, profile: Profile, change: str
) -> None:
    async with playing_seerr(profile, requests=3, users=2) as seerr:
        connection = RequestConnection(id=uuid7(), url=seerr.url, api_key=seerr.api_key)
        seerr.simulator.state.requests[1].status = Their.PENDING
        async with registry.get_request_client(connection) as client:
            changed = await getattr(client, change)(1)
            assert changed.request_status == CHANGES[change]
            assert await getattr(client, change)(999) is None


@pytest.mark.parametrize("kind", [FaultKind.LOST_RESPONSE, FaultKind.TRUNCATE])
async def test_a_change_whose_answer_is_lost_was_made(
    seerr: SimulatedSeerr, client: RequestClient, kind: FaultKind
) -> None:
    state = seerr.simulator.state
    state.requests[1].status = Their.PENDING
    path = "/api/v1/request/1/approve"
    seerr.simulator.faults.add(Fault(path, kind, method="POST"))
    approved = await client.approve(1)
    assert approved is not None
    assert approved.request_status == RequestStatus.APPROVED
    gone = Fault("/api/v1/request/2", FaultKind.LOST_RESPONSE, method="DELETE")
    seerr.simulator.faults.add(gone)
    assert await client.delete(2)
    assert 2 not in state.requests
    assert not await client.delete(2)


async def test_a_change_that_was_not_made_is_an_error(
    seerr: SimulatedSeerr, client: RequestClient
) -> None:
    seerr.simulator.state.requests[1].status = Their.PENDING
    for kind in (FaultKind.DROP, FaultKind.HTML):
        seerr.simulator.faults.add(Fault("/api/v1/request/1", kind, method="POST"))
        with pytest.raises(MediaClientError):
            await client.approve(1)
        seerr.simulator.faults.remove()
    assert seerr.simulator.state.requests[1].status is Their.PENDING


@pytest.mark.parametrize(
    ("version", "settings", "product"),
    [
        ("3.1.0", {"mediaServerType": 2}, RequestProduct.SEERR),
        ("v3.2.1", {"mediaServerType": 1}, RequestProduct.SEERR),
        ("2.7.3", {"mediaServerType": 2}, RequestProduct.JELLYSEERR),
        ("1.9.2", {"mediaServerType": 3}, RequestProduct.JELLYSEERR),
        ("1.34.0", {}, RequestProduct.OVERSEERR),
        ("develop-1", {"mediaServerType": 2}, RequestProduct.JELLYSEERR),
        (
            "develop-local",
            {"mediaServerType": 2, "hideBlocklisted": False},
            RequestProduct.SEERR,
        ),
    ],
)
def test_products_are_told_apart(
    version: str, settings: dict[str, object], product: RequestProduct
) -> None:
    assert product_of(version, settings) is product


async def test_no_other_user_is_ever_named(
    seerr: SimulatedSeerr, client: RequestClient
) -> None:
    await client.server_info()
    await client.request_page(0, take=10, order="added")
    for entry in seerr.simulator.journal.entries:
        assert entry.request.header("X-API-User") is None

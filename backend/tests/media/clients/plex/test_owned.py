"""Signing in with Plex returns the servers that the account owns."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from media_server_simulators.plex.versions import SERVER_VERSION
from tests.media.clients.plex.conftest import Plex, quick
from tests.media.servers import answering, reply

from zondarr.media.clients.plex.owned import owned_servers
from zondarr.media.clients.plex.pins import Token
from zondarr.media.connections import HostStates
from zondarr.media.exceptions import ErrorKind, MediaClientError

resources: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    st.fixed_dictionaries(
        {"clientIdentifier": st.text("ab/.1", min_size=1), "name": st.text()},
        optional={
            "provides": st.sampled_from(["server", "client,player", "player,server"]),
            "owned": st.sampled_from([True, False, 1, "1"]),
            "connections": st.lists(
                st.fixed_dictionaries(
                    {"uri": st.text()}, optional={"relay": st.just(1)}
                )
            ),
        },
    )
)


async def test_his_own_servers_are_named_with_their_addresses(plex: Plex) -> None:
    [found] = await owned_servers(Token(plex.tv.owner_token), plex.states)
    assert found.machine_id == plex.server.server.machine_identifier
    assert (found.name, found.version) == (plex.server.server.name, SERVER_VERSION)
    direct, relayed = found.connections
    assert (direct.url, direct.local, direct.relay) == (plex.server.url, True, False)
    assert relayed.relay


async def test_a_server_that_is_only_shared_with_him_is_not_his(plex: Plex) -> None:
    guest = plex.world.find("vera.dorn.1@example.org") or plex.world.register(
        "Vera", "vera@example.org"
    )
    await plex.client.create_user("", "", guest.email, library_ids=plex.keys[:1])
    [share] = plex.world.shares.values()
    plex.accept(share)
    assert await owned_servers(Token(guest.token), plex.states) == []


@settings(max_examples=100, deadline=None)
@given(resources)
async def test_only_servers_that_he_owns_are_his(
    payload: list[dict[str, Any]],
) -> None:
    body = json.dumps(payload).encode()
    async with answering(lambda _, __: reply(200, body)) as url:
        found = await owned_servers(Token("t" * 20), HostStates(quick(url)))
    owned = [
        each["clientIdentifier"]
        for each in payload
        if each.get("owned", False) in {True, "1"}
        and "server" in str(each.get("provides"))
        and str(each["clientIdentifier"]).isalnum()
    ]
    assert [each.machine_id for each in found] == owned


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, ErrorKind.UNAUTHORIZED),
        (422, ErrorKind.UNAUTHORIZED),
        (503, ErrorKind.BUSY),
        (520, ErrorKind.FAILED),
    ],
)
async def test_what_fails_has_its_kind_and_no_token(
    status: int, kind: ErrorKind
) -> None:
    body = b'{"errors":[{"message":"Invalid token"}]}'
    async with answering(lambda _, __: reply(status, body)) as url:
        states = HostStates(quick(url, attempts=1))
        with pytest.raises(MediaClientError) as caught:
            await owned_servers(Token("a-secret-token-of-20"), states)
    assert (caught.value.kind, caught.value.operation) == (kind, "owned_servers")
    assert "secret" not in repr(caught.value) + str(caught.value)

"""The bodies we answer with survive JSON and back, and show no key."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid7

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contract.entities import OWN, moments, values_of

from zondarr.accounts.models import Account, Workspace
from zondarr.accounts.schemas import SessionResponse
from zondarr.core.durable.models import Run
from zondarr.core.durable.schemas import RunResponse
from zondarr.core.models import Base, Entity
from zondarr.core.schemas import ResponseBody
from zondarr.invitations.grants import gaps_of
from zondarr.invitations.models import Invitation, Provisioning, Redemption
from zondarr.invitations.schemas import InvitationResponse, RedemptionResponse
from zondarr.servers.models import Library, MediaServer
from zondarr.servers.schemas import LibraryResponse, ServerResponse
from zondarr.users.models import Identity, User
from zondarr.users.schemas import IdentityResponse, UserResponse

SECRET = "z1.0123abcd.never-to-be-shown"
SECRETS = {"api_key", "password_hash", "guest_password", "plan"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
PARENTS = {name: uuid7() for name in Base.metadata.tables}


def rows[E: Entity](
    entity: type[E], **related: st.SearchStrategy[Any]
) -> st.SearchStrategy[E]:
    """Any row, as if it were read from its table; where a secret can be, one is."""

    def make(values: dict[str, Any], others: dict[str, Any]) -> E:
        hidden = {name: SECRET for name in values if name in SECRETS}
        return entity(**values | hidden | others)

    ids = st.uuids()
    own = {name: ids for name in OWN if hasattr(entity, name)} | {"updated_at": moments}
    return st.builds(
        make, values_of(entity, PARENTS), st.fixed_dictionaries(own | related)
    )


servers = rows(MediaServer)
libraries = rows(Library)
users = rows(User, server=servers)
identities = rows(Identity, users=st.lists(users, max_size=3))
invitations = rows(
    Invitation,
    servers=st.lists(servers, max_size=2),
    libraries=st.lists(libraries, max_size=2),
)
redemptions = rows(
    Redemption,
    provisionings=st.lists(rows(Provisioning, server=servers), max_size=2),
)


@st.composite
def invitation_bodies(draw: st.DrawFn) -> InvitationResponse:
    invitation = draw(invitations)
    gaps = gaps_of(invitation, invitation.libraries)
    return InvitationResponse.of(
        invitation, gaps, url="https://zondarr.test/join/X", now=draw(moments)
    )


@st.composite
def session_bodies(draw: st.DrawFn) -> SessionResponse:
    return SessionResponse.of(draw(rows(Account)), draw(rows(Workspace)), "a token")


BODIES: dict[str, st.SearchStrategy[ResponseBody]] = {
    "server": servers.map(ServerResponse.from_row),
    "library": libraries.map(LibraryResponse.from_row),
    "user": users.map(UserResponse.of),
    "identity": identities.map(IdentityResponse.of),
    "invitation": invitation_bodies(),
    "redemption": redemptions.map(RedemptionResponse.of),
    "run": rows(Run).map(RunResponse.of),
    "session": session_bodies(),
}


@pytest.mark.parametrize("entity", BODIES)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_body_survives_json_and_back(entity: str, data: st.DataObject) -> None:
    body = data.draw(BODIES[entity])
    sent = msgspec.json.encode(body)
    assert msgspec.json.decode(sent, type=type(body)) == body
    assert SECRET not in sent.decode()
    assert not SECRETS & set(_names(json.loads(sent)))
    for value, shown in zip(_leaves(body), _leaves(json.loads(sent)), strict=True):
        _check_leaf(value, shown)


def _check_leaf(value: object, shown: object) -> None:
    if isinstance(value, UUID):
        assert shown == str(value)
    elif isinstance(value, datetime):
        assert isinstance(shown, str)
        assert MOMENT.fullmatch(shown)
        assert datetime.fromisoformat(shown) == value
    else:
        assert shown == value


def _leaves(value: Any) -> Iterator[object]:
    """What has nothing inside, in the order in which it is written."""
    if isinstance(value, msgspec.Struct):
        value = msgspec.structs.asdict(value)
    if isinstance(value, dict):
        value = list(cast("dict[str, Any]", value).values())
    if not isinstance(value, list | tuple):
        yield value
        return
    for inner in cast("list[Any]", value):
        yield from _leaves(inner)


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        given = cast("dict[str, Any]", value)
        yield from given
        value = list(given.values())
    if isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _names(inner)

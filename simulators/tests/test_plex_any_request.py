"""Whatever is asked of the simulated Plex, it answers; it never falls over."""

import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media_server_simulators.generator import make_world
from media_server_simulators.plex import PlexServerSimulator, PlexTvSimulator, PlexWorld
from media_server_simulators.plex.removed_routes import routes as gone
from media_server_simulators.plex.routing import Route
from media_server_simulators.plex.server import ROUTES as SERVER_ROUTES
from media_server_simulators.plex.server_call import ServerCall
from media_server_simulators.plex.settings import Sharing
from media_server_simulators.plex.sharing import Wish, share_once
from media_server_simulators.plex.tv import ROUTES as TV_ROUTES
from media_server_simulators.plex.tv_call import TvCall
from media_server_simulators.wire import Json, Request

type Query = tuple[tuple[str, str], ...]

HOUSE = make_world(items=10, people=3)
SAMPLE = PlexWorld(HOUSE)
(SERVER,) = SAMPLE.servers.values()
SECTIONS: list[Json] = [each.id for each in SERVER.sections]
IDS: list[Json] = [str(each) for each in SAMPLE.accounts]
SHARE = "9000001"
LIVING = [each for each in TV_ROUTES.all if each not in gone.all]
ANSWERED = range(200, 500)

type Values = st.SearchStrategy[Json]

ODD: list[Json] = [None, True, "", "²", "-1", "1e9", "x" * 30, 0, -1, 1.5, [], {}]
values: Values = st.sampled_from([*ODD, *SECTIONS, *IDS, SERVER.machine_identifier])
names = st.sampled_from(
    [
        "machineIdentifier", "librarySectionIds", "invitedId", "invitedEmail",
        "settings", "allowTuners", "allowSync", "filterMovies", "shared_server",
        "sharing_settings", "library_section_ids", "invited_id", "invited_email",
        "code", "person", "share_id", "rating_key", "email",
    ]
)  # fmt: skip
inside: Values = st.recursive(
    values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner),
    max_leaves=12,
)
fields: dict[str, Values] = {
    "allowTuners": values,
    "library_section_ids": values,
    "invited_id": values,
    "invited_email": values,
}
allowed: Values = st.one_of(inside, st.fixed_dictionaries({}, optional=fields))
wish: dict[str, Values] = {
    name: inside | st.just(SECTIONS[:1])
    for name in (
        "librarySectionIds",
        "invitedId",
        "invitedEmail",
        "library_section_ids",
    )
}
known: dict[str, Values] = {
    "machineIdentifier": st.just(SERVER.machine_identifier),
    "settings": allowed,
    "shared_server": allowed,
    "sharing_settings": allowed,
}
bodies: Values = (
    st.fixed_dictionaries(wish | known) | st.dictionaries(names, inside) | inside
)
words = st.sampled_from(
    ["strong", "pin", "title", "invitedEmail", "type", "sort", "addedAt>",
     "viewedAt>", "accountID", "X-Plex-Container-Start", "X-Plex-Container-Size",
     "allowTuners", "includeGuids"]
)  # fmt: skip
queries = st.lists(st.tuples(words, values.map(str)), max_size=3).map(tuple)
parts = st.sampled_from(
    [SHARE, SHARE, SHARE, SERVER.machine_identifier, *map(str, IDS)]
) | values.map(lambda value: str(value) or "0")


def world_with_a_share() -> PlexWorld:
    world = PlexWorld(HOUSE)
    (server,) = world.servers.values()
    guest = next(each for each in world.accounts.values() if each is not world.owner)
    wish = Wish(server, SECTIONS[:1], None, guest.id, Sharing())
    assert str(share_once(world, wish).id) == SHARE
    return world


def name_of(route: Route[TvCall] | Route[ServerCall]) -> str:
    return f"{route.method} /{'/'.join(route.template)}"


def filled(template: tuple[str, ...], given: list[str]) -> str:
    left = iter(given)
    return "/" + "/".join(
        next(left, "1") if each.startswith("{") else each for each in template
    )


def request(
    world: PlexWorld, method: str, path: str, query: Query, body: Json
) -> Request:
    headers = (
        ("x-plex-token", world.owner.token),
        ("x-plex-client-identifier", "any"),
        ("accept", "application/json"),
    )
    return Request(method, path, query, headers, json.dumps(body).encode())


@pytest.mark.parametrize("route", LIVING, ids=name_of)
@settings(max_examples=40, deadline=None)
@given(
    given=st.lists(parts, min_size=2, max_size=2),
    query=queries,
    body=bodies,
)
def test_plex_tv_answers(
    route: Route[TvCall], given: list[str], query: Query, body: Json
) -> None:
    world = world_with_a_share()
    asked = request(world, route.method, filled(route.template, given), query, body)
    assert asyncio.run(PlexTvSimulator(world).answer(asked)).status in ANSWERED


@pytest.mark.parametrize("route", SERVER_ROUTES.all, ids=name_of)
@settings(max_examples=40, deadline=None)
@given(
    given=st.lists(parts, min_size=2, max_size=2),
    query=queries,
)
def test_a_media_server_answers(
    route: Route[ServerCall], given: list[str], query: Query
) -> None:
    world = world_with_a_share()
    asked = request(world, route.method, filled(route.template, given), query, None)
    assert asyncio.run(PlexServerSimulator(world).answer(asked)).status in ANSWERED


acts = st.sampled_from(["approve-pin", "accept", "leave", "register", "play", "no"])


@given(acts, bodies)
def test_a_control_path_answers(act: str, body: Json) -> None:
    world = world_with_a_share()
    asked = request(world, "POST", f"/_simulator/plex/{act}", (), body)
    assert asyncio.run(PlexTvSimulator(world).answer(asked)).status in ANSWERED

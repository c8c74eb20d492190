"""Whatever is asked, it is answered as a server answers: never by a broken handler."""

import asyncio
import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator, Version
from media_server_simulators.jellyfin.http.routing import Route
from media_server_simulators.jellyfin.routes import ROUTES
from media_server_simulators.wire import Json, Request

WORLD = make_world(items=30, people=3)
KNOWN = [
    *(title.id for title in WORLD.titles[::29]),
    *(person.id for person in (WORLD.administrator, WORLD.people[0])),
    WORLD.libraries[0].id,
    "0" * 32,
]
WORDS = st.sampled_from([*KNOWN, "true", "-1", "7", "Movie,Series", "Ascending", ""])
TEXTS = WORDS | st.text(max_size=12)
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2)
    ),
    max_leaves=4,
)


def request_for(route: Route) -> st.SearchStrategy[Request]:
    known = list(route.body.shape.properties) if route.body else []
    keys = st.sampled_from(known or ["Name"])
    bodies = st.dictionaries(keys, VALUES) | VALUES
    raw = bodies.map(json.dumps).map(str.encode) | st.binary(max_size=9)
    names = st.sampled_from(sorted(route.query) or ["nonsense"])

    @st.composite
    def make(draw: st.DrawFn) -> Request:
        parts = [draw(TEXTS) if p.startswith("{") else p for p in route.template]
        return Request(
            method=route.method,
            path="/" + "/".join(part.replace("/", "") or "x" for part in parts),
            query=tuple(draw(st.lists(st.tuples(names, TEXTS), max_size=4))),
            headers=(
                ("authorization", f'MediaBrowser Token="{"k" * 32}"'),
                ("content-type", "application/json"),
            ),
            body=draw(raw),
        )

    return make()


@cache
def simulator(version: Version) -> JellyfinSimulator:
    return JellyfinSimulator(WORLD, version=version)


@pytest.mark.parametrize("version", Version)
@settings(deadline=None)  # a loop is begun for each; other runs share the cores
@given(data=st.data())
def test_any_request_is_answered(version: Version, data: st.DataObject) -> None:
    server = simulator(version)
    server.state.restarted = None
    routes = [route for route in ROUTES if version in route.versions]
    route = routes[data.draw(st.integers(0, len(routes) - 1))]
    request = data.draw(request_for(route))
    if request.method != "GET":
        server = JellyfinSimulator(WORLD, version=version)
    server.state.api_keys["k" * 32] = server.state.api_keys[server.api_key]
    reply = asyncio.run(server.answer(request))
    assert 200 <= reply.status < 600
    if (
        reply.body
        and ("Content-Type", "application/json; charset=utf-8") in reply.headers
    ):
        json.loads(reply.body)

"""Whatever is asked of a Seerr, no handler breaks over it."""

import asyncio
import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media_server_simulators.generator import make_world
from media_server_simulators.seerr import Profile, SeerrSimulator
from media_server_simulators.seerr.furnishing import Crowd
from media_server_simulators.seerr.library import delete_file
from media_server_simulators.seerr.routing import BASE, Route
from media_server_simulators.seerr.simulator import routes
from media_server_simulators.wire import Json, Request

WORLD = make_world(items=30, people=3)
WORDS = st.sampled_from(
    ["1", "2", "-1", "0", "1.5", "900001", "200150", "all", "tv", ""]
)
TEXTS = WORDS | st.text(max_size=8)
KEYS: st.SearchStrategy[str] = st.sampled_from(
    (
        *("mediaType", "mediaId", "seasons", "is4k", "userId", "tvdbId", "ids"),
        *("email", "username", "password", "permissions", "hostname", "start"),
        *("tmdbId", "user", "title", "jellyfinUserIds", "plexIds", "locale"),
    )
)
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 900_005) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2)
    ),
    max_leaves=4,
)


def request_for(route: Route, key: str) -> st.SearchStrategy[Request]:
    bodies = st.dictionaries(KEYS, VALUES) | VALUES
    raw = bodies.map(json.dumps).map(str.encode) | st.binary(max_size=6)
    names = st.sampled_from([*route.query, "nonsense"])

    @st.composite
    def make(draw: st.DrawFn) -> Request:
        parts = [draw(TEXTS) if p.startswith("{") else p for p in route.parts]
        return Request(
            method=route.method,
            path=f"{BASE}/" + "/".join(p.replace("/", "") or "x" for p in parts),
            query=tuple(draw(st.lists(st.tuples(names, TEXTS), max_size=4))),
            headers=(("x-api-key", key),),
            body=draw(raw),
        )

    return make()


@cache
def simulator(profile: Profile) -> SeerrSimulator:
    return SeerrSimulator(WORLD, profile=profile, crowd=Crowd(12, 4))


@pytest.mark.parametrize("profile", Profile)
@settings(deadline=None)
@given(data=st.data())
def test_any_request_is_answered(profile: Profile, data: st.DataObject) -> None:
    server = simulator(profile)
    known = [each for each in routes(profile) if each.handler is not delete_file]
    route = known[data.draw(st.integers(0, len(known) - 1))]
    if route.method != "GET":
        server = SeerrSimulator(WORLD, profile=profile, crowd=Crowd(12, 4))
    request = data.draw(request_for(route, server.api_key))
    reply = asyncio.run(server.answer(request))
    assert 200 <= reply.status < 600
    if (
        reply.body
        and ("Content-Type", "application/json; charset=utf-8") in reply.headers
    ):
        json.loads(reply.body)

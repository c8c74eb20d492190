"""No id of another workspace is ever more than a 404, on any route there is.

The routes are those of the OpenAPI document. One that is not known here makes these
tests fail: say in `BODIES` what it takes, or in `OPEN_TO_ALL` why it belongs to nobody.
"""

import re
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx2
import pytest
from tests.contract.neighbours import (
    PASSWORD,
    Home,
    Street,
    ids_in,
    items,
    open_street,
    rows_of,
    runs_are_over,
)

from zondarr.config import Settings
from zondarr.core.clock import utc_now

type Body = Callable[[Home], Mapping[str, Any]]

METHODS = ("get", "post", "put", "patch", "delete")


def _invitation(home: Home) -> Mapping[str, Any]:
    return {
        "label": "for the neighbours",
        "server_ids": [home.ids["servers"]],
        "library_ids": home.libraries[:1],
    }


def _server(home: Home) -> Mapping[str, Any]:
    return {"url": home.url, "api_key": home.simulator.api_key}


BODIES: dict[str, Body | None] = {
    "createServer": lambda home: {"name": "one more", **_server(home)},
    "testNewServer": _server,
    "updateServer": lambda home: {"name": "another name", **_server(home)},
    "testServer": None,
    "syncServer": None,
    "syncCatalogue": lambda _: {"dry_run": True},
    "confirmRun": None,
    "cancelRun": None,
    "updateSettings": lambda _: {"sync_hour": 5},
    "createInvitation": _invitation,
    "updateInvitation": _invitation,
    "createProtection": lambda home: {
        "scope": {"title_id": home.ids["titles"]},
        "insight": "large",
    },
    "createProtections": lambda home: {
        "title_ids": [home.ids["titles"]],
        "insight": "recent",
    },
    "importProtections": lambda _: {"text": "No such film", "insight": "recent"},
    "updateProtection": lambda _: {"note": "changed"},
    "deleteProtection": None,
    "approveRequest": None,
    "declineRequest": None,
    "retryRequest": None,
    "changeRequests": lambda home: {
        "action": "decline",
        "request_ids": [home.ids["requests"]],
    },
    "deleteRequest": None,
    "connectSeerr": lambda home: home.seerr,
    "testSeerr": lambda home: home.seerr,
    "syncSeerr": None,
    "updateSeerrUser": lambda home: {"identity_id": home.ids["identities"]},
    "disconnectSeerr": None,
    "runJob": None,
    "retrySetAsideWork": None,
    "endRedemption": None,
    "dismissLeftover": None,
    "beginPlexSignIn": lambda _: {"return_to": "/servers"},
    "beginGuestPlexSignIn": lambda home: {"code": home.code},
    "join": lambda _: {"username": "a.guest", "password": "a guest's own"},
    "updateIdentity": lambda _: {
        "display_name": "Another Name",
        "email": "new@example.org",
        "expires_at": utc_now().replace(year=2100).isoformat(),
    },
    "disableIdentity": None,
    "enableIdentity": None,
    "deleteUser": None,
    "deleteIdentity": None,
    "deleteInvitation": None,
    "deleteServer": None,
    "endSession": None,
    "setUp": lambda _: {
        "setup_token": "unknown",
        "email": "someone@example.org",
        "password": PASSWORD,
    },
    "changePassword": lambda _: {
        "current_password": PASSWORD,
        "new_password": PASSWORD,
    },
    "signOut": None,
    "signIn": lambda home: {"email": home.email, "password": PASSWORD},
}
"""What each change takes, in an order in which all of them can succeed."""

ANSWERS_EACH = {"createProtections", "changeRequests"}
"""Bodies with a list, of which what is unknown is reported in the answer."""

INSTEAD_OF = {"plex_pin_id": "api_key"}
"""Fields of which a body takes one."""

REFUSED = {
    # It has failed already: only a retry is left.
    "approveRequest": 409,
    "declineRequest": 409,
    "setUp": 409,
    "createServer": 409,
    "endRedemption": 409,
    "confirmRun": 409,
}
"""Changes that are refused here: set-up is over, the server has been added already, the
redemption has ended, and the run did not stop to ask."""

OPEN_TO_ALL = {
    "code": "anybody with a code may join with it, also if signed in elsewhere",
    "name": "a job belongs to the program; it is run in the workspace of who asks",
    "insight": "a kind of insight is the program's",
}
"""Parts of addresses that name nothing of a workspace's, and why."""

FIND_ALL = {
    "large_movie_bytes": "0",
    "large_season_bytes": "0",
    "verdict": "protected",
}
"""With these limits each title is large; the library of films is protected."""

ENDLESS = {"watchEvents": "tests/jobs/test_http.py: events tell of one's own runs"}
"""Routes that cannot be asked here, and where they are."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """An operation of the document."""

    id: str
    method: str
    path: str
    parameters: list[Any]
    schema: Mapping[str, Any] | None

    @property
    def names_one(self) -> bool:
        """Whether its address holds an id of a row."""
        parts = [part for _, part in self._places()]
        return any(part not in OPEN_TO_ALL for part in parts) or self._needs_pin

    def query(self, home: Home) -> Mapping[str, str]:
        """What its address must have besides."""
        if "{insight}" in self.path:
            return FIND_ALL
        return {"pin_id": home.ids["plex/pin"]} if self._needs_pin else {}

    @property
    def _needs_pin(self) -> bool:
        queries = [one for one in self.parameters if one["in"] == "query"]
        return any(one["name"] == "pin_id" for one in queries)

    def url(self, home: Home) -> str:
        url = self.path
        for place, part in self._places():
            url = url.replace(f"{{{part}}}", self._fill(home, place, part))
        return url

    def _places(self) -> list[tuple[str, str]]:
        return re.findall(r"((?:[^/{}]+/)?[^/{}]+)/{([^}]+)}", self.path)

    def _fill(self, home: Home, place: str, part: str) -> str:
        if part in OPEN_TO_ALL:
            return {"code": home.code, "name": "end_access", "insight": "large"}[part]
        assert part in {"id", "pin_id"}, f"{self.id}: what stands in {self.path}?"
        place = place if place in home.ids else place.rpartition("/")[2]
        assert place in home.ids, f"{self.id}: what has an id in {self.path}?"
        return home.ids[place]

    def body(self, home: Home) -> Mapping[str, Any] | None:
        if self.method == "get":
            return None
        assert self.id in BODIES, f"{self.id}: what does it take? Say so in BODIES."
        build = BODIES[self.id]
        return None if build is None else build(home)

    async def ask(
        self,
        who: Home,
        about: Home,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """`who` requests something of `about`, with their own objects besides."""
        headers = {"Authorization": f"Bearer {who.token}"} if self._has_token else {}
        return await who.browser.request(
            self.method,
            self.url(about),
            json=body if body is not None else self.body(who),
            headers=headers,
            params={**self.query(about), **(query or {})},
        )

    @property
    def _has_token(self) -> bool:
        return any(one["name"] == "Authorization" for one in self.parameters)

    def flags(self) -> Iterator[str]:
        """Its yes-or-no questions, which may turn it into another route."""
        for one in self.parameters:
            if one["in"] == "query" and one["schema"].get("type") == "boolean":
                yield one["name"]

    def references(self) -> Iterator[str]:
        """Filters that take an id."""
        for one in self.parameters:
            if one["in"] != "query" or one["name"] == "pin_id":
                continue
            if _takes_ids(one["schema"]):
                yield one["name"]


def routes_of(document: Mapping[str, Any]) -> list[Route]:
    """All of them, reading ones first, then as they stand in `BODIES`."""
    found = [
        Route(
            id=operation["operationId"],
            method=method,
            path=path,
            parameters=operation.get("parameters", []),
            schema=_schema_of(operation, document),
        )
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]
    order = list(BODIES)
    unknown = {one.id for one in found if one.method != "get"} ^ set(order)
    assert not unknown, f"not known here, or not there: {unknown}"
    reading = [one for one in found if one.method == "get"]
    changing = [one for one in found if one.method != "get"]
    return reading + sorted(changing, key=lambda one: order.index(one.id))


def _schema_of(
    operation: Mapping[str, Any], document: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    if "requestBody" not in operation:
        return None
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    name = schema["$ref"].rpartition("/")[2]
    return document["components"]["schemas"][name]["properties"]


def _ways_to_name(theirs: Any, own: Any) -> Iterator[Any]:
    yield theirs
    if isinstance(theirs, list):
        yield [*(own or []), *cast("list[Any]", theirs)]


def _takes_ids(schema: Any) -> bool:
    if isinstance(schema, dict):
        shape = cast("dict[str, Any]", schema)
        return shape.get("format") == "uuid" or any(map(_takes_ids, shape.values()))
    return isinstance(schema, list) and any(map(_takes_ids, cast("list[Any]", schema)))


@pytest.fixture
async def street(settings: Settings) -> AsyncGenerator[Street]:
    async with open_street(settings) as street:
        yield street


@pytest.fixture
async def unnoticed(street: Street) -> AsyncGenerator[None]:
    """Next door, everything is as it was, and nobody rang at the server there."""
    database, home = street.container.database, street.next_door
    before = await rows_of(database, home.workspace_id)
    assert all(before.values())
    rings = len(home.simulator.journal.entries)
    yield
    await runs_are_over(street.here.browser)
    assert await rows_of(database, home.workspace_id) == before
    assert len(home.simulator.journal.entries) == rings


@pytest.fixture
async def theirs(street: Street) -> set[str]:
    """What must never be read here: all ids from next door, and the words."""
    home = street.next_door
    rows = await rows_of(street.container.database, home.workspace_id)
    named = {home.name, home.code, home.email, home.url}
    return ids_in(rows) | named | set(home.ids.values())


@pytest.mark.usefixtures("unnoticed")
async def test_what_is_next_door_is_not_found_by_any_route(
    street: Street, theirs: set[str]
) -> None:
    asked = 0
    for route in routes_of(street.document):
        if not route.names_one:
            continue
        given = route.url(street.next_door).split("/")
        given += route.query(street.next_door).values()
        for flags in ({}, *({flag: "true"} for flag in route.flags())):
            answer = await route.ask(street.here, street.next_door, query=flags)
            assert answer.status_code == 404, f"{route.id}: {answer.text}"
            reported = {word for word in theirs - set(given) if word in answer.text}
            assert reported == set(), route.id
            asked += 1
    assert asked > 20


@pytest.mark.usefixtures("unnoticed")
async def test_what_is_next_door_is_in_no_list_and_found_by_no_filter(
    street: Street, theirs: set[str]
) -> None:
    for route in routes_of(street.document):
        if route.method != "get" or route.id in ENDLESS or "{code}" in route.path:
            continue
        answer = await route.ask(street.here, street.here)
        assert answer.is_success, f"{route.id}: {answer.text}"
        assert [word for word in theirs if word in answer.text] == [], route.id
        for name in route.references():
            kind = {
                "server_id": "servers",
                "identity_id": "identities",
                "library_id": "libraries",
                "title_id": "titles",
                "requested_by": "requesters",
            }[name]
            found = await route.ask(
                street.here,
                street.next_door,
                query={name: street.next_door.ids[kind]},
            )
            assert (found.status_code, _rows(found)) == (200, []), route.id
            own = await route.ask(
                street.here, street.here, query={name: street.here.ids[kind]}
            )
            assert _rows(own) != [], route.id


def _rows(answer: httpx2.Response) -> list[Any]:
    """Of a list, as JSON or as CSV."""
    if answer.headers["content-type"].startswith("text/csv"):
        return answer.text.splitlines()[1:]
    return answer.json()["items"]


@pytest.mark.usefixtures("unnoticed")
async def test_nothing_of_next_door_can_be_named_in_a_body(street: Street) -> None:
    theirs = {
        "server_ids": [street.next_door.ids["servers"]],
        "library_ids": list(street.next_door.libraries[:1]),
        "title_ids": [street.next_door.ids["titles"]],
        "plex_pin_id": street.next_door.ids["plex/pin"],
        "identity_id": street.next_door.ids["identities"],
        "request_ids": [street.next_door.ids["requests"]],
    }
    asked = 0
    for route in routes_of(street.document):
        for field, shape in (route.schema or {}).items():
            if not _takes_ids(shape):
                continue
            assert field in theirs, f"{route.id}: what does {field} refer to?"
            own = dict(route.body(street.here) or {})
            own.pop(INSTEAD_OF.get(field, ""), None)
            for given in _ways_to_name(theirs[field], own.get(field)):
                body = {**own, field: given}
                answer = await route.ask(street.here, street.here, body=body)
                asked += 1
                if route.id in ANSWERS_EACH:
                    assert answer.json()["items"][-1]["status"] == "not_found"
                    continue
                assert answer.status_code in {400, 404}, f"{route.id}: {answer.text}"
    assert asked >= 11


@pytest.mark.usefixtures("unnoticed")
async def test_nothing_of_next_door_can_be_protected(street: Street) -> None:
    theirs, own = street.next_door, street.here
    title = {"title_id": theirs.ids["titles"]}
    shows = await items(theirs.browser, "/titles?type=series")
    show = await theirs.browser.get(f"/api/v1/titles/{shows[0]['id']}")
    scopes: list[dict[str, Any]] = [
        title,
        {**title, "season": 1},
        {"episode": show.json()["leaves"][0]["id"]},
        {"library_id": theirs.ids["libraries"]},
        {"request_id": theirs.ids["requests"]},
    ]
    for scope in scopes:
        answer = await own.browser.post(
            "/api/v1/protections", json={"scope": scope, "insight": "recent"}
        )
        assert answer.status_code == 404, answer.text


@pytest.mark.usefixtures("unnoticed")
async def test_all_that_can_be_done_here_is_not_noticed_next_door(
    street: Street,
) -> None:
    """It also shows that the requests of the other tests are good ones."""
    for route in routes_of(street.document):
        if route.id in ENDLESS:
            continue
        answer = await route.ask(street.here, street.here)
        expected = REFUSED.get(route.id)
        reported = f"{route.id}: {answer.status_code} {answer.text}"
        assert answer.status_code == expected if expected else answer.is_success, (
            reported
        )


@pytest.mark.usefixtures("unnoticed")
async def test_a_job_is_done_in_the_workspace_that_asked_for_it(
    street: Street,
) -> None:
    names = [one["name"] for one in await items(street.here.browser, "/jobs")]
    assert len(names) >= 5
    for name in names:
        answer = await street.here.browser.post(f"/api/v1/jobs/{name}/run")
        assert answer.status_code == 202, answer.text
    await runs_are_over(street.here.browser)
    done = await items(street.here.browser, "/runs?limit=200")
    assert {one["name"] for one in done} >= set(names)
    assert {one["status"] for one in done} == {"succeeded"}

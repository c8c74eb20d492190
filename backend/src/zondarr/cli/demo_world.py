"""Fills the demo's workspace over HTTP, as an operator would."""

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import httpx2

from zondarr.cli.demo_library import Cinema
from zondarr.cli.demo_requests import SeerrLife

GUESTS = ["Maya", "Jonas", "Ines", "Theo", "Priya", "Sam O'Neil", "Lena", "Zoë"]
ANSWER_WITHIN = timedelta(seconds=30)


@dataclass
class Operator:
    """The operator of the demo's workspace, and their HTTP calls."""

    url: str
    email: str
    password: str
    http: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx2.Client(
            base_url=f"{self.url}/api/v1", timeout=ANSWER_WITHIN.total_seconds()
        )

    def set_up(self, token: str) -> None:
        answer = self.call(
            "POST",
            "/setup",
            setup_token=token,
            email=self.email,
            password=self.password,
            workspace_name="Demo",
        )
        self.http.headers["X-CSRF-Token"] = answer["csrf_token"]

    def call(self, method: str, path: str, **body: Any) -> Any:
        answer = self.http.request(method, path, json=body or None)
        if answer.is_error:
            raise RuntimeError(f"{method} {path} answered {answer.status_code}")
        return answer.json() if answer.content else None

    def invite(self, servers: list[str], **more: Any) -> Any:
        more.setdefault("all_libraries", "library_ids" not in more)
        return self.call("POST", "/invitations", server_ids=servers, **more)

    def libraries(self, server: str, *types: str) -> list[str]:
        found = self.call("GET", f"/servers/{server}/libraries")["items"]
        return [one["id"] for one in found if one["library_type"] in types]

    def join(self, code: str, name: str) -> str:
        """Join Jellyfin servers as a guest; returns the final status."""
        with Guest(self.url) as guest:
            return guest.join(code, username=name, password=new_password())

    def person(self, name: str) -> str:
        found = self.call("GET", f"/identities?q={name}")["items"]
        return found[0]["id"]


class Guest:
    """A guest's browser."""

    def __init__(self, url: str) -> None:
        self.http = httpx2.Client(
            base_url=f"{url}/api/v1/join", timeout=ANSWER_WITHIN.total_seconds()
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def join(self, code: str, **gives: str) -> str:
        """Send what the invitation needs, and wait; returns the final status."""
        answer = self.http.post(f"/{code}", json=gives)
        if answer.is_error:
            return answer.json()["error_code"]
        begun = answer.json()
        known = {"Authorization": f"Bearer {begun['token']}"}
        path = f"/redemptions/{begun['redemption_id']}"
        until = time.monotonic() + ANSWER_WITHIN.total_seconds()
        while time.monotonic() < until:
            now = self.http.get(path, headers=known).json()
            if now["status"] != "running":
                return now["status"]
            time.sleep(0.2)
        return "running"

    def sign_in_with_plex(self, plex_tv: str, email: str) -> str:
        """Sign in on Plex's page; returns the sign-in's id."""
        pin = self.http.post("/plex/oauth/pin").json()
        approval = {"code": pin["code"], "person": email}
        httpx2.post(f"{plex_tv}/_simulator/plex/approve-pin", json=approval)
        until = time.monotonic() + ANSWER_WITHIN.total_seconds()
        while time.monotonic() < until:
            if self.http.get(f"/plex/oauth/pin/{pin['pin_id']}").json()[
                "authenticated"
            ]:
                break
            time.sleep(0.5)
        return pin["pin_id"]


def new_password() -> str:
    return secrets.token_urlsafe(12)


type Reach = tuple[str, str]
"""A server's address and its key."""


@dataclass(frozen=True, kw_only=True)
class Servers:
    """The servers to add; `plex_tv` is the simulated plex.tv's address.

    The operator connects `seerr` themselves.
    """

    jellyfin: list[Reach]
    plex: Reach
    seerr: Reach
    plex_tv: str
    cinemas: list[Cinema]


def furnish(
    operator: Operator, token: str, servers: Servers, *, lose: Callable[[], None]
) -> None:
    """Create servers in several states, people, and every kind of invitation.

    `lose` makes the last of the Jellyfin servers stop responding.
    """
    operator.set_up(token)
    reach = [*servers.jellyfin, servers.plex]
    living_room, cabin, attic, projector = _add(operator, reach)
    _invite(operator, living_room, cabin, attic)
    _invite_to_plex(operator, projector, living_room)
    _let_people_in(operator)
    _let_plex_people_in(operator, servers.plex_tv)
    _look_after_people(operator)
    SeerrLife(*servers.seerr, servers.cinemas[0].world, datetime.now(UTC)).live()
    operator.call("POST", f"/servers/{living_room}/sync")
    _read_libraries(operator, servers.cinemas, [living_room, cabin, projector])
    lose()
    operator.join("ATTIC-TOO", "Late Guest")
    with suppress(
        RuntimeError
    ):  # fails because the server does not respond, as intended
        operator.call("POST", f"/servers/{attic}/test")


def _add(operator: Operator, servers: list[Reach]) -> list[str]:
    names = ["Living Room", "Cabin", "Attic", "Projector"]
    return [
        operator.call("POST", "/servers", name=name, url=url, api_key=key)["id"]
        for name, (url, key) in zip(names, servers, strict=True)
    ]


def _invite(operator: Operator, living_room: str, cabin: str, attic: str) -> None:
    films = operator.libraries(living_room, "movies")
    operator.invite(
        [living_room, cabin],
        code="FAMILY",
        label="Family",
        message="Everything we have, on both servers. Call me if anything is odd.",
    )
    operator.invite(
        [living_room],
        code="FILM-NIGHT",
        label="Friends of film night",
        message="Films only. Thursdays at eight!",
        library_ids=films,
        max_uses=20,
        expires_at=_in(days=45),
    )
    operator.invite(
        [cabin],
        code="WEEKEND",
        label="Weekend guests",
        max_uses=3,
        duration_days=3,
        permissions={"can_download": True, "max_sessions": 2},
    )
    operator.invite(
        [living_room],
        code="LAST-ONE",
        label="One more for the neighbours",
        library_ids=films,
        max_uses=2,
        expires_at=_in(days=2),
    )
    operator.invite([cabin, attic], code="ATTIC-TOO", label="Cabin and attic")
    summer = operator.invite(
        [cabin], code="SUMMER-HOUSE", label="Summer house", max_uses=10
    )
    operator.call("PATCH", f"/invitations/{summer['id']}", expires_at=_in(days=-60))
    forum = operator.invite([living_room], code="FORUM-LINK", label="Posted by mistake")
    operator.call("PATCH", f"/invitations/{forum['id']}", enabled=False)


def _invite_to_plex(operator: Operator, projector: str, living_room: str) -> None:
    films = operator.libraries(projector, "movie")
    operator.invite(
        [projector],
        code="MATINEE",
        label="Plex friends",
        message="Films on Plex. Sign in with the Plex account you have.",
        library_ids=films,
        max_uses=10,
    )
    operator.invite(
        [projector, living_room],
        code="BOTH-KINDS",
        label="Plex and Jellyfin",
        message="One link, both servers: use whichever app you like better.",
        on_failure="keep",
    )
    operator.invite(
        [projector], code="AT-HOME", label="Kids' tablet", plex_user_type="home"
    )


def _let_plex_people_in(operator: Operator, plex_tv: str) -> None:
    with Guest(operator.url) as guest:
        pin = guest.sign_in_with_plex(plex_tv, "vera@example.org")
        guest.join("MATINEE", plex_pin_id=pin)
    with Guest(operator.url) as guest:
        pin = guest.sign_in_with_plex(plex_tv, "otto@example.org")
        guest.join(
            "BOTH-KINDS", username="Otto", password=new_password(), plex_pin_id=pin
        )
    with Guest(operator.url) as guest:
        guest.join("MATINEE", email="nadia@example.org")
    with Guest(operator.url) as guest:
        guest.join("AT-HOME", username="Kids", plex_home_pin="2468")


def _let_people_in(operator: Operator) -> None:
    for name in ("Grandma Rose", "Uncle Bert"):
        operator.join("FAMILY", name)
    for name in GUESTS:
        operator.join("FILM-NIGHT", name)
    for name in ("Ana", "Milo", "Kwame"):
        operator.join("WEEKEND", name)
    operator.join("LAST-ONE", "Next Door")


def _look_after_people(operator: Operator) -> None:
    operator.call("POST", f"/identities/{operator.person('Theo')}/disable")
    gone = operator.person("Milo")
    operator.call("PATCH", f"/identities/{gone}", expires_at=_in(days=-1))
    operator.call("POST", "/jobs/end_access/run")


def _read_libraries(
    operator: Operator, cinemas: list[Cinema], servers: list[str]
) -> None:
    for cinema in cinemas:
        cinema.play(datetime.now(UTC))
    operator.call("PATCH", "/settings", audio=["en"], subtitles=[])
    run = operator.call("POST", "/catalogue/sync", server_ids=servers)["run_id"]
    until = time.monotonic() + ANSWER_WITHIN.total_seconds()
    while time.monotonic() < until:
        if operator.call("GET", f"/runs/{run}")["status"] not in {"queued", "running"}:
            break
        time.sleep(0.2)
    _protect(operator, "unwatched", note="Grandma's favourite", expires_at=_in(days=60))
    _protect(operator, "large", insight="large", note="The 4K copy stays")


def _protect(operator: Operator, listed: str, **how: str) -> None:
    """Protect the second title of a list."""
    rows = operator.call("GET", f"/insights/{listed}?limit=2")["items"]
    for row in rows[1:]:
        operator.call(
            "POST", "/protections", scope={"title_id": row["title"]["id"]}, **how
        )


def _in(*, days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()

"""What the demo's workspace is filled with, over HTTP, as an operator would do it."""

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

GUESTS = ["Maya", "Jonas", "Ines", "Theo", "Priya", "Sam O'Neil", "Lena", "Zoë"]
PATIENCE = 30.0


@dataclass
class Operator:
    """Who runs the demo's workspace, and what he calls over HTTP."""

    url: str
    email: str
    password: str
    http: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx2.Client(base_url=f"{self.url}/api/v1", timeout=PATIENCE)

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
        """Join as a guest; how it ended."""
        guest = httpx2.Client(base_url=f"{self.url}/api/v1/join", timeout=PATIENCE)
        with guest:
            body = {"username": name, "password": secrets.token_urlsafe(12)}
            answer = guest.post(f"/{code}", json=body)
            if answer.is_error:
                return answer.json()["error_code"]
            begun = answer.json()
            guest.headers["Authorization"] = f"Bearer {begun['token']}"
            until = time.monotonic() + PATIENCE
            while time.monotonic() < until:
                now = guest.get(f"/redemptions/{begun['redemption_id']}").json()
                if now["status"] != "running":
                    return now["status"]
                time.sleep(0.1)
        return "running"

    def person(self, name: str) -> str:
        found = self.call("GET", f"/identities?q={name}")["items"]
        return found[0]["id"]


type Reach = tuple[str, str]
"""A server's address and its key."""


def furnish(
    operator: Operator, token: str, servers: list[Reach], *, lose: Callable[[], None]
) -> None:
    """Servers in several states, people, and every kind of invitation.

    `lose` makes the last of the servers fall silent.
    """
    operator.set_up(token)
    living_room, cabin, attic = _add(operator, servers)
    _invite(operator, living_room, cabin, attic)
    _let_people_in(operator)
    _look_after_people(operator)
    operator.call("POST", f"/servers/{living_room}/sync")
    lose()
    operator.join("ATTIC-TOO", "Late Guest")
    with suppress(RuntimeError):  # it says that nobody answers, which is the point
        operator.call("POST", f"/servers/{attic}/test")


def _add(operator: Operator, servers: list[Reach]) -> list[str]:
    names = ["Living Room", "Cabin", "Attic"]
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


def _in(*, days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()

#!/usr/bin/env python3
"""Asks a Seerr on a loopback address what a recording asked a real one.

    seerr_recorder.py RECORDED_DIR --base URL --jellyfin URL --out DIR [--only auth ...]

The Seerr is one that nobody has set up. Its Jellyfin has an administrator `admin` and
guests `watcher-0` to `watcher-4`. What was scrubbed from the recording, and what each
server numbers as it likes, is put in from the answers: keys, cookies, ids.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from media_server_simulators.wire import Json, JsonObject

ORDER = ("before_setup", "setup", "auth", "users", "requests")
WITHIN_SECONDS = 10
RECORDED_KEY, RECORDED_COOKIE, SECRET = "seerr-key-1", "connect.sid=cookie", "secret"
SCRUBBED_PASSWORD = re.compile(r"x+")
ID = re.compile(r"[0-9a-f]{32}")
NO_SERVER = 1
"""The port on which a recording expects nobody."""


@dataclass
class Replay:
    """One run: what was learned of the server that is asked now."""

    base: str
    jellyfin: str
    password: str
    key: str = "unknown"
    ids: dict[str, str] = field(default_factory=dict[str, str])
    media: dict[int, int] = field(default_factory=dict[int, int])
    cookies: dict[int, str] = field(default_factory=dict[int, str])
    cookie: str = ""

    def scenario(self, recorded: dict[str, Any]) -> dict[str, Any]:
        with httpx2.Client(base_url=self.base, timeout=WITHIN_SECONDS) as client:
            rows = [self.exchange(client, each) for each in recorded["exchanges"]]
        return {
            "scenario": recorded["scenario"],
            "server_version": "the one that was asked",
            "exchanges": rows,
        }

    def exchange(
        self, client: httpx2.Client, recorded: dict[str, Any]
    ) -> dict[str, Any]:
        asked, expected = recorded["request"], recorded["response"]["body"]
        body = self.body_of(asked)
        content = body.encode() if isinstance(body, str) else None
        began = time.monotonic()
        try:
            answer = client.request(
                asked["method"],
                self.mapped(self.path_of(asked["path"])),
                params={k: self.mapped(str(v)) for k, v in asked["query"].items()},
                headers=self.headers_of(asked["headers"], expected),
                content=content,
            )
        except httpx2.TransportError:
            return {**recorded, "response": nothing()}
        self.client_cookies_are_ours(client)
        given = read(answer)
        self.learn(expected, given)
        self.remember(answer, given)
        response = {
            "status": answer.status_code,
            "headers": dict(answer.headers),
            "content_type": answer.headers.get("Content-Type", ""),
            "body": self.scrubbed(given),
            "elapsed_ms": round(1000 * (time.monotonic() - began), 1),
        }
        return {"note": recorded["note"], "request": asked, "response": response}

    # what is sent

    def path_of(self, path: str) -> str:
        """With this server's number of a media."""
        found = re.fullmatch(r"(/api/v1/media/)(\d+)(/.*)?", path)
        if found is None:
            return path
        number = int(found[2])
        return f"{found[1]}{self.media.get(number, number)}{found[3] or ''}"

    def headers_of(self, recorded: dict[str, str], expected: Json) -> dict[str, str]:
        headers = dict(recorded)
        if headers.get("X-Api-Key") == RECORDED_KEY:
            headers["X-Api-Key"] = self.key
        if headers.get("Cookie") == RECORDED_COOKIE:
            who = somebody_in(expected)
            self.cookie = self.cookies.get(who or 0, self.cookie)
            headers["Cookie"] = self.cookie
        return headers

    def body_of(self, asked: dict[str, Any]) -> str | None:
        given: Json = asked["body"]
        if not isinstance(given, dict):
            return given if isinstance(given, str) else None
        body = dict(given)
        if "hostname" in body and body.get("port") != NO_SERVER:
            place = urlsplit(self.jellyfin)
            body |= {"hostname": place.hostname, "port": place.port}
        elif SCRUBBED_PASSWORD.fullmatch(str(body.get("password"))) and (
            set(body) == {"username", "password"}
        ):
            body["password"] = self.password
        return self.mapped(json.dumps(body))

    def mapped(self, text: str) -> str:
        return ID.sub(lambda found: self.ids.get(found.group(), found.group()), text)

    # what is learned

    def learn(self, recorded: Json, given: Json) -> None:
        """Ids that stand at the same place are of the same thing."""
        match recorded, given:
            case dict(), dict():
                self.learn_media(recorded.get("id"), given.get("id"), recorded)
                for key, value in recorded.items():
                    self.learn(value, given.get(key))
            case list(), list():
                for one, other in zip(recorded, given, strict=False):
                    self.learn(one, other)
            case str(), str():
                self.learn_text(recorded, given)
            case _:
                pass

    def learn_media(self, recorded: Json, given: Json, holder: JsonObject) -> None:
        if "tmdbId" in holder and isinstance(recorded, int) and isinstance(given, int):
            self.media[recorded] = given

    def learn_text(self, recorded: str, given: str) -> None:
        if ID.fullmatch(recorded) and ID.fullmatch(given):
            self.ids[recorded] = given
        elif recorded == RECORDED_KEY:
            self.key = given

    def remember(self, answer: httpx2.Response, given: Json) -> None:
        cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
        who = given.get("id") if isinstance(given, dict) else None
        if cookie and isinstance(who, int):
            self.cookie = self.cookies[who] = cookie

    def client_cookies_are_ours(self, client: httpx2.Client) -> None:
        """Each exchange says itself which cookie it sends."""
        client.cookies.clear()

    def scrubbed(self, value: Json) -> Json:
        if isinstance(value, list):
            return [self.scrubbed(each) for each in value]
        if not isinstance(value, dict):
            return value
        shown = {key: self.scrubbed(each) for key, each in value.items()}
        for name in ("apiKey", "vapidPublic"):
            if name in shown:
                own = shown[name] == self.key
                shown[name] = RECORDED_KEY if own else SECRET
        return shown


def read(answer: httpx2.Response) -> Json:
    try:
        return answer.json() if answer.content else ""
    except ValueError:
        return answer.text


def nothing() -> dict[str, Any]:
    return {
        "status": 0,
        "headers": {},
        "content_type": "",
        "body": "",
        "elapsed_ms": 1000 * WITHIN_SECONDS,
    }


def somebody_in(body: Json) -> int | None:
    """Whose cookie it was: whoever the recorded answer is about."""
    if isinstance(body, list):
        return next((who for each in body if (who := somebody_in(each))), None)
    if not isinstance(body, dict):
        return None
    who = body.get("id")
    if "permissions" in body and isinstance(who, int):
        return who
    if "requestedBy" in body:
        return somebody_in(body["requestedBy"])
    return somebody_in(body.get("results")) if "serviceErrors" in body else None


def scenarios(folder: Path, only: list[str]) -> Iterator[dict[str, Any]]:
    """In an order in which each finds what those before it made."""
    found = {file.stem: file for file in folder.glob("*.json")}
    names = [*(n for n in ORDER if n in found), *(n for n in found if n not in ORDER)]
    for name in names:
        if not only or name in only:
            yield json.loads(found[name].read_text("utf-8"))


def record(folder: Path, out: Path, replay: Replay, only: list[str]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for recorded in scenarios(folder, only):
        made = replay.scenario(recorded)
        text = json.dumps(made, indent=1, ensure_ascii=False)
        _ = (out / f"{recorded['scenario']}.json").write_text(text, "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    _ = parser.add_argument("recorded", type=Path)
    for name in ("base", "jellyfin"):
        _ = parser.add_argument(f"--{name}", required=True)
    _ = parser.add_argument("--out", type=Path, required=True)
    _ = parser.add_argument("--password", default="Watcher-Passw0rd")
    _ = parser.add_argument("--only", nargs="*", default=[])
    given = parser.parse_args()
    base, jellyfin, password = str(given.base), str(given.jellyfin), given.password
    if urlsplit(base).hostname not in {"127.0.0.1", "localhost", "::1"}:
        sys.exit("only a loopback address: this program makes and deletes requests")
    replay = Replay(base, jellyfin, password)
    record(given.recorded, given.out, replay, given.only)


if __name__ == "__main__":
    main()

"""What the whole process tree takes when nothing happens."""

import time
from collections.abc import Sequence
from pathlib import Path

from figures import Figure, Series, Target
from house import Browser, add_server, invite, jellyfin, move_in, redeem
from processes import Server, memory_of, zondarr

SETTLED_AFTER = 10
LOOKS = 100
TARGET = Target(150)
KINDS = {
    "Pss": "PSS: private, and its share of what others map too",
    "Anonymous": "of it in no file (never shared)",
    "Rss": "RSS: as if it were alone",
}


def measure(folder: Path, *, rounds: int) -> list[Figure]:
    """First runs on an empty folder, then starts on what the last of them left."""
    fresh = [_one(folder / str(number), first=True) for number in range(rounds)]
    again = [_one(folder / str(number), first=False) for number in range(rounds)]
    first, later = _parts("first run", fresh), _parts("started again", again)
    remarks = [f"after set-up or sign-in, {LOOKS} looks at the join page, a redemption"]
    remarks += [f"and lists, {SETTLED_AFTER} s without any request; all processes"]
    worst = max(first[0].median, later[0].median)
    title = "Memory when idle, the worse of both"
    return [Figure(title, worst, "MiB PSS", TARGET, [*first, *later], remarks)]


def _parts(name: str, found: Sequence[dict[str, float]]) -> list[Series]:
    return [
        Series(f"{name}, {label}", "MiB", [one[kind] for one in found])
        for kind, label in KINDS.items()
    ]


def _one(folder: Path, *, first: bool) -> dict[str, float]:
    folder.mkdir(exist_ok=True)
    with zondarr(folder) as program:
        if first:
            _live_a_little(program, folder)
        else:
            _look_around(program)
        time.sleep(SETTLED_AFTER)
        return {kind: memory_of(program.process.pid, kind) for kind in KINDS}


def _live_a_little(program: Server, folder: Path) -> None:
    owner, guest = Browser(program), Browser(program)
    with jellyfin() as (url, simulator):
        move_in(owner, folder)
        code = invite(owner, add_server(owner, url, simulator))
        for _ in range(LOOKS):
            guest.get(f"/api/v1/join/{code}")
        follow = redeem(guest, code)
        while guest.get(follow.path, follow.headers)["status"] == "running":
            time.sleep(0.1)
        for path in ("identities", "servers", "invitations", "jobs", "runs"):
            owner.get(f"/api/v1/{path}")
    owner.close()
    guest.close()


def _look_around(program: Server) -> None:
    browser = Browser(program)
    for _ in range(LOOKS):
        browser.get("/health")
        browser.get("/api/v1/setup")
    browser.close()

"""Posters come through our own server, from whichever server has one and responds."""

import asyncio
from typing import Any

import httpx2
import pytest
from media_server_simulators.control import ControlledSimulator
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.wire import Reply, Request
from tests.catalogue.conftest import Cinema

from zondarr.catalogue import posters
from zondarr.media.pictures import MAX_PICTURE_BYTES, picture_type

PATHS = {"jellyfin": "/Items/", "plex": "/photo/"}
both = pytest.mark.parametrize("kind", ["jellyfin", "plex"])


async def poster(cinema: Cinema, title: Any, **params: str) -> httpx2.Response:
    return await cinema.browser.get(
        f"/api/v1/titles/{title['id']}/poster", params=params
    )


async def read(cinema: Cinema, *kinds: str) -> list[Any]:
    for kind in kinds:
        await cinema.add(kind)
    await cinema.sync()
    return list((await cinema.titles()).values())


def simulator(cinema: Cinema, kind: str) -> ControlledSimulator:
    return cinema.jellyfin if kind == "jellyfin" else cinema.plex.pms


def width_of(png: bytes) -> int:
    return int.from_bytes(png[16:20])


def pictures(cinema: Cinema, kind: str) -> list[Request]:
    entries = simulator(cinema, kind).journal.entries
    return [e.request for e in entries if e.request.path.startswith(PATHS[kind])]


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
NO_PICTURES = (
    Reply(404, b"nothing"),
    Reply(200, SVG, (("Content-Type", "image/svg+xml"),)),
    Reply(200, b"<html>", (("Content-Type", "image/png"),)),
    Reply(200, b"\x89PNG\r\n\x1a\n" + bytes(MAX_PICTURE_BYTES)),
    Reply(302, b"", (("Location", "http://192.0.2.1/poster.png"),)),
)


@both
async def test_a_poster_is_sized_kept_and_not_sent_twice(
    cinema: Cinema, kind: str
) -> None:
    title, other = (await read(cinema, kind))[:2]
    small = await poster(cinema, title)
    assert small.status_code == 200, small.text
    assert small.headers["content-type"] == "image/png"
    assert small.headers["cache-control"].startswith("private")
    assert width_of(small.content) == posters.WIDTHS[posters.PosterSize.SMALL]
    large = await poster(cinema, title, size="large")
    assert width_of(large.content) > width_of(small.content)
    assert (await poster(cinema, other)).content != small.content
    asked = len(pictures(cinema, kind))
    again = await cinema.browser.get(
        f"/api/v1/titles/{title['id']}/poster",
        headers={"If-None-Match": small.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")
    assert len(pictures(cinema, kind)) == asked
    assert (await poster(cinema, title, size="huge")).status_code == 400
    secret = cinema.jellyfin.api_key if kind == "jellyfin" else cinema.plex.token
    for request in pictures(cinema, kind):
        assert secret not in str(request.query)


@both
async def test_what_is_no_picture_of_the_server_is_a_404_that_is_remembered(
    cinema: Cinema, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = iter(await read(cinema, kind))
    served = simulator(cinema, kind)
    answer = served.answer
    for reply, title in zip(NO_PICTURES, titles, strict=False):

        async def changed(request: Request, reply: Reply = reply) -> Reply:
            path = request.path
            is_picture = any(each in path for each in ("/Images/", "/photo/", "/thumb"))
            given = await answer(request)
            return reply if is_picture else given

        monkeypatch.setattr(served, "answer", changed)
        absent = await poster(cinema, title)
        assert (absent.status_code, absent.json()["error_code"]) == (404, "not_found")
        asked = len(served.journal.entries)
        assert (await poster(cinema, title)).status_code == 404
        assert len(served.journal.entries) == asked
    # The server itself is asked on.
    monkeypatch.setattr(served, "answer", answer)
    assert (await poster(cinema, next(titles))).status_code == 200


async def test_any_copy_gives_the_poster_and_a_dead_server_is_left_alone(
    cinema: Cinema,
) -> None:
    titles = await read(cinema, "jellyfin", "plex")
    assert {len(each["copies"]) for each in titles} == {2}
    dead = Fault(kind=FaultKind.DROP, path_prefix="/", endless=True)
    for each in (cinema.jellyfin, cinema.plex.pms):
        each.journal.clear()
    cinema.jellyfin.faults.add(dead)
    answers = await asyncio.gather(*(poster(cinema, each) for each in titles))
    assert {answer.status_code for answer in answers} == {200}
    assert len(cinema.jellyfin.journal.entries) < len(titles)
    cinema.plex.pms.faults.add(dead)
    answers = await asyncio.gather(
        *(poster(cinema, each, size="large") for each in titles)
    )
    assert {answer.status_code for answer in answers} == {404}


async def test_a_server_that_hangs_holds_up_few_requests_for_a_short_time(
    cinema: Cinema, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = await read(cinema, "jellyfin")
    monkeypatch.setattr(posters, "TIME_LIMIT", 0.2)
    cinema.jellyfin.faults.add(
        Fault(kind=FaultKind.LATENCY, path_prefix="/", value=3600_000, endless=True)
    )
    cinema.jellyfin.journal.clear()
    answers = await asyncio.gather(*(poster(cinema, each) for each in titles))
    assert {answer.status_code for answer in answers} == {404}
    assert len(cinema.jellyfin.journal.entries) <= posters.AT_ONCE


async def test_a_poster_is_for_those_who_signed_in(cinema: Cinema) -> None:
    title = (await read(cinema, "jellyfin"))[0]
    cinema.browser.cookies.clear()
    assert (await poster(cinema, title)).status_code == 401


def test_pictures_are_known_by_their_first_bytes() -> None:
    known = {
        b"\xff\xd8\xff\xe0": "image/jpeg",
        b"\x89PNG\r\n\x1a\n....": "image/png",
        b"GIF89a..": "image/gif",
        b"RIFF....WEBPVP8 ": "image/webp",
        b"....ftypavif": "image/avif",
    }
    assert {data: picture_type(data) for data in known} == known
    for data in (b"", b"RIFF....AVI ", b"<svg/>", b"<!DOCTYPE html>", b"%PDF-1.7"):
        assert picture_type(data) is None

"""`/media`: everything that was asked for or is there."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime

from media_server_simulators.seerr.call import Call
from media_server_simulators.seerr.errors import json_body, message
from media_server_simulators.seerr.paging import Page
from media_server_simulators.seerr.profiles import Profile
from media_server_simulators.seerr.request_rules import follow_media
from media_server_simulators.seerr.routing import Route
from media_server_simulators.seerr.shapes import media_shape
from media_server_simulators.seerr.state import Media, Season
from media_server_simulators.seerr.validation import PAGE_NUMBER, TEXT, Rule
from media_server_simulators.seerr.values import MediaStatus, Permission
from media_server_simulators.wire import Cut, Reply

MANAGE = (Permission.MANAGE_REQUESTS,)
ADMIN = (Permission.ADMIN,)
PAGE_SIZE = 20
FILTERS = ("all", "available", "partial", "allavailable", "processing", "pending")
STATUSES = ("available", "partial", "processing", "pending", "unknown")
WANTED: dict[str, frozenset[MediaStatus]] = {
    "available": frozenset((MediaStatus.AVAILABLE,)),
    "partial": frozenset((MediaStatus.PARTIALLY_AVAILABLE,)),
    "allavailable": frozenset((MediaStatus.AVAILABLE, MediaStatus.PARTIALLY_AVAILABLE)),
    "processing": frozenset((MediaStatus.PROCESSING,)),
    "pending": frozenset((MediaStatus.PENDING,)),
}
NEW_STATUS = {
    "available": MediaStatus.AVAILABLE,
    "partial": MediaStatus.PARTIALLY_AVAILABLE,
    "processing": MediaStatus.PROCESSING,
    "pending": MediaStatus.PENDING,
    "unknown": MediaStatus.UNKNOWN,
}
SILENCE_SECONDS = 600
"""How long the answer that never comes is waited for, at most."""


def routes(profile: Profile) -> list[Route]:
    deleted = () if profile is Profile.OVERSEERR else ("deleted",)
    query = {
        "take": PAGE_NUMBER,
        "skip": PAGE_NUMBER,
        "filter": Rule(allowed=(*FILTERS, *deleted), nullable=True),
        "sort": Rule(allowed=("added", "modified", "mediaAdded")),
    }
    one = "/media/{mediaId}"
    states = {"mediaId": TEXT, "status": Rule(allowed=(*STATUSES, *deleted))}
    file = {"is4k": Rule(allowed=("true", "false"))}
    return [
        Route("GET", "/media", listed, query=query),
        Route("DELETE", one, delete, rights=MANAGE),
        Route("GET", f"{one}/watch_data", watch_data, rights=ADMIN),
        Route("DELETE", f"{one}/file", delete_file, rights=MANAGE, query=file),
        Route("POST", f"{one}/{{status}}", set_status, rights=MANAGE, path=states),
    ]


def listed(call: Call) -> Reply:
    """`deleted` is taken as a filter, and filters nothing."""
    page = Page.of(call, PAGE_SIZE)
    rows = list(call.state.media.values())
    wanted = WANTED.get(call.text("filter") or "all")
    if wanted is not None:
        rows = [each for each in rows if each.status in wanted]
    match call.query.get("sort"):
        case "modified":
            rows.sort(key=lambda m: (m.updated or m.created, m.id), reverse=True)
        case "mediaAdded":
            rows.sort(key=_added, reverse=True)
        case _:
            rows.sort(key=lambda m: m.id, reverse=True)
    return json_body(
        page.of_rows(rows, lambda m: media_shape(call.state, m, seasons=True))
    )


def _added(media: Media) -> tuple[datetime, int]:
    return media.added or media.created, media.id


def find(call: Call, sentence: str) -> Media:
    found = call.state.media.get(call.number("mediaId") or 0)
    if found is None:
        raise message(404, sentence)
    return found


def set_status(call: Call) -> Reply:
    """`deleted` is answered with 200, and changes nothing."""
    media = find(call, "Media does not exist.")
    wanted = str(call.path["status"])
    is_4k = str(call.body.get("is4k")).lower() == "true"
    if wanted == "partial" and media.type == "movie":
        sentence = "Only series can be set to be partially available"
        raise message(400, sentence)
    before = media.status_of(is_4k)
    status = NEW_STATUS.get(wanted)
    if status is not None:
        media.set_status(status, is_4k)
        if status is MediaStatus.AVAILABLE:
            _mark_seasons(call, media, is_4k)
        call.state.touch(media)
        follow_media(call.state, media, before, is_4k=is_4k)
    return json_body(media_shape(call.state, media, seasons=True))


def _mark_seasons(call: Call, media: Media, is_4k: bool) -> None:
    """Only the seasons that the body names."""
    given = call.body.get("seasons")
    for row in given if isinstance(given, list) else []:
        number = row.get("seasonNumber") if isinstance(row, dict) else None
        if not isinstance(number, int):
            continue
        season = media.season(number)
        if season is None:
            new = call.state.next_id("season")
            season = Season(new, number, call.state.now())
            media.seasons.append(season)
        if is_4k:
            season.status_4k = MediaStatus.AVAILABLE
        else:
            season.status = MediaStatus.AVAILABLE


def watch_data(call: Call) -> Reply:  # noqa: ARG001
    raise message(404, "Tautulli API not configured.")


def delete(call: Call) -> Reply:
    """What is on the blocklist stays there, without its files' places."""
    media = find(call, "Media not found")
    if media.status is MediaStatus.BLOCKLISTED:
        media.jellyfin_id = media.rating_key = None
    else:
        call.state.remove_media(media)
    return Reply(204)


def delete_file(call: Call) -> Awaitable[Reply]:
    return _delete_file(call)


async def _delete_file(call: Call) -> Reply:
    """Without a Radarr or Sonarr that has the file there is never an answer."""
    media = find(call, "Media not found")
    if call.state.has_services:
        media.set_status(MediaStatus.DELETED, call.text("is4k") == "true")
        return Reply(204)
    await asyncio.sleep(SILENCE_SECONDS)
    return Reply(0, cut=Cut.NOTHING)

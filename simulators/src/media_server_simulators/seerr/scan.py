"""A scan of the connected Jellyfin: what is there becomes available."""

from datetime import UTC, datetime

from media_server_simulators.seerr.jellyfin_link import (
    UnreachableError,
    as_object,
    episodes,
    items,
)
from media_server_simulators.seerr.request_rules import follow_media
from media_server_simulators.seerr.state import Media, Season, State
from media_server_simulators.seerr.values import MediaStatus
from media_server_simulators.wire import JsonObject


async def scan(state: State) -> None:
    """Films and shows without a TMDB id are passed over, as by a real Seerr."""
    if not state.jellyfin.ip:
        return
    try:
        for item in await items(state, "Movie"):
            media = _found(state, "movie", item)
            if media is not None:
                _make_available(state, media)
        for item in await items(state, "Series"):
            media = _found(state, "tv", item)
            if media is not None:
                parts = await episodes(state, str(item["Id"]))
                count_seasons(state, media, [_season_of(each) for each in parts])
    except UnreachableError:
        return


def _found(state: State, type: str, item: JsonObject) -> Media | None:
    ids = {k.lower(): v for k, v in as_object(item.get("ProviderIds")).items()}
    tmdb = str(ids.get("tmdb") or "")
    if not tmdb.isdecimal():
        return None
    media = state.media_of(type, int(tmdb))
    if media is None:
        tvdb = str(ids.get("tvdb") or "")
        number = int(tvdb) if tvdb.isdecimal() else None
        media = state.add_media(type, int(tmdb), tvdb=number, at=state.now())
    media.jellyfin_id = str(item["Id"])
    media.added = _moment(item.get("DateCreated")) or media.added
    return media


def _moment(text: object) -> datetime | None:
    """Jellyfin writes seven digits of a second."""
    if not isinstance(text, str):
        return None
    return datetime.fromisoformat(text[:26].rstrip("Z")).replace(tzinfo=UTC)


def _season_of(episode: JsonObject) -> int:
    number = episode.get("ParentIndexNumber")
    return number if isinstance(number, int) else 0


def _make_available(state: State, media: Media) -> None:
    before = media.status
    if before is not MediaStatus.BLOCKLISTED:
        media.status = MediaStatus.AVAILABLE
        follow_media(state, media, before)


def count_seasons(state: State, media: Media, found: list[int]) -> None:
    """Each season, and the show, is there in whole, in part, or not at all."""
    title = state.titles.find("tv", media.tmdb)
    for number in sorted({each for each in found if each > 0}):
        season = media.season(number)
        if season is None:
            season = Season(state.next_id("season"), number, state.now())
            media.seasons.append(season)
        known = title.season(number) if title else None
        whole = known is None or found.count(number) >= len(known.episodes)
        season.status = (
            MediaStatus.AVAILABLE if whole else MediaStatus.PARTIALLY_AVAILABLE
        )
    before = media.status
    if before is MediaStatus.BLOCKLISTED or not media.seasons:
        return
    there = {s.number for s in media.seasons if s.status is MediaStatus.AVAILABLE}
    wanted = {each.number for each in title.seasons if each.number} if title else there
    all_there = wanted <= there
    media.status = (
        MediaStatus.AVAILABLE if all_there else MediaStatus.PARTIALLY_AVAILABLE
    )
    follow_media(state, media, before)

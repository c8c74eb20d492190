"""Filters of /Items by what a title is: kind, name, date, labels."""

from collections.abc import Callable, Iterator
from datetime import datetime

from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.errors import exception_error
from media_server_simulators.jellyfin.items.pictures import image_tags
from media_server_simulators.jellyfin.items.sort_names import (
    clean_name,
    sort_name,
)
from media_server_simulators.jellyfin.items.whole_items import Test, is_folder, negated
from media_server_simulators.jellyfin.values import hashed_guid, objects, text
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.world import Title

PROVIDERS = {"hasTmdbId": "Tmdb", "hasImdbId": "Imdb", "hasTvdbId": "Tvdb"}
# No title has any of these: true finds nothing, false finds everything.
NEVER = (
    "is3D", "isLocked", "isPlaceHolder", "hasThemeSong", "hasThemeVideo",
    "hasSpecialFeature", "hasTrailer", "isSeries",
)  # fmt: skip
# They name people, studios, artists and albums, of which there are none.
NOBODY_HAS = (
    "person", "personIds", "studios", "studioIds", "artists", "artistIds",
    "albumArtistIds", "contributingArtistIds", "albumIds",
)  # fmt: skip
TOPICS = {"isNews": "news", "isKids": "kids", "isSports": "sports"}
ALL_LOCATIONS = 4


def title_tests(call: Call, *, in_memory: bool) -> Iterator[Test]:
    yield from _kinds(call)
    yield from _folders(call)
    yield from _names(call)
    yield from _labels(call)
    yield from _premieres(call)
    yield from _facts(call)
    yield from _absent(call)
    if not in_memory:
        yield from _saved(call)


def _kinds(call: Call) -> Iterator[Test]:
    """Types to leave out count only where none is asked for."""
    include, exclude = call.words("includeItemTypes"), call.words("excludeItemTypes")
    ids, not_ids = set(call.words("ids")), set(call.words("excludeItemIds"))
    media = call.words("mediaTypes")
    if include:
        yield lambda t: t.kind in include
    elif exclude:
        yield lambda t: t.kind not in exclude
    if ids:
        yield lambda t: t.id in ids
    if not_ids:
        yield lambda t: t.id not in not_ids
    if media:
        yield lambda t: ("Video" if t.files else "Unknown") in media


def _folders(call: Call) -> Iterator[Test]:
    filters, include = call.words("filters"), call.words("includeItemTypes")
    if call.flag("isMovie") and include and "Movie" not in include:
        yield lambda _: False
    if "IsFolder" in filters:
        yield is_folder
    if "IsNotFolder" in filters:
        yield negated(is_folder)


def _names(call: Call) -> Iterator[Test]:
    """All but the search compare with the name by which an item is sorted."""
    term = call.text("searchTerm")
    start = (call.text("nameStartsWith") or "").lower()
    least = (call.text("nameStartsWithOrGreater") or "").lower()
    below = (call.text("nameLessThan") or "").lower()
    if term:
        clean = clean_name(term)
        yield lambda t: clean in clean_name(t.name) or clean in sort_name(t)
    if start:
        yield lambda t: sort_name(t).lower().startswith(start)
    if least:
        yield lambda t: sort_name(t).lower() >= least
    if below:
        yield lambda t: sort_name(t).lower() < below


def _labels(call: Call) -> Iterator[Test]:
    genres = {clean_name(each) for each in call.words("genres")}
    genre_ids = set(call.words("genreIds"))
    wanted = {clean_name(each) for each in call.words("tags")}
    wanted |= {tag for name, tag in TOPICS.items() if call.flag(name)}
    unwanted = {tag for name, tag in TOPICS.items() if call.flag(name) is False}
    years = {int(each) for each in call.words("years") if each.isdecimal()}
    if genres:
        yield lambda t: any(clean_name(each) in genres for each in t.genres)
    if genre_ids:
        yield lambda t: not genre_ids.isdisjoint(_genre_ids(t))
    if wanted:
        yield lambda t: any(clean_name(each) in wanted for each in t.tags)
    if unwanted:
        yield lambda t: not any(clean_name(each) in unwanted for each in t.tags)
    if years:
        yield lambda t: t.year in years


def _genre_ids(title: Title) -> list[str]:
    recorded = [text(each, "Id") for each in objects(title.recorded, "GenreItems")]
    return recorded or [hashed_guid(f"Genre-{name}") for name in title.genres]


def _premieres(call: Call) -> Iterator[Test]:
    """A title without a premiere passes none of them."""
    after, before = call.date("minPremiereDate"), call.date("maxPremiereDate")
    unaired, now = call.flag("isUnaired"), call.state.now()
    if after:
        yield lambda t: t.premiere is not None and t.premiere >= after
    if before:
        yield lambda t: t.premiere is not None and t.premiere <= before
    if unaired is not None:
        yield lambda t: t.premiere is not None and (t.premiere >= now) == unaired


def _saved(call: Call) -> Iterator[Test]:
    if call.state.version is Version.V10_10 and call.date("minDateLastSaved"):
        raise exception_error(500)
    for name in ("minDateLastSaved", "minDateLastSavedForUser"):
        since = call.date(name)
        if since:
            yield _saved_since(since, call.state.scanned)


def _saved_since(since: datetime, scanned: datetime) -> Test:
    """What was not changed afterwards was saved when the server was scanned."""
    return lambda title: (title.saved or scanned) >= since


def _facts(call: Call) -> Iterator[Test]:
    for name, provider in PROVIDERS.items():
        wanted = call.flag(name)
        if wanted is not None:
            yield lambda t, p=provider, w=wanted: (p in dict(t.providers)) == w
    overview, number = call.flag("hasOverview"), call.number("parentIndexNumber")
    if overview is not None:
        yield lambda t: bool(t.overview) == overview
    if number is not None:
        yield lambda t: t.season == number
    if call.flag("isMissing"):
        yield lambda t: t.kind == "Episode" and not t.files


def _absent(call: Call) -> Iterator[Test]:
    """Filters by what hardly any title here has."""
    locations = call.words("locationTypes")
    virtual = "Virtual" in locations and len(locations) < ALL_LOCATIONS
    never = any(map(call.flag, NEVER)) or any(map(call.query.get, NOBODY_HAS))
    if virtual or never:
        yield lambda _: False
    status, images = set(call.words("seriesStatus")), set(call.words("imageTypes"))
    if status:
        yield lambda t: text(t.recorded, "Status") in status
    if images:
        yield lambda t: not images.isdisjoint(_images(t))


def _images(title: Title) -> list[str]:
    tags = image_tags(title)
    backdrops = title.recorded.get("BackdropImageTags")
    return [*tags, "Backdrop"] if backdrops else list(tags)


def relevance(term: str) -> Callable[[Title], int]:
    """How well a name fits a search: the whole, its beginning, or a part of it."""
    wanted = clean_name(term)

    def rank(title: Title) -> int:
        name = clean_name(title.name)
        if name == wanted:
            return 0
        if name.startswith(f"{wanted} "):
            return 1
        return 2 if name.startswith(wanted) else 3

    return rank

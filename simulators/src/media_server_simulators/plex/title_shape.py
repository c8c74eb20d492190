"""A title as a media server answers it. Only single titles have streams."""

from collections.abc import Mapping

from media_server_simulators.plex.catalogue import TYPES
from media_server_simulators.plex.media_query import seconds
from media_server_simulators.plex.media_shape import TICKS_PER_MILLISECOND, media_of
from media_server_simulators.plex.server_call import ServerCall
from media_server_simulators.plex.state import Section
from media_server_simulators.plex.views import View
from media_server_simulators.wire import JsonObject
from media_server_simulators.world import Title

NAMES = {"Movie": "movie", "Series": "show", "Season": "season", "Episode": "episode"}


def describe(
    call: ServerCall, title: Title, section: Section | None, *, whole: bool = False
) -> JsonObject:
    """`whole` adds what only a request for this very title answers.

    `section` is None for a title of a library that was removed.
    """
    number = call.catalogue.numbers[title.id]
    kind = NAMES.get(title.kind, "movie")
    result: JsonObject = {
        "ratingKey": str(number),
        "key": f"/library/metadata/{number}",
        "guid": f"plex://{kind}/{title.id[:24]}",
        "type": kind,
        "title": title.name,
        "addedAt": seconds(title.added),
        "updatedAt": seconds(title.changed),
    }
    if section is not None:
        result["librarySectionID"] = int(section.key)
        result["librarySectionTitle"] = section.title
    if title.kind in {"Movie", "Series"}:
        stamp = seconds(title.changed)
        result["thumb"] = f"/library/metadata/{number}/thumb/{stamp}"
    optional: JsonObject = {
        "summary": title.overview,
        "year": title.year,
        "contentRating": title.rating,
        "originallyAvailableAt": f"{title.premiere:%Y-%m-%d}"
        if title.premiere
        else None,
        "index": title.index,
    }
    result |= {name: value for name, value in optional.items() if value is not None}
    result |= _above(call, title) | _seen(call, title) | _counts(call, title)
    if title.genres:
        result["Genre"] = [{"tag": each} for each in title.genres]
    if title.files:
        result["duration"] = title.files[0].ticks // TICKS_PER_MILLISECOND
        result["Media"] = [
            media_of(number, each, place, whole=whole)
            for place, each in enumerate(title.files)
        ]
    if whole or call.query("includeGuids") == "1":
        result["Guid"] = [{"id": f"{n.lower()}://{v}"} for n, v in title.providers]
    unwanted = _unwanted(call)
    return {name: each for name, each in result.items() if name not in unwanted}


def _unwanted(call: ServerCall) -> set[str]:
    """The elements and fields that the caller excluded."""
    result = (call.query(f"exclude{what}") or "" for what in ("Elements", "Fields"))
    return {name for names in result for name in names.split(",")}


def kind_number(title: Title) -> int:
    return TYPES.get(title.kind, 0)


def _above(call: ServerCall, title: Title) -> JsonObject:
    """An episode names its season and show, a season its show."""
    show, season = (
        call.catalogue.parent(title.series_id),
        call.catalogue.parent(title.season_id),
    )
    if title.kind == "Season":
        return _named(call, "parent", show)
    return _named(call, "parent", season) | _named(call, "grandparent", show)


def _named(call: ServerCall, role: str, title: Title | None) -> JsonObject:
    if title is None:
        return {}
    number = call.catalogue.numbers[title.id]
    result: JsonObject = {
        f"{role}RatingKey": str(number),
        f"{role}Key": f"/library/metadata/{number}",
        f"{role}Title": title.name,
    }
    return result | ({f"{role}Index": title.index} if title.index is not None else {})


def _seen(call: ServerCall, title: Title) -> JsonObject:
    """What the asking account has watched; nobody else's plays."""
    view = _views(call).get(title.id)
    if view is None:
        return {}
    seen: dict[str, int | None] = {
        "viewCount": view.count or None,
        "viewOffset": view.offset or None,
        "lastViewedAt": seconds(view.last) if view.last else None,
    }
    return {name: value for name, value in seen.items() if value is not None}


def _views(call: ServerCall) -> Mapping[str, View]:
    return call.catalogue.views_of(call.account.id) if call.account else {}


def _counts(call: ServerCall, title: Title) -> JsonObject:
    """How many seasons and episodes: a show has both, a season has episodes."""
    if title.kind not in {"Series", "Season"}:
        return {}
    leaves, views = call.catalogue.leaves(title), _views(call)
    viewed = (views[each.id].count > 0 for each in leaves if each.id in views)
    counts: JsonObject = {"leafCount": len(leaves), "viewedLeafCount": sum(viewed)}
    if title.kind == "Series":
        counts["childCount"] = len(call.catalogue.children(title))
    return counts

"""The parameters of /Items, and which rows they leave."""

from collections.abc import Callable
from datetime import datetime

from media_server_simulators.jellyfin.http.binding import Kind, one_of, some_of
from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.http.errors import exception_error
from media_server_simulators.jellyfin.http.parameters import (
    FLAG,
    GUID,
    GUIDS,
    MOMENT,
    PIPES,
    REAL,
    TEXT,
    WHOLE,
    WORDS,
)
from media_server_simulators.jellyfin.items.item_shape import (
    FIELD_NAMES,
    Selection,
)
from media_server_simulators.jellyfin.items.user_data import is_played, stored
from media_server_simulators.jellyfin.state import State, User
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.world import Title

ITEM_KINDS = (
    "AggregateFolder", "Audio", "AudioBook", "BasePluginFolder", "Book", "BoxSet",
    "Channel",
    "ChannelFolderItem", "CollectionFolder", "Episode", "Folder", "Genre",
    "ManualPlaylistsFolder",
    "Movie", "LiveTvChannel", "LiveTvProgram", "MusicAlbum", "MusicArtist",
    "MusicGenre",
    "MusicVideo", "Person", "Photo", "PhotoAlbum", "Playlist", "PlaylistsFolder",
    "Program",
    "Recording", "Season", "Series", "Studio", "Trailer", "TvChannel", "TvProgram",
    "UserRootFolder", "UserView", "Video", "Year",
)  # fmt: skip
SORT_NAMES = (
    "Default", "AiredEpisodeOrder", "Album", "AlbumArtist", "Artist", "DateCreated",
    "OfficialRating", "DatePlayed", "PremiereDate", "StartDate", "SortName", "Name",
    "Random",
    "Runtime", "CommunityRating", "ProductionYear", "PlayCount", "CriticRating",
    "IsFolder",
    "IsUnplayed", "IsPlayed", "SeriesSortName", "VideoBitRate", "AirTime", "Studio",
    "IsFavoriteOrLiked", "DateLastContentAdded", "SeriesDatePlayed",
    "ParentIndexNumber",
    "IndexNumber",
)  # fmt: skip
FILTERS = (
    "IsFolder", "IsNotFolder", "IsUnplayed", "IsPlayed", "IsFavorite",
    "IsResumable", "Likes",
    "Dislikes", "IsFavoriteOrLikes",
)  # fmt: skip
ITEM_TYPES = some_of(*ITEM_KINDS)
QUERY: dict[str, Kind] = {
    "userId": GUID,
    "startIndex": WHOLE,
    "limit": WHOLE,
    "recursive": FLAG,
    "searchTerm": TEXT,
    "sortOrder": some_of("Ascending", "Descending"),
    "parentId": GUID,
    "fields": some_of(*FIELD_NAMES),
    "excludeItemTypes": ITEM_TYPES,
    "includeItemTypes": ITEM_TYPES,
    "filters": some_of(*FILTERS),
    "isFavorite": FLAG,
    "isPlayed": FLAG,
    "isMissing": FLAG,
    "mediaTypes": some_of("Unknown", "Video", "Audio", "Photo", "Book"),
    "sortBy": some_of(*SORT_NAMES),
    "genres": PIPES,
    "officialRatings": PIPES,
    "tags": PIPES,
    "years": WORDS,
    "ids": GUIDS,
    "excludeItemIds": GUIDS,
    "excludeLocationTypes": some_of("FileSystem", "Remote", "Virtual", "Offline"),
    "locationTypes": some_of("FileSystem", "Remote", "Virtual", "Offline"),
    "minDateLastSaved": MOMENT,
    "minDateLastSavedForUser": MOMENT,
    "minPremiereDate": MOMENT,
    "maxPremiereDate": MOMENT,
    "hasTmdbId": FLAG,
    "hasImdbId": FLAG,
    "hasTvdbId": FLAG,
    "hasSubtitles": FLAG,
    "hasParentalRating": FLAG,
    "hasOverview": FLAG,
    "audioLanguages": WORDS,
    "subtitleLanguages": WORDS,
    "nameStartsWith": TEXT,
    "enableTotalRecordCount": FLAG,
    "enableImages": FLAG,
    "enableUserData": FLAG,
    "collapseBoxSetItems": FLAG,
    "imageTypeLimit": WHOLE,
    "enableImageTypes": WORDS,
    "minOfficialRating": TEXT,
    "seriesStatus": some_of("Continuing", "Ended", "Unreleased"),
    "is3D": FLAG,
    "isHd": FLAG,
    "is4K": FLAG,
    "minWidth": WHOLE,
    "minHeight": WHOLE,
    "minCommunityRating": REAL,
    "adjacentTo": GUID,
    "indexNumber": WHOLE,
    "parentIndexNumber": WHOLE,
    "videoTypes": some_of("VideoFile", "Iso", "Dvd", "BluRay"),
    "isSeries": FLAG,
    "isMovie": FLAG,
    "status": one_of("Continuing", "Ended"),
}
del QUERY["status"]

type Test = Callable[[Title], bool]


def selection_of(call: Call) -> Selection:
    images, data = call.flag("enableImages"), call.flag("enableUserData")
    return Selection(
        frozenset(call.words("fields")), images is not False, data is not False
    )


def walks_in_memory(call: Call, user: User | None) -> bool:
    """10.10 and 10.11 do for a key without a user, unless the query forbids it."""
    if call.state.version.since_12 or user is not None:
        return False
    if call.flag("collapseBoxSetItems") is False or call.words("ids"):
        return False
    types = call.words("includeItemTypes")
    return not types or bool({"Movie", "Series"} & set(types))


def filtered(call: Call, rows: list[Title], user: User | None) -> list[Title]:
    """Raises 500 for a filter that needs a user where there is none."""
    tests = [
        *_kinds(call),
        *_names(call),
        *_dates(call, user),
        *_facts(call),
        *_languages(call),
        *_played(call, user),
    ]
    return [title for title in rows if all(test(title) for test in tests)]


def _kinds(call: Call) -> list[Test]:
    include, exclude = call.words("includeItemTypes"), call.words("excludeItemTypes")
    ids, not_ids = call.words("ids"), call.words("excludeItemIds")
    media = call.words("mediaTypes")
    tests: list[Test] = []
    if include:
        tests.append(lambda t: t.kind in include)
    if exclude:
        tests.append(lambda t: t.kind not in exclude)
    if ids:
        tests.append(lambda t: t.id in ids)
    if not_ids:
        tests.append(lambda t: t.id not in not_ids)
    if media:
        tests.append(lambda t: ("Video" if t.files else "Unknown") in media)
    return tests


def _names(call: Call) -> list[Test]:
    tests: list[Test] = []
    term, start = (
        (call.text("searchTerm") or "").lower(),
        (call.text("nameStartsWith") or "").lower(),
    )
    if term:
        tests.append(lambda t: term in t.name.lower())
    if start:
        tests.append(lambda t: t.name.lower().startswith(start))
    genres, tags = set(call.words("genres")), set(call.words("tags"))
    ratings, years = call.words("officialRatings"), call.words("years")
    if genres:
        tests.append(lambda t: bool(genres & set(t.genres)))
    if tags:
        tests.append(lambda t: bool(tags & set(t.tags)))
    if ratings:
        tests.append(lambda t: t.rating in ratings)
    if years:
        tests.append(lambda t: str(t.year) in years)
    return tests


def _dates(call: Call, user: User | None) -> list[Test]:
    tests: list[Test] = []
    after, before = call.date("minPremiereDate"), call.date("maxPremiereDate")
    if after:
        tests.append(lambda t: t.premiere is not None and t.premiere >= after)
    if before:
        tests.append(lambda t: t.premiere is not None and t.premiere <= before)
    if walks_in_memory(call, user):
        return tests
    if call.state.version is Version.V10_10 and call.date("minDateLastSaved"):
        raise exception_error(500)
    saved = [call.date("minDateLastSaved"), call.date("minDateLastSavedForUser")]
    scanned = call.state.scanned
    tests += [_saved_since(since, scanned) for since in saved if since]
    return tests


def _saved_since(since: datetime, scanned: datetime) -> Test:
    """What was not changed afterwards was saved when the server was scanned."""
    return lambda title: (title.saved or scanned) >= since


def _facts(call: Call) -> list[Test]:
    tests: list[Test] = []
    for name, provider in (
        ("hasTmdbId", "Tmdb"),
        ("hasImdbId", "Imdb"),
        ("hasTvdbId", "Tvdb"),
    ):
        wanted = call.flag(name)
        if wanted is not None:
            tests.append(lambda t, p=provider, w=wanted: (p in dict(t.providers)) == w)
    missing, rated = call.flag("isMissing"), call.flag("hasParentalRating")
    if missing:
        tests.append(lambda t: t.kind == "Episode" and not t.files)
    if rated is not None:
        tests.append(lambda t: (t.rating is not None) == rated)
    if "Virtual" in call.words("locationTypes"):
        tests.append(lambda _: False)
    return tests


def _languages(call: Call) -> list[Test]:
    tests: list[Test] = []
    subtitled = call.flag("hasSubtitles")
    if subtitled is not None:
        tests.append(lambda t: bool(_spoken(t, "subtitle")) == subtitled)
    if call.state.version.since_12:
        for name, kind in (
            ("audioLanguages", "audio"),
            ("subtitleLanguages", "subtitle"),
        ):
            wanted = set(call.words(name))
            if wanted:
                tests.append(lambda t, k=kind, w=wanted: bool(w & _spoken(t, k)))
    return tests


def _spoken(title: Title, kind: str) -> set[str | None]:
    return {s.language for file in title.files for s in file.streams if s.kind == kind}


def _played(call: Call, user: User | None) -> list[Test]:
    filters = set(call.words("filters"))
    played = call.flag("isPlayed")
    if "IsPlayed" in filters or "IsUnplayed" in filters:
        played = "IsPlayed" in filters
    favourite = call.flag("isFavorite")
    favourite = True if "IsFavorite" in filters else favourite
    if user is None:
        if played is not None and call.state.version is not Version.V10_10:
            raise exception_error(500)
        return []
    return [
        *_played_by(call.state, user, played, favourite),
        *_resumable(call.state, user, filters),
    ]


def _played_by(
    state: State, user: User, played: bool | None, favourite: bool | None
) -> list[Test]:
    tests: list[Test] = []
    if played is not None:
        tests.append(lambda t: is_played(state, user, t) == played)
    if favourite is not None:
        tests.append(lambda t: stored(state, user, t).favourite == favourite)
    return tests


def _resumable(state: State, user: User, filters: set[str]) -> list[Test]:
    tests: list[Test] = []
    if "IsResumable" in filters:
        tests.append(lambda t: stored(state, user, t).position > 0)
    if "IsFolder" in filters:
        tests.append(lambda t: not t.files)
    if "IsNotFolder" in filters:
        tests.append(lambda t: bool(t.files))
    return tests

"""An item as the API shows it: its keys depend on its type and the question."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from media_server_simulators.jellyfin.items.catalogue import (
    children,
    descendants,
    parent_id,
)
from media_server_simulators.jellyfin.items.media_shape import (
    has_subtitles,
    sources,
    streams,
)
from media_server_simulators.jellyfin.items.pictures import image_tags
from media_server_simulators.jellyfin.items.sort_names import sort_name
from media_server_simulators.jellyfin.items.user_data import shown as user_data_shown
from media_server_simulators.jellyfin.items.whole_items import (
    FOLDERS,
    is_folder,
    last_added,
)
from media_server_simulators.jellyfin.state import State, User
from media_server_simulators.jellyfin.values import MIN_DATE, flag, hashed_guid, stamp
from media_server_simulators.wire import Json, JsonObject
from media_server_simulators.world import Title


@dataclass(frozen=True, slots=True)
class Selection:
    """What a caller wants of each item; `whole` is a look at a single one."""

    fields: frozenset[str] = frozenset()
    images: bool = True
    user_data: bool = True
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    state: State
    title: Title
    user: User | None

    @property
    def kind(self) -> str:
        return self.title.kind

    @property
    def is_folder(self) -> bool:
        return is_folder(self.title)


type Maker = Callable[[Item], Json]


def _name_of(item: Item, id: str | None) -> str | None:
    if id is None:
        return None
    known = item.state.world.by_id.get(id)
    return known.name if known else None


def _sources(item: Item) -> list[Json] | None:
    chosen = item.user is not None
    title = item.title
    return sources(item.state, title, chosen=chosen) if title.files else None


def _can_delete(item: Item) -> bool:
    if item.kind in FOLDERS:
        return False
    return item.user is None or flag(item.user.policy, "EnableContentDeletion")


def _can_download(item: Item) -> bool:
    if not item.title.files:
        return False
    return item.user is None or flag(item.user.policy, "EnableContentDownloading")


def _play_access(item: Item) -> str | None:
    if item.user is None:
        return None
    return "Full" if flag(item.user.policy, "EnableMediaPlayback") else "None"


def _urls(title: Title) -> list[Json]:
    imdb = dict(title.providers).get("Imdb")
    return (
        [{"Name": "IMDb", "Url": f"https://www.imdb.com/title/{imdb}"}] if imdb else []
    )


def _genres(title: Title) -> list[Json]:
    return [{"Name": name, "Id": hashed_guid(f"Genre-{name}")} for name in title.genres]


def _last_added(item: Item) -> str | None:
    if not item.is_folder:
        return None
    if item.kind in FOLDERS:
        return MIN_DATE
    return stamp(last_added(item.state, item.title))


def _recursive_count(item: Item) -> int | None:
    if item.kind not in {"Series", "Season"}:
        return None
    return sum(
        each.kind == "Episode" for each in descendants(item.state, item.title.id)
    )


def _child_count(item: Item) -> int | None:
    if item.kind in FOLDERS and item.user is None:
        return None
    return len(children(item.state, item.title.id)) if item.is_folder else None


def _chapters(item: Item) -> list[Json] | None:
    return [] if item.title.files or item.state.version.since_12 else None


def _original_language(item: Item) -> str | None:
    return item.title.original_language if item.state.version.since_12 else None


BASE: Mapping[str, Maker] = {
    "Name": lambda i: i.title.name,
    "ServerId": lambda i: i.state.server_id,
    "Id": lambda i: i.title.id,
    "HasSubtitles": lambda i: has_subtitles(i.title) or None,
    "Container": lambda i: "mkv" if i.title.files else None,
    "PremiereDate": lambda i: stamp(i.title.premiere) if i.title.premiere else None,
    "OfficialRating": lambda i: i.title.rating,
    "RunTimeTicks": lambda i: i.title.files[0].ticks if i.title.files else None,
    "ProductionYear": lambda i: i.title.year,
    "IndexNumber": lambda i: i.title.index,
    "ParentIndexNumber": lambda i: i.title.season,
    "IsFolder": lambda i: i.is_folder,
    "Type": lambda i: i.kind,
    "SeriesName": lambda i: _name_of(i, i.title.series_id),
    "SeriesId": lambda i: i.title.series_id,
    "SeasonId": lambda i: i.title.season_id,
    "SeasonName": lambda i: _name_of(i, i.title.season_id),
    "AirDays": lambda i: [] if i.kind == "Series" else None,
    "VideoType": lambda i: "VideoFile" if i.title.files else None,
    "LocationType": lambda _: "FileSystem",
    "MediaType": lambda i: "Video" if i.title.files else "Unknown",
    "CollectionType": lambda i: i.title.recorded.get("CollectionType"),
    "ImageBlurHashes": lambda _: {},
    "OriginalLanguage": _original_language,
}
IMAGES: Mapping[str, Maker] = {
    "ImageTags": lambda i: {**image_tags(i.title)},
    "BackdropImageTags": lambda i: i.title.recorded.get("BackdropImageTags") or [],
}
# key: (the field that asks for it, how it is made)
ASKED: Mapping[str, tuple[str, Maker]] = {
    "Etag": ("Etag", lambda i: hashed_guid(f"{i.title.id}{i.title.changed}")),
    "DateCreated": ("DateCreated", lambda i: stamp(i.title.added)),
    "DateLastMediaAdded": ("DateLastMediaAdded", _last_added),
    "CanDelete": ("CanDelete", _can_delete),
    "CanDownload": ("CanDownload", _can_download),
    "SortName": ("SortName", lambda i: sort_name(i.title)),
    "ExternalUrls": ("ExternalUrls", lambda i: _urls(i.title)),
    "MediaSources": (
        "MediaSources",
        _sources,
    ),
    "ProductionLocations": (
        "ProductionLocations",
        lambda i: [] if i.kind in {"Movie", "Episode"} else None,
    ),
    "Path": ("Path", lambda i: i.title.path),
    "EnableMediaSourceDisplay": ("EnableMediaSourceDisplay", lambda _: True),
    "Overview": ("Overview", lambda i: i.title.overview),
    "Taglines": ("Taglines", lambda _: []),
    "Genres": ("Genres", lambda i: list[Json](i.title.genres)),
    "GenreItems": ("Genres", lambda i: _genres(i.title)),
    "PlayAccess": ("PlayAccess", _play_access),
    "RemoteTrailers": ("RemoteTrailers", lambda _: []),
    "ProviderIds": ("ProviderIds", lambda i: dict[str, Json](i.title.providers)),
    "ParentId": ("ParentId", lambda i: parent_id(i.state, i.title)),
    "People": ("People", lambda _: []),
    "Studios": ("Studios", lambda _: []),
    "LocalTrailerCount": ("LocalTrailerCount", lambda _: 0),
    "RecursiveItemCount": ("RecursiveItemCount", _recursive_count),
    "ChildCount": ("ChildCount", _child_count),
    "SpecialFeatureCount": ("SpecialFeatureCount", lambda _: 0),
    "DisplayPreferencesId": (
        "DisplayPreferencesId",
        lambda i: (
            i.title.id if i.kind == "CollectionFolder" else hashed_guid(f"View{i.kind}")
        ),
    ),
    "Tags": ("Tags", lambda i: list[Json](i.title.tags)),
    "MediaStreams": (
        "MediaStreams",
        lambda i: streams(i.state, i.title) if i.title.files else None,
    ),
    "MediaSourceCount": (
        "MediaSourceCount",
        lambda i: len(i.title.files) if len(i.title.files) > 1 else None,
    ),
    "Chapters": ("Chapters", _chapters),
    "Trickplay": ("Trickplay", lambda i: {} if i.title.files else None),
    "LockedFields": ("Settings", lambda _: []),
    "LockData": ("Settings", lambda _: False),
    "Width": ("Width", lambda i: i.title.files[0].width if i.title.files else None),
    "Height": ("Height", lambda i: i.title.files[0].height if i.title.files else None),
}
# They depend on the caller, so a recorded value cannot be used.
DEPEND_ON_CALLER = {
    "CanDelete", "CanDownload", "PlayAccess", "UserData", "ChildCount",
    "RecursiveItemCount",
    "MediaSources", "MediaStreams", "Chapters",
}  # fmt: skip
FIELD_NAMES = sorted(
    {field for field, _ in ASKED.values()} | {"PrimaryImageAspectRatio"}
)


def shown(
    state: State, title: Title, user: User | None, selection: Selection
) -> JsonObject:
    item = Item(state, title, user)
    result: JsonObject = _made(item, BASE)
    asked = {
        k: make
        for k, (field, make) in ASKED.items()
        if selection.whole or field in selection.fields
    }
    result |= _made(item, asked)
    if selection.images:
        result |= _made(item, IMAGES)
    result["ChannelId"] = None
    if user is not None and selection.user_data:
        result["UserData"] = user_data_shown(state, user, title)
    return result


def _made(item: Item, makers: Mapping[str, Maker]) -> JsonObject:
    recorded = item.title.recorded
    made: JsonObject = {}
    for key, make in makers.items():
        is_known = key in recorded and key not in DEPEND_ON_CALLER
        value = recorded[key] if is_known else make(item)
        if value is not None:
            made[key] = value
    return made

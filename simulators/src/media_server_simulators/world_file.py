"""A world from a file like the transcripts' world.json: exactly what it holds."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from media_server_simulators.wire import Json, JsonObject
from media_server_simulators.world import (
    NOTHING,
    Library,
    MediaFile,
    Person,
    Stream,
    Title,
    World,
)

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class WorldFileError(ValueError):
    """The file cannot be read as a world; the text is the reason."""


def read_world(file: Path) -> World:
    """Raises WorldFileError when the file is missing or shaped otherwise."""
    try:
        whole: Json = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise WorldFileError(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise WorldFileError(f"{file} is not JSON: {error}") from error
    if not isinstance(whole, dict):
        raise WorldFileError(f"{file} holds no JSON object")
    return _world(whole, file)


def _world(whole: JsonObject, file: Path) -> World:
    server, administrator = _object(whole, "server"), _object(whole, "administrator")
    user = _object(administrator, "user")
    if not (text(server, "Id") and text(user, "Id") and text(user, "Name")):
        raise WorldFileError(f"{file} names no server or no administrator")
    libraries = tuple(_library(each) for each in _objects(whole, "libraries"))
    items = _objects(whole, "items")
    return World(
        server_id=text(server, "Id"),
        server_name=text(server, "ServerName"),
        administrator=Person(
            text(user, "Id"),
            text(user, "Name"),
            text(administrator, "password"),
            True,
            recorded=user,
        ),
        libraries=libraries,
        make_titles=lambda: _titles(items, libraries),
        views=tuple(_objects(whole, "views")),
        just_scanned=True,
    )


def _library(recorded: JsonObject) -> Library:
    return Library(
        id=text(recorded, "ItemId"),
        name=text(recorded, "Name"),
        kind=text(recorded, "CollectionType"),
        folders=_texts(recorded, "Locations"),
        recorded=recorded,
    )


def _titles(items: list[JsonObject], libraries: Sequence[Library]) -> list[Title]:
    by_id = {text(item, "Id"): item for item in items}
    return [_title(item, by_id, libraries) for item in items]


def _title(
    item: JsonObject, by_id: dict[str, JsonObject], libraries: Sequence[Library]
) -> Title:
    providers = _object(item, "ProviderIds")
    return Title(
        id=text(item, "Id"),
        kind=text(item, "Type"),
        name=text(item, "Name"),
        library_id=_library_of(item, by_id, libraries),
        added=date(item, "DateCreated") or EPOCH,
        path=text(item, "Path"),
        year=number(item, "ProductionYear"),
        premiere=date(item, "PremiereDate"),
        rating=text(item, "OfficialRating") or None,
        overview=text(item, "Overview") or None,
        genres=_texts(item, "Genres"),
        tags=_texts(item, "Tags"),
        providers=tuple((name, str(value)) for name, value in providers.items()),
        index=number(item, "IndexNumber"),
        season=number(item, "ParentIndexNumber"),
        series_id=text(item, "SeriesId") or None,
        season_id=text(item, "SeasonId") or None,
        files=tuple(_file(each) for each in _objects(item, "MediaSources")),
        recorded=item,
    )


def _library_of(
    item: JsonObject, by_id: dict[str, JsonObject], libraries: Sequence[Library]
) -> str:
    """By where its files lie; a title without a path lies where its series does."""
    path = text(item, "Path") or text(by_id.get(text(item, "SeriesId"), {}), "Path")
    for library in libraries:
        if any(path.startswith(f"{folder.rstrip('/')}/") for folder in library.folders):
            return library.id
    kind = "movies" if text(item, "Type") == "Movie" else "tvshows"
    return next((each.id for each in libraries if each.kind == kind), "")


def _file(source: JsonObject) -> MediaFile:
    streams = _objects(source, "MediaStreams")
    video = next((e for e in streams if text(e, "Type") == "Video"), NOTHING)
    return MediaFile(
        id=text(source, "Id"),
        path=text(source, "Path"),
        size=number(source, "Size") or 0,
        ticks=number(source, "RunTimeTicks") or 0,
        name=text(source, "Name"),
        streams=tuple(_stream(each) for each in streams),
        width=number(video, "Width") or 0,
        height=number(video, "Height") or 0,
    )


def _stream(recorded: JsonObject) -> Stream:
    return Stream(
        kind=text(recorded, "Type").lower(),
        codec=text(recorded, "Codec"),
        language=text(recorded, "Language") or None,
        channels=number(recorded, "Channels"),
        external=recorded.get("IsExternal") is True,
        title=text(recorded, "Title") or None,
        default=recorded.get("IsDefault") is True,
        forced=recorded.get("IsForced") is True,
        hearing_impaired=recorded.get("IsHearingImpaired") is True,
        original=recorded.get("IsOriginal") is True,
    )


def text(holder: JsonObject, key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def number(holder: JsonObject, key: str) -> int | None:
    value = holder.get(key)
    return value if isinstance(value, int) else None


def date(holder: JsonObject, key: str) -> datetime | None:
    """Seven fractional digits are one more than Python reads."""
    value = text(holder, key).removesuffix("Z")
    if not value:
        return None
    whole, _, fraction = value.partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6] or '0'}").replace(tzinfo=UTC)


def _object(holder: JsonObject, key: str) -> JsonObject:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def _objects(holder: JsonObject, key: str) -> list[JsonObject]:
    value = holder.get(key)
    return (
        [each for each in value if isinstance(each, dict)]
        if isinstance(value, list)
        else []
    )


def _texts(holder: JsonObject, key: str) -> tuple[str, ...]:
    value = holder.get(key)
    return (
        tuple(e for e in value if isinstance(e, str)) if isinstance(value, list) else ()
    )

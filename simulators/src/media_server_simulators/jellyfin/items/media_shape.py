"""Files and their streams as the API shows them."""

from media_server_simulators.jellyfin.items.stream_shape import made_up_stream
from media_server_simulators.jellyfin.state import State
from media_server_simulators.jellyfin.values import hashed_guid, objects
from media_server_simulators.wire import Json, JsonObject
from media_server_simulators.world import MediaFile, Stream, Title

NEW_IN_12 = ("IsOriginal", "LocalizedOriginal", "LocalizedLanguage")


def has_subtitles(title: Title) -> bool:
    return any(s.kind == "subtitle" for file in title.files[:1] for s in file.streams)


def sources(state: State, title: Title, *, chosen: bool = False) -> list[Json]:
    """`chosen`: also which sound a user would hear, as it is worked out for one."""
    recorded = objects(title.recorded, "MediaSources")
    shown = [
        _source(state, file, recorded[place] if place < len(recorded) else {})
        for place, file in enumerate(title.files)
    ]
    if chosen:
        for source, file in zip(shown, title.files, strict=True):
            sounds = [n for n, s in enumerate(file.streams) if s.kind == "audio"]
            if sounds:
                source["DefaultAudioStreamIndex"] = sounds[0]
    return list[Json](shown)


def streams(state: State, title: Title) -> list[Json]:
    """Those of the first file."""
    first = sources(state, title)[:1]
    shown = [
        s
        for each in first
        if isinstance(each, dict)
        for s in objects(each, "MediaStreams")
    ]
    return list[Json](shown)


def _source(state: State, file: MediaFile, recorded: JsonObject) -> JsonObject:
    known = objects(recorded, "MediaStreams")
    shown: list[Json] = [
        _stream(state, stream, file, place, known[place] if place < len(known) else {})
        for place, stream in enumerate(file.streams)
    ]
    whole: JsonObject = {
        "Protocol": "File",
        "Id": file.id,
        "Path": file.path,
        "Type": "Default",
        "Container": "mkv",
        "Size": file.size,
        "Name": file.name or file.path.rpartition("/")[2].rpartition(".")[0],
        "IsRemote": False,
        "ETag": hashed_guid(file.id),
        "RunTimeTicks": file.ticks,
        "ReadAtNativeFramerate": False,
        "IgnoreDts": False,
        "IgnoreIndex": False,
        "GenPtsInput": False,
        "SupportsTranscoding": True,
        "SupportsDirectStream": True,
        "SupportsDirectPlay": True,
        "IsInfiniteStream": False,
        "UseMostCompatibleTranscodingProfile": False,
        "RequiresOpening": False,
        "RequiresClosing": False,
        "RequiresLooping": False,
        "SupportsProbing": True,
        "VideoType": "VideoFile",
        "MediaStreams": [],
        "MediaAttachments": [],
        "Formats": [],
        "Bitrate": _bit_rate(file),
        "RequiredHttpHeaders": {},
        "TranscodingSubProtocol": "http",
        "HasSegments": False,
    }
    whole |= recorded
    whole["MediaStreams"] = shown
    return whole


def _bit_rate(file: MediaFile) -> int:
    seconds = file.ticks / 10_000_000
    return int(file.size * 8 / seconds) if seconds else 0


def _stream(
    state: State, stream: Stream, file: MediaFile, place: int, recorded: JsonObject
) -> JsonObject:
    shown = recorded or made_up_stream(state, stream, file, place)
    if state.version.since_12:
        return shown
    shown = {key: value for key, value in shown.items() if key not in NEW_IN_12}
    more: JsonObject = {"IsAVC": False}
    if stream.kind == "video":
        return more | {"BitRate": _bit_rate(file)} | shown
    more["Level"] = 0
    if stream.kind == "subtitle":
        more |= {"Width": 0, "Height": 0}
    return more | shown

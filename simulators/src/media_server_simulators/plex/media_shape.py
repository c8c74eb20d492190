"""A title's files and their streams, as a media server answers them."""

from media_server_simulators.languages import spelled
from media_server_simulators.wire import Json, JsonObject
from media_server_simulators.world import MediaFile, Stream

STREAMS = {"video": 1, "audio": 2, "subtitle": 3}
TICKS_PER_MILLISECOND = 10_000
MOST_FILES, MOST_STREAMS = 100, 100


def media_of(number: int, file: MediaFile, place: int, *, whole: bool) -> JsonObject:
    """One version of a title; its streams only if it is shown `whole`."""
    own = number * MOST_FILES + place
    duration = file.ticks // TICKS_PER_MILLISECOND
    part: JsonObject = {
        "id": own,
        "key": f"/library/parts/{own}/file.mkv",
        "duration": duration,
        "file": file.path,
        "size": file.size,
        "container": "mkv",
    }
    if whole:
        streams = enumerate(file.streams)
        part["Stream"] = [_stream(own, at, stream) for at, stream in streams]
    return {
        "id": own,
        "duration": duration,
        "width": file.width,
        "height": file.height,
        "videoResolution": str(file.height),
        "videoCodec": _codec(file, "video"),
        "audioCodec": _codec(file, "audio"),
        "container": "mkv",
        "Part": [part],
    }


def _codec(file: MediaFile, kind: str) -> str | None:
    return next((each.codec for each in file.streams if each.kind == kind), None)


def _stream(file: int, place: int, stream: Stream) -> JsonObject:
    """Flags are there only when they are set, and a key only of a file of its own."""
    own = file * MOST_STREAMS + place
    language = spelled(stream.language)
    shown = f"{language.name or 'Unknown'} ({stream.codec.upper()})"
    optional: dict[str, Json] = {
        "key": f"/library/streams/{own}" if stream.external else None,
        "language": language.name,
        "languageCode": language.code,
        "languageTag": language.tag,
        "channels": stream.channels,
        "title": stream.title,
        "default": stream.default or None,
        "forced": stream.forced or None,
        "hearingImpaired": stream.hearing_impaired or None,
        "original": stream.original or None,
    }
    always: JsonObject = {
        "id": own,
        "streamType": STREAMS.get(stream.kind, 1),
        "codec": stream.codec,
        "index": place,
        "displayTitle": shown,
        "extendedDisplayTitle": shown,
    }
    return always | {
        name: value for name, value in optional.items() if value is not None
    }

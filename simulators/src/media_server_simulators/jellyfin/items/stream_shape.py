"""A stream of a file that was not recorded, as the API shows it."""

from media_server_simulators.jellyfin.state import State
from media_server_simulators.jellyfin.values import compact
from media_server_simulators.languages import TO_TERMINOLOGICAL, spelled
from media_server_simulators.wire import JsonObject
from media_server_simulators.world import MediaFile, Stream

LAYOUTS = {1: ("mono", "Mono"), 2: ("stereo", "Stereo"), 6: ("5.1", "5.1")}
AUDIO_BIT_RATE = 192_000


def made_up_stream(
    state: State, stream: Stream, file: MediaFile, place: int
) -> JsonObject:
    language = stream.language
    if state.version.since_10_11 and language is not None:
        language = TO_TERMINOLOGICAL.get(language, language)
    common: JsonObject = {
        "Codec": stream.codec,
        "Language": language,
        "TimeBase": "1/1000",
        "Title": stream.title,
        "VideoRange": "SDR" if stream.kind == "video" else "Unknown",
        "VideoRangeType": "SDR" if stream.kind == "video" else "Unknown",
        "AudioSpatialFormat": "None",
        "LocalizedLanguage": spelled(language).name,
        "DisplayTitle": _display_title(stream, file),
        "IsInterlaced": False,
        "IsDefault": stream.default,
        "IsForced": stream.forced,
        "IsHearingImpaired": stream.hearing_impaired,
        "IsOriginal": stream.original,
        "Type": stream.kind.capitalize(),
        "Index": place,
        "IsExternal": stream.external,
        "IsTextSubtitleStream": stream.kind == "subtitle",
        "SupportsExternalStream": stream.kind == "subtitle",
        "Path": _path(stream, file, place),
    }
    return compact(common | _of_kind(stream, file) | _localized(stream))


def _path(stream: Stream, file: MediaFile, place: int) -> str | None:
    if not stream.external:
        return None
    suffix = f".{stream.language}" if stream.language else ""
    return f"{file.path.rpartition('.')[0]}.{place}{suffix}.srt"


def _display_title(stream: Stream, file: MediaFile) -> str:
    if stream.kind == "video":
        return f"{file.height}p {stream.codec.upper()} SDR"
    spoken = spelled(stream.language).name
    unknown = "Undefined" if stream.kind == "subtitle" else None
    parts = [stream.title, spoken or unknown]
    parts += ["Hearing Impaired"] if stream.hearing_impaired else []
    parts += ["Default"] if stream.default else []
    parts += ["Forced"] if stream.forced else []
    parts.append(stream.codec.upper())
    if stream.kind == "audio":
        parts.append(LAYOUTS.get(stream.channels or 2, LAYOUTS[2])[1])
    parts += ["External"] if stream.external else []
    return " - ".join(part for part in parts if part)


def _of_kind(stream: Stream, file: MediaFile) -> JsonObject:
    if stream.kind == "video":
        return {
            "Width": file.width,
            "Height": file.height,
            "IsAVC": True if stream.codec == "h264" else None,
            "AspectRatio": "16:9",
        }
    if stream.kind == "audio":
        channels = stream.channels or 2
        layout = LAYOUTS.get(channels, LAYOUTS[2])[0]
        return {
            "BitRate": AUDIO_BIT_RATE,
            "Channels": channels,
            "ChannelLayout": layout,
        }
    return {}


def _localized(stream: Stream) -> JsonObject:
    """Words in the server's language, for people."""
    if stream.kind == "video":
        return {}
    words: JsonObject = {"LocalizedDefault": "Default", "LocalizedExternal": "External"}
    if stream.kind == "audio":
        return words | {"LocalizedOriginal": "Original"}
    return words | {
        "LocalizedForced": "Forced",
        "LocalizedHearingImpaired": "Hearing Impaired",
        "LocalizedUndefined": "Undefined",
    }

"""What a player reports: started, still playing, stopped."""

from media_server_simulators.jellyfin.activity import note
from media_server_simulators.jellyfin.http.binding import Body
from media_server_simulators.jellyfin.http.call import Call, nothing
from media_server_simulators.jellyfin.http.parameters import (
    FLAG,
    GUID,
    TEXT,
    WHOLE,
    WIDE,
)
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.http.shapes import (
    Shape,
    anything,
    boolean,
    enum,
    guid,
    long,
    optional,
    string,
)
from media_server_simulators.jellyfin.items.catalogue import find
from media_server_simulators.jellyfin.items.item_shape import Selection
from media_server_simulators.jellyfin.items.item_shape import shown as item_shown
from media_server_simulators.jellyfin.items.user_data import publish_watched, watch_of
from media_server_simulators.jellyfin.sessions.session_store import of_caller
from media_server_simulators.jellyfin.state import (
    Event,
    EventKind,
    Session,
    State,
    User,
    Watch,
)
from media_server_simulators.jellyfin.values import compact, flag, number, text
from media_server_simulators.wire import JsonObject, Reply
from media_server_simulators.world import Title

routes = Routes()

SECOND = 10_000_000
METHOD = enum(
    "MediaBrowser.Model.Session.PlayMethod", "Transcode", "DirectStream", "DirectPlay"
)
FIELDS = frozenset(
    (
        "DateCreated", "ExternalUrls", "Path", "EnableMediaSourceDisplay", "Overview",
        "Taglines", "Genres", "ProviderIds", "ParentId", "Studios", "LocalTrailerCount",
        "SpecialFeatureCount", "MediaStreams", "Chapters", "Trickplay", "Width",
        "Height",
    )
)  # fmt: skip


def _report(dotnet: str) -> Shape:
    return Shape(
        dotnet,
        {
            "ItemId": guid,
            "MediaSourceId": string,
            "SessionId": string,
            "PlaySessionId": string,
            "LiveStreamId": string,
            "PositionTicks": optional(long),
            "CanSeek": boolean,
            "IsPaused": boolean,
            "IsMuted": boolean,
            "Failed": boolean,
            "PlayMethod": METHOD,
            "Item": anything,
        },
    )


SESSION = "MediaBrowser.Model.Session"
START = Body(_report(f"{SESSION}.PlaybackStartInfo"), "playbackStartInfo")
PROGRESS = Body(_report(f"{SESSION}.PlaybackProgressInfo"), "playbackProgressInfo")
STOP = Body(_report(f"{SESSION}.PlaybackStopInfo"), "playbackStopInfo")
OLD = {
    "mediaSourceId": TEXT,
    "audioStreamIndex": WHOLE,
    "subtitleStreamIndex": WHOLE,
    "playMethod": TEXT,
    "liveStreamId": TEXT,
    "playSessionId": TEXT,
    "canSeek": FLAG,
    "isPaused": FLAG,
    "isMuted": FLAG,
    "positionTicks": WIDE,
    "volumeLevel": WHOLE,
    "nextMediaType": TEXT,
}


@routes.on("POST", "/Sessions/Playing", body=START)
def start(call: Call) -> Reply:
    return _start(call, call.body)


@routes.on("POST", "/Sessions/Playing/Progress", body=PROGRESS)
def progress(call: Call) -> Reply:
    return _progress(call, call.body)


@routes.on("POST", "/Sessions/Playing/Stopped", body=STOP)
def stop(call: Call) -> Reply:
    return _stop(call, call.body)


@routes.on("POST", "/Sessions/Playing/Ping", query={"playSessionId": TEXT})
def ping(call: Call) -> Reply:  # noqa: ARG001
    return nothing()


@routes.on("POST", "/PlayingItems/{itemId}", query=OLD, path={"itemId": GUID})
@routes.on(
    "POST",
    "/Users/{userId}/PlayingItems/{itemId}",
    query=OLD,
    path={"userId": GUID, "itemId": GUID},
)
def start_by_path(call: Call) -> Reply:
    return _start(call, _of_query(call))


@routes.on("POST", "/PlayingItems/{itemId}/Progress", query=OLD, path={"itemId": GUID})
@routes.on(
    "POST",
    "/Users/{userId}/PlayingItems/{itemId}/Progress",
    query=OLD,
    path={"userId": GUID, "itemId": GUID},
)
def progress_by_path(call: Call) -> Reply:
    return _progress(call, _of_query(call))


@routes.on("DELETE", "/PlayingItems/{itemId}", query=OLD, path={"itemId": GUID})
@routes.on(
    "DELETE",
    "/Users/{userId}/PlayingItems/{itemId}",
    query=OLD,
    path={"userId": GUID, "itemId": GUID},
)
def stop_by_path(call: Call) -> Reply:
    return _stop(call, _of_query(call))


def _of_query(call: Call) -> JsonObject:
    return {
        "ItemId": call.guid("itemId"),
        "MediaSourceId": call.text("mediaSourceId"),
        "CanSeek": call.flag("canSeek") or False,
        "IsPaused": call.flag("isPaused") or False,
        "IsMuted": call.flag("isMuted") or False,
        "PlayMethod": call.text("playMethod"),
        "PositionTicks": call.number("positionTicks"),
    }


def _playing(
    call: Call, report: JsonObject
) -> tuple[Session, User | None, Title | None]:
    session = of_caller(call.state, call.caller, call.request.client)
    title = find(call.state, text(report, "ItemId"))
    return session, call.caller.user, title


def _start(call: Call, report: JsonObject) -> Reply:
    session, user, title = _playing(call, report)
    _show(call.state, session, report, title)
    if user is not None and title is not None:
        watch = watch_of(call.state, user, title)
        watch.count += 1
        watch.last_played = call.state.now()
        if not call.state.version.since_12:
            watch.played = False
        verb = f"{user.name} is playing {title.name} on {session.device_name}"
        note(call.state, "VideoPlayback", verb, user_id=user.id, item_id=title.id)
        publish_watched(call.state, user, title)
    return nothing()


def _progress(call: Call, report: JsonObject) -> Reply:
    session, user, title = _playing(call, report)
    _show(call.state, session, report, title)
    if user is not None and title is not None:
        move(call.state, watch_of(call.state, user, title), title, report)
        publish_watched(call.state, user, title)
    return nothing()


def _stop(call: Call, report: JsonObject) -> Reply:
    session, user, title = _playing(call, report)
    session.now_playing, session.play_state = None, {}
    call.state.publish(Event(EventKind.SESSION_CHANGED))
    if user is not None and title is not None and not flag(report, "Failed"):
        watch = watch_of(call.state, user, title)
        if report.get("PositionTicks") is None:
            watch.played, watch.position = True, 0
        else:
            move(call.state, watch, title, report)
        sentence = f"{user.name} has finished playing {title.name}"
        sentence += f" on {session.device_name}"
        kind = "VideoPlaybackStopped"
        note(call.state, kind, sentence, user_id=user.id, item_id=title.id)
        publish_watched(call.state, user, title)
    return nothing()


def move(state: State, watch: Watch, title: Title, report: JsonObject) -> None:
    """Hardly begun is nothing, nearly done is played, and so is a short film."""
    position, ticks = number(report, "PositionTicks"), _ticks(title)
    share = 100 * position / ticks if ticks else 0
    config = state.configuration
    if position <= 0 or not ticks or share < number(config, "MinResumePct"):
        watch.position = 0
    elif (
        share > number(config, "MaxResumePct")
        or position >= ticks
        or ticks / SECOND < number(config, "MinResumeDurationSeconds")
    ):
        watch.position, watch.played = 0, True
    else:
        watch.position = position


def _ticks(title: Title) -> int:
    return title.files[0].ticks if title.files else 0


def _show(
    state: State, session: Session, report: JsonObject, title: Title | None
) -> None:
    session.last_check_in = state.now()
    session.play_state = compact(
        {
            "PositionTicks": report.get("PositionTicks"),
            "CanSeek": flag(report, "CanSeek"),
            "IsPaused": flag(report, "IsPaused"),
            "IsMuted": flag(report, "IsMuted"),
            "MediaSourceId": report.get("MediaSourceId"),
            "PlayMethod": report.get("PlayMethod"),
        }
    )
    if title is not None:
        session.now_playing = item_shown(state, title, None, Selection(FIELDS))
    state.publish(Event(EventKind.SESSION_CHANGED))

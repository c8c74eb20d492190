"""`POST /request`: somebody asks for a film, or for seasons of a show."""

from dataclasses import dataclass

from media_server_simulators.seerr.call import Call
from media_server_simulators.seerr.errors import json_body, message
from media_server_simulators.seerr.request_rules import (
    ENDED,
    approves_itself,
    follow_request,
    may_ask,
    taken_seasons,
)
from media_server_simulators.seerr.shapes import media_shape, request_shape
from media_server_simulators.seerr.state import Media, MediaRequest, User
from media_server_simulators.seerr.title_book import BookTitle
from media_server_simulators.seerr.values import (
    MediaStatus,
    Permission,
    RequestStatus,
)
from media_server_simulators.wire import JsonObject, Reply

TMDB_WORDS = {"movie": "movie", "tv": "TV show"}
SERVICE_FIELDS = ("serverId", "profileId", "rootFolder", "languageProfileId", "tags")


@dataclass(frozen=True, slots=True)
class Wish:
    """The body of the request. `is_4k` is None where the body does not say."""

    type: str
    tmdb: int
    is_4k: bool | None
    by: User

    @property
    def in_4k(self) -> bool:
        return bool(self.is_4k)


def ask(call: Call) -> Reply:
    wish = _wish(call)
    word = ("4K " if wish.is_4k else "") + (
        "movie" if wish.type == "movie" else "series"
    )
    if not may_ask(wish.by, wish.type, wish.in_4k):
        raise message(403, f"You do not have permission to make {word} requests.")
    title = call.state.titles.find(wish.type, wish.tmdb)
    if title is None:
        failed = f"[TMDB] Failed to fetch {TMDB_WORDS[wish.type]} details"
        raise message(500, f"{failed}: Request failed with status code 404")
    media = call.state.media_of(wish.type, wish.tmdb)
    known = media is not None
    if media is not None and media.status is MediaStatus.BLOCKLISTED:
        word = call.state.profile.blocklist_word
        raise message(403, f"This media is {word}ed.")
    if media is not None and wish.type == "movie":
        _refuse_twice(call, wish, media)
    seasons = _seasons(call, wish, media, title) if wish.type == "tv" else []
    if media is None:
        tvdb = call.body.get("tvdbId")
        media = call.state.add_media(
            wish.type,
            wish.tmdb,
            tvdb=tvdb if isinstance(tvdb, int) else title.tvdb,
            at=call.state.now(),
        )
    return _store(call, wish, media, seasons, known)


def _wish(call: Call) -> Wish:
    body, user = call.body, call.caller
    other = body.get("userId")
    if isinstance(other, int):
        if not user.may(Permission.MANAGE_USERS, Permission.MANAGE_REQUESTS):
            sentence = "You do not have permission to modify the request user."
            raise message(403, sentence)
        found = call.state.users.get(other)
        if found is None:
            raise message(500, _not_found("User", other))
        user = found
    is_4k = body.get("is4k")
    tmdb = body["mediaId"]
    return Wish(
        str(body["mediaType"]),
        int(tmdb) if isinstance(tmdb, (int, float)) else 0,
        is_4k if isinstance(is_4k, bool) else None,
        user,
    )


def _not_found(entity: str, id: int) -> str:
    place = '{\n    "where": {\n        "id": ' + str(id) + "\n    }\n}"
    return f'Could not find any entity of type "{entity}" matching: {place}'


def _refuse_twice(call: Call, wish: Wish, media: Media) -> None:
    """Only a request that says whether it is in 4K is compared with those before."""
    before = [r for r in call.state.requests_for(media) if r.is_4k is wish.is_4k]
    if before and before[0].status not in ENDED:
        raise message(409, "Request for this media already exists.")


def _seasons(
    call: Call, wish: Wish, media: Media | None, title: BookTitle
) -> list[int]:
    """The seasons that are asked for anew. Raises 202 where none is left."""
    wanted = call.body.get("seasons")
    if wanted == "all":
        numbers = [season.number for season in title.seasons]
    elif isinstance(wanted, list):
        numbers = [each for each in wanted if isinstance(each, int)]
    else:
        raise message(500, "Cannot read properties of undefined (reading 'filter')")
    numbers = [each for each in numbers if each > 0]  # no specials
    if media is not None:
        taken = taken_seasons(call.state, media, wish.is_4k)
        numbers = [each for each in numbers if each not in taken]
    if not numbers:
        raise message(202, "No seasons available to request")
    return numbers


def _store(
    call: Call, wish: Wish, media: Media, seasons: list[int], known: bool
) -> Reply:
    state, now = call.state, call.state.now()
    if media.status_of(wish.in_4k) is MediaStatus.UNKNOWN:
        media.set_status(MediaStatus.PENDING, wish.in_4k)
    approved = approves_itself(call.caller, wish.type, wish.in_4k)
    status = RequestStatus.APPROVED if approved else RequestStatus.PENDING
    request = MediaRequest(
        id=state.next_id("request"),
        media=media,
        by=wish.by,
        created=now,
        status=status,
        is_4k=wish.in_4k,
        seasons=state.new_seasons(seasons, status, now),
        modified_by=call.caller if approved else None,
        service={k: call.body[k] for k in SERVICE_FIELDS if k in call.body},
    )
    shown = _shown(call, request, known)
    _ = state.add_request(request)
    follow_request(state, request)
    return json_body(shown, 201)


def _shown(call: Call, request: MediaRequest, known: bool) -> JsonObject:
    """As it was written, before the media follows its request."""
    state = call.state
    media = media_shape(state, request.media, seasons=known, requests=known)
    shown = request_shape(state, request, settings=True, media_as=media)
    del shown["seasonCount"]
    if request.modified_by is None:
        del shown["modifiedBy"]
    if request.media.type == "movie":
        del shown["seasons"]
    return shown

"""`/blocklist`, which was `/blacklist`: titles that nobody may ask for."""

import json

from media_server_simulators.seerr.call import Call
from media_server_simulators.seerr.errors import json_body, message
from media_server_simulators.seerr.paging import Page
from media_server_simulators.seerr.profiles import Profile
from media_server_simulators.seerr.routing import Route
from media_server_simulators.seerr.shapes import user_shape
from media_server_simulators.seerr.state import Blocked, State
from media_server_simulators.seerr.validation import PAGE_NUMBER, TEXT, Body, Rule
from media_server_simulators.seerr.values import MediaStatus, Permission, written
from media_server_simulators.wire import Json, JsonObject, Reply

MANAGE = (Permission.MANAGE_BLOCKLIST,)
VIEW = (*MANAGE, Permission.VIEW_BLOCKLIST)
PAGE_SIZE = 25
SAME_TWICE = (
    'duplicate key value violates unique constraint "UQ_6bbafa28411e6046421991ea21c"'
)


def routes(profile: Profile) -> list[Route]:
    if not profile.has_blocklist:
        return []
    tags = f"{profile.blocklist_word}edTags"
    query = {
        "take": PAGE_NUMBER,
        "skip": PAGE_NUMBER,
        "search": Rule(nullable=True),
        "filter": Rule(allowed=("all", "manual", tags)),
    }
    body = Body({"tmdbId": Rule("number"), "title": TEXT, "userId": Rule("number")})
    found: list[Route] = []
    for word in dict.fromkeys((profile.blocklist_word, "blacklist")):
        one = f"/{word}/{{tmdbId}}"
        found += [
            Route("GET", f"/{word}", listed, rights=VIEW, query=query),
            Route("POST", f"/{word}", add, rights=MANAGE, body=body),
            Route("GET", one, single, rights=MANAGE),
            Route("DELETE", one, remove, rights=MANAGE),
        ]
    return found


def listed(call: Call) -> Reply:
    page = Page.of(call, PAGE_SIZE)
    rows = sorted(call.state.blocklist.values(), key=lambda b: b.id, reverse=True)
    if (call.text("filter") or "manual").endswith("Tags"):
        rows = []
    search = call.text("search")
    if search:
        rows = [each for each in rows if search in (each.title or "")]
    return json_body(page.of_rows(rows, lambda row: _shape(call.state, row)))


def _shape(state: State, row: Blocked, *, settings: bool = False) -> JsonObject:
    return {
        "id": row.id,
        "mediaType": row.type,
        "title": row.title,
        "tmdbId": row.tmdb,
        f"{state.profile.blocklist_word}edTags": None,
        "createdAt": written(row.created),
        "user": user_shape(state, row.by, settings=settings),
    }


def add(call: Call) -> Reply:
    body, state = call.body, call.state
    tmdb, kind, by = body.get("tmdbId"), body.get("mediaType"), body.get("user")
    wrong = _wrong_fields(body)
    if wrong:
        raise message(500, json.dumps(wrong, indent=2))
    tmdb = tmdb if isinstance(tmdb, int) else 0
    if tmdb in state.blocklist:
        raise message(409, SAME_TWICE)
    user = state.users.get(by) if isinstance(by, int) else None
    title = body.get("title")
    block(
        state,
        Blocked(
            id=state.next_id("block"),
            type=str(kind),
            tmdb=tmdb,
            title=title if isinstance(title, str) else None,
            by=user or call.caller,
            created=state.now(),
        ),
    )
    return Reply(201)


def _wrong_fields(body: JsonObject) -> list[Json]:
    """What the handler's own reader says of a body, as JSON in its sentence."""
    wrong: list[Json] = []
    for name in ("tmdbId", "mediaType", "user"):
        if name != "mediaType" and not isinstance(body.get(name), int):
            wrong.append(
                {
                    "code": "invalid_type",
                    "expected": "number",
                    "received": "nan",
                    "path": [name],
                    "message": "Expected number, received nan",
                }
            )
        elif name == "mediaType" and name not in body:
            wrong.append(
                {
                    "expected": "'movie' | 'tv'",
                    "received": "undefined",
                    "code": "invalid_type",
                    "path": [name],
                    "message": "Required",
                }
            )
    return wrong


def block(state: State, row: Blocked) -> None:
    state.blocklist[row.tmdb] = row
    media = state.media_of_tmdb(row.tmdb)
    if media is None:
        media = state.add_media(row.type, row.tmdb, tvdb=None, at=row.created)
    media.status = media.status_4k = MediaStatus.BLOCKLISTED


def find(call: Call) -> Blocked:
    number = call.number("tmdbId")
    found = call.state.blocklist.get(number or 0)
    if found is None:
        entity = call.state.profile.blocklist_word.capitalize()
        place = '{\n    "where": {\n        "tmdbId": ' + str(number) + "\n    }\n}"
        sentence = f'Could not find any entity of type "{entity}" matching: {place}'
        raise message(401, sentence)
    return found


def single(call: Call) -> Reply:
    return json_body(_shape(call.state, find(call), settings=True))


def remove(call: Call) -> Reply:
    """The media goes as well, with what was asked of it."""
    row = find(call)
    del call.state.blocklist[row.tmdb]
    media = call.state.media_of_tmdb(row.tmdb)
    if media is not None:
        call.state.remove_media(media)
    return Reply(204)

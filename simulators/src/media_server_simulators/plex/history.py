"""Who watched what on a media server, for its owner alone."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from media_server_simulators.plex.libraries import paged, section_of
from media_server_simulators.plex.media_query import seconds
from media_server_simulators.plex.numbers import whole
from media_server_simulators.plex.rendering import container
from media_server_simulators.plex.routing import Routes
from media_server_simulators.plex.server_call import ServerCall
from media_server_simulators.plex.state import Section
from media_server_simulators.plex.title_shape import describe
from media_server_simulators.plex.views import Play
from media_server_simulators.wire import Json, JsonObject, Reply

routes = Routes[ServerCall]()
OWNER = 1
"""The number under which a media server knows who owns it."""
ORDERS: Mapping[str, Callable[[tuple[int, Play]], datetime | int]] = {
    "viewedAt": lambda row: row[1].at,
    "accountID": lambda row: row[1].account_id,
}


@routes.on("GET", "/accounts", "owner")
def accounts(call: ServerCall) -> Reply:
    """The owner is number 1; others have their number of plex.tv."""
    owner = call.world.accounts[call.server.owner_id]
    here = call.server.machine_identifier
    guests = [
        call.world.accounts[each.invited_id]
        for each in call.world.shares.values()
        if each.machine_identifier == here
        and each.accepted_at is not None
        and each.invited_id in call.world.accounts
    ]
    found = [(OWNER, owner.title), *((each.id, each.title) for each in guests)]
    result: JsonObject = {
        "size": len(found),
        "identifier": "com.plexapp.system.accounts",
        "Account": [
            {
                "id": number,
                "key": f"/accounts/{number}",
                "name": name,
                "defaultAudioLanguage": "en",
                "autoSelectAudio": True,
                "thumb": "",
            }
            for number, name in found
        ],
    }
    return container(call.request, result)


@routes.on("GET", "/status/sessions/history/all", "owner")
def history(call: ServerCall) -> Reply:
    """Newest last unless `sort=viewedAt:desc`; what was deleted is still in it."""
    here = call.server.machine_identifier
    tests = list(_tests(call))
    rows = [
        (number, play)
        for number, play in enumerate(call.world.plays, 1)
        if play.machine_identifier == here and all(test(play) for test in tests)
    ]
    for each in reversed((call.query("sort") or "viewedAt").split(",")):
        name, _, direction = each.partition(":")
        key = ORDERS.get(name, ORDERS["viewedAt"])
        rows.sort(key=key, reverse=direction == "desc")
    return paged(call, rows, lambda row: _row(call, *row))


@routes.on("GET", "/status/sessions", "owner")
def sessions(call: ServerCall) -> Reply:
    return container(call.request, {"size": 0})


def _tests(call: ServerCall) -> Iterator[Callable[[Play], bool]]:
    account, section = call.query("accountID"), call.query("librarySectionID")
    item = call.query("metadataItemID")
    since, until = whole(call.query("viewedAt>")), whole(call.query("viewedAt<"))
    if account is not None:
        yield lambda play: account == str(_number(call, play))
    if section is not None:
        yield (
            lambda play: (
                (at := _section_of(call, play)) is not None and (at.key == section)
            )
        )
    if item is not None:
        inside = _ids_of(call, item)
        yield lambda play: play.title_id in inside
    if since is not None:
        yield lambda play: seconds(play.at) >= since
    if until is not None:
        yield lambda play: seconds(play.at) <= until


def _section_of(call: ServerCall, play: Play) -> Section | None:
    return section_of(call, call.server.world.by_id[play.title_id])


def _ids_of(call: ServerCall, rating_key: str) -> set[str]:
    """A title with all that is in it."""
    title = call.catalogue.known(rating_key)
    if title is None:
        return set()
    return {title.id, *(e.id for e in call.server.world.inside.get(title.id, ()))}


def _number(call: ServerCall, play: Play) -> int:
    return OWNER if play.account_id == call.server.owner_id else play.account_id


def _row(call: ServerCall, number: int, play: Play) -> JsonObject:
    title = call.server.world.by_id[play.title_id]
    section = section_of(call, title)
    whole = describe(call, title, section)
    kept = {"ratingKey", "key", "title", "type", "librarySectionID", "index"}
    kept |= {"originallyAvailableAt", "parentIndex", "grandparentTitle"}
    result: dict[str, Json] = {k: v for k, v in whole.items() if k in kept}
    return result | {
        "historyKey": f"/status/sessions/history/{number}",
        "librarySectionID": section.key if section else "",
        "viewedAt": seconds(play.at),
        "accountID": _number(call, play),
        "deviceID": 1,
    }

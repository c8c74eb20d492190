"""Who watched what on a media server, for its owner alone."""

from media_server_simulators.plex.libraries import paged, section_of
from media_server_simulators.plex.numbers import whole
from media_server_simulators.plex.rendering import container
from media_server_simulators.plex.routing import Routes
from media_server_simulators.plex.server_call import ServerCall
from media_server_simulators.plex.state import Play
from media_server_simulators.plex.title_shape import describe, seconds
from media_server_simulators.wire import Json, JsonObject, Reply

routes = Routes[ServerCall]()
OWNER = 1
"""The number under which a media server knows who owns it."""


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
    rows = [e for e in call.world.plays if e.machine_identifier == here]
    rows = [each for each in rows if _wanted(call, each)]
    down = (call.query("sort") or "").endswith(":desc")
    rows.sort(key=lambda each: each.at, reverse=down)
    return paged(call, rows, lambda each: _row(call, each))


@routes.on("GET", "/status/sessions", "owner")
def sessions(call: ServerCall) -> Reply:
    return container(call.request, {"size": 0})


def _wanted(call: ServerCall, play: Play) -> bool:
    account, section = call.query("accountID"), call.query("librarySectionID")
    since = whole(call.query("viewedAt>"))
    title = call.server.world.by_id[play.title_id]
    place = section_of(call, title)
    return (
        (account is None or account == str(_number(call, play)))
        and (section is None or (place is not None and place.key == section))
        and (since is None or seconds(play.at) >= since)
    )


def _number(call: ServerCall, play: Play) -> int:
    return OWNER if play.account_id == call.server.owner_id else play.account_id


def _row(call: ServerCall, play: Play) -> JsonObject:
    title = call.server.world.by_id[play.title_id]
    section = section_of(call, title)
    whole = describe(call, title, section)
    kept = {"ratingKey", "key", "title", "type", "librarySectionID", "index"}
    kept |= {"originallyAvailableAt", "parentIndex", "grandparentTitle"}
    result: dict[str, Json] = {k: v for k, v in whole.items() if k in kept}
    return result | {
        "historyKey": f"/status/sessions/history/{call.world.plays.index(play) + 1}",
        "librarySectionID": section.key if section else "",
        "viewedAt": seconds(play.at),
        "accountID": _number(call, play),
        "deviceID": 1,
    }

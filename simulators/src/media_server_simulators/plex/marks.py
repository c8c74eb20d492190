"""Marks of a player or a person on a title: watched, unwatched, stopped in between.

None of it is in the history.
"""

from media_server_simulators.plex.errors import page
from media_server_simulators.plex.libraries import section_of
from media_server_simulators.plex.numbers import whole
from media_server_simulators.plex.routing import Routes
from media_server_simulators.plex.server_call import ServerCall
from media_server_simulators.plex.views import Play
from media_server_simulators.wire import Reply
from media_server_simulators.world import Title

routes = Routes[ServerCall]()
METHODS = ("GET", "PUT")  # the document's, and that of most clients


def scrobble(call: ServerCall) -> Reply:
    for play in _plays(call):
        call.world.views.mark(play)
    return Reply(200)


def unscrobble(call: ServerCall) -> Reply:
    for play in _plays(call):
        place = (play.machine_identifier, play.account_id, play.title_id)
        call.world.views.unmark(*place)
    return Reply(200)


def progress(call: ServerCall) -> Reply:
    """`time` in milliseconds."""
    at = whole(call.query("time"))
    if at is None:
        raise page(400, "Bad Request")
    for play in _plays(call):
        call.world.views.stop(play, at)
    return Reply(200)


for _method in METHODS:
    routes.on(_method, "/:/scrobble")(scrobble)
    routes.on(_method, "/:/unscrobble")(unscrobble)
    routes.on(_method, "/:/progress")(progress)


def _plays(call: ServerCall) -> list[Play]:
    """The title of `key`, or all that is in it. Raises 404."""
    title = call.catalogue.title(call.query("key") or "")
    if title is None or call.account is None or section_of(call, title) is None:
        raise page(404, "Not Found")
    mid, now = call.server.machine_identifier, call.world.now()
    return [Play(mid, call.account.id, e.id, now) for e in _leaves(call, title)]


def _leaves(call: ServerCall, title: Title) -> list[Title]:
    return [title] if title.files else call.catalogue.leaves(title)

"""A restart, as a client lives through it: refused, then loading, then back."""

from datetime import timedelta

from media_server_simulators.jellyfin.http.call import Call, nothing
from media_server_simulators.jellyfin.http.routing import Routes
from media_server_simulators.jellyfin.state import State
from media_server_simulators.jellyfin.values import text
from media_server_simulators.wire import Reply

routes = Routes()

REFUSED = timedelta(seconds=3)
LOADING = timedelta(seconds=4)


@routes.on("POST", "/System/Restart", access="local-or-elevated")
def restart(call: Call) -> Reply:
    """From near by nobody needs a token for it. Sessions end, tokens stay."""
    state = call.state
    state.restarted = state.now()
    state.sessions.clear()
    state.views = [e for e in state.views if text(e, "Id") not in state.stale_views]
    state.stale_views.clear()
    return nothing()


def phase(state: State) -> str | None:
    """`refused`, `loading`, or None when the server is there."""
    if state.restarted is None:
        return None
    since = state.now() - state.restarted
    if since < REFUSED:
        return "refused"
    return "loading" if since < LOADING else None

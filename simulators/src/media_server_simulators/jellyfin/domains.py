"""Every route of the server, from all its domains."""

from media_server_simulators.jellyfin.activity import routes as activity
from media_server_simulators.jellyfin.apikeys import routes as apikeys
from media_server_simulators.jellyfin.deletion import routes as deletion
from media_server_simulators.jellyfin.items import routes as items
from media_server_simulators.jellyfin.libraries import routes as libraries
from media_server_simulators.jellyfin.library_setup import routes as library_setup
from media_server_simulators.jellyfin.odds import routes as odds
from media_server_simulators.jellyfin.passwords import routes as passwords
from media_server_simulators.jellyfin.played import routes as played
from media_server_simulators.jellyfin.playing import routes as playing
from media_server_simulators.jellyfin.policy import routes as policy
from media_server_simulators.jellyfin.quickconnect import routes as quickconnect
from media_server_simulators.jellyfin.restart import routes as restart
from media_server_simulators.jellyfin.routing import Route
from media_server_simulators.jellyfin.sessions import routes as sessions
from media_server_simulators.jellyfin.shows import routes as shows
from media_server_simulators.jellyfin.signin import routes as signin
from media_server_simulators.jellyfin.system import routes as system
from media_server_simulators.jellyfin.tasks import routes as tasks
from media_server_simulators.jellyfin.users import routes as users
from media_server_simulators.jellyfin.wizard import routes as wizard

ROUTES: tuple[Route, ...] = (
    *activity.all,
    *apikeys.all,
    *deletion.all,
    *items.all,
    *libraries.all,
    *library_setup.all,
    *odds.all,
    *passwords.all,
    *played.all,
    *playing.all,
    *policy.all,
    *quickconnect.all,
    *restart.all,
    *sessions.all,
    *shows.all,
    *signin.all,
    *system.all,
    *tasks.all,
    *users.all,
    *wizard.all,
)

"""Every route of the server, from all its domains."""

from zondarr.simulators.jellyfin.activity import routes as activity
from zondarr.simulators.jellyfin.apikeys import routes as apikeys
from zondarr.simulators.jellyfin.deletion import routes as deletion
from zondarr.simulators.jellyfin.items import routes as items
from zondarr.simulators.jellyfin.libraries import routes as libraries
from zondarr.simulators.jellyfin.library_setup import routes as library_setup
from zondarr.simulators.jellyfin.odds import routes as odds
from zondarr.simulators.jellyfin.passwords import routes as passwords
from zondarr.simulators.jellyfin.played import routes as played
from zondarr.simulators.jellyfin.playing import routes as playing
from zondarr.simulators.jellyfin.policy import routes as policy
from zondarr.simulators.jellyfin.quickconnect import routes as quickconnect
from zondarr.simulators.jellyfin.restart import routes as restart
from zondarr.simulators.jellyfin.routing import Route
from zondarr.simulators.jellyfin.sessions import routes as sessions
from zondarr.simulators.jellyfin.shows import routes as shows
from zondarr.simulators.jellyfin.signin import routes as signin
from zondarr.simulators.jellyfin.system import routes as system
from zondarr.simulators.jellyfin.tasks import routes as tasks
from zondarr.simulators.jellyfin.users import routes as users
from zondarr.simulators.jellyfin.wizard import routes as wizard

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

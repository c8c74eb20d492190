"""Every route of the server, from all its domains."""

from media_server_simulators.jellyfin.activity_entries import routes as activity
from media_server_simulators.jellyfin.http.routing import Route
from media_server_simulators.jellyfin.items.deletion import routes as deletion
from media_server_simulators.jellyfin.items.files import routes as files
from media_server_simulators.jellyfin.items.items import routes as items
from media_server_simulators.jellyfin.items.shows import routes as shows
from media_server_simulators.jellyfin.libraries.libraries import routes as libraries
from media_server_simulators.jellyfin.libraries.library_setup import (
    routes as library_setup,
)
from media_server_simulators.jellyfin.playback.playback_reports import routes as playing
from media_server_simulators.jellyfin.playback.played_marks import routes as played
from media_server_simulators.jellyfin.server.api_keys import routes as apikeys
from media_server_simulators.jellyfin.server.pages import routes as pages
from media_server_simulators.jellyfin.server.restart import routes as restart
from media_server_simulators.jellyfin.server.system import routes as system
from media_server_simulators.jellyfin.server.tasks import routes as tasks
from media_server_simulators.jellyfin.server.wizard import routes as wizard
from media_server_simulators.jellyfin.sessions.quick_connect import (
    routes as quickconnect,
)
from media_server_simulators.jellyfin.sessions.sessions import routes as sessions
from media_server_simulators.jellyfin.sessions.sign_in import routes as signin
from media_server_simulators.jellyfin.users.forgotten_password import (
    routes as forgotten_password,
)
from media_server_simulators.jellyfin.users.passwords import routes as passwords
from media_server_simulators.jellyfin.users.policy import routes as policy
from media_server_simulators.jellyfin.users.users import routes as users

ROUTES: tuple[Route, ...] = (
    *activity.all,
    *apikeys.all,
    *deletion.all,
    *items.all,
    *libraries.all,
    *library_setup.all,
    *files.all,
    *forgotten_password.all,
    *pages.all,
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

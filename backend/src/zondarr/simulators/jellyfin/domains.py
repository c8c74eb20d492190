"""Every route of the server, from all its domains."""

from zondarr.simulators.jellyfin.activity import routes as activity
from zondarr.simulators.jellyfin.apikeys import routes as apikeys
from zondarr.simulators.jellyfin.items import routes as items
from zondarr.simulators.jellyfin.libraries import routes as libraries
from zondarr.simulators.jellyfin.passwords import routes as passwords
from zondarr.simulators.jellyfin.policy import routes as policy
from zondarr.simulators.jellyfin.routing import Route
from zondarr.simulators.jellyfin.signin import routes as signin
from zondarr.simulators.jellyfin.system import routes as system
from zondarr.simulators.jellyfin.users import routes as users

ROUTES: tuple[Route, ...] = (
    *activity.all,
    *apikeys.all,
    *items.all,
    *libraries.all,
    *passwords.all,
    *policy.all,
    *signin.all,
    *system.all,
    *users.all,
)

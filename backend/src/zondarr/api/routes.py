"""Every controller there is."""

from litestar.types import ControllerRouterHandler

from zondarr.accounts.controller import (
    AccountController,
    SessionController,
    SessionListController,
    SetupController,
)
from zondarr.api.health import HealthController
from zondarr.api.monitoring import metrics_page
from zondarr.invitations.controller import InvitationController
from zondarr.invitations.join_controller import JoinController
from zondarr.servers.controller import ServerController, ServerTypeController
from zondarr.users.controller import IdentityController, UserController

ROUTES: list[ControllerRouterHandler] = [
    AccountController,
    HealthController,
    IdentityController,
    InvitationController,
    JoinController,
    ServerController,
    ServerTypeController,
    SessionController,
    SessionListController,
    SetupController,
    UserController,
    metrics_page,
]

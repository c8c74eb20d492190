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

ROUTES: list[ControllerRouterHandler] = [
    AccountController,
    HealthController,
    InvitationController,
    JoinController,
    SessionController,
    SessionListController,
    SetupController,
    metrics_page,
]

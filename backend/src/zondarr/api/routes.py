"""All controllers."""

from litestar.types import ControllerRouterHandler

from zondarr.accounts.controller import (
    AccountController,
    SessionController,
    SessionListController,
    SetupController,
)
from zondarr.api.health import HealthController
from zondarr.api.monitoring import metrics_page
from zondarr.catalogue.controller import (
    CatalogueController,
    ConfirmationController,
    GrowthController,
    TitleController,
)
from zondarr.container import SETTINGS
from zondarr.insights.controller import InsightController, TitleVerdictController
from zondarr.insights.stuck.controller import StuckController
from zondarr.invitations.controller import (
    InvitationController,
    LeftoverController,
    RedemptionController,
)
from zondarr.invitations.join_controller import JoinController
from zondarr.invitations.plex_controller import GuestPlexController
from zondarr.jobs.controller import EventController, JobController, RunController
from zondarr.plex_accounts.controller import PlexAccountController
from zondarr.protections.controller import ProtectionController
from zondarr.requests.connection_controller import SeerrController
from zondarr.requests.controller import PersonRequestController, RequestController
from zondarr.servers.controller import ServerController, ServerTypeController
from zondarr.settings.controller import setting_controller
from zondarr.users.controller import IdentityController, UserController

ROUTES: list[ControllerRouterHandler] = [
    AccountController,
    CatalogueController,
    ConfirmationController,
    EventController,
    GrowthController,
    GuestPlexController,
    HealthController,
    IdentityController,
    InsightController,
    InvitationController,
    JobController,
    JoinController,
    LeftoverController,
    PlexAccountController,
    ProtectionController,
    RedemptionController,
    PersonRequestController,
    RequestController,
    RunController,
    SeerrController,
    ServerController,
    ServerTypeController,
    SessionController,
    SessionListController,
    setting_controller(SETTINGS),
    SetupController,
    StuckController,
    TitleController,
    TitleVerdictController,
    UserController,
    metrics_page,
]

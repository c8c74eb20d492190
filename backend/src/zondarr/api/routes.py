"""Every controller there is."""

from litestar.types import ControllerRouterHandler

from zondarr.api.health import HealthController
from zondarr.api.monitoring import metrics_page

ROUTES: list[ControllerRouterHandler] = [
    HealthController,
    metrics_page,
]

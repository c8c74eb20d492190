"""The page that Prometheus reads."""

from litestar import Response, get
from litestar.di import NamedDependency

from zondarr.api.metrics import CONTENT_TYPE, Metrics


@get(
    "/metrics",
    summary="Prometheus metrics",
    media_type=CONTENT_TYPE,
    tags=["health"],
    security=[],
    sync_to_thread=False,
)
def metrics_page(metrics: NamedDependency[Metrics]) -> Response[str]:
    return Response(metrics.render().decode())

"""Prometheus metrics. Routes appear as templates, never as paths with ids."""

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from zondarr import __version__

# Litestar adds the character set.
CONTENT_TYPE = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one application. Durations are in seconds."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        info = Gauge(
            "zondarr_info", "The version.", ["version"], registry=self.registry
        )
        info.labels(__version__).set(1)
        self._requests = Counter(
            "zondarr_http_requests",
            "Requests that were answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._durations = Histogram(
            "zondarr_http_request_duration_seconds",
            "From the request's head to the answer's end.",
            ["method", "route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._kept: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, method: str, route: str, status: int, duration: float) -> None:
        kept = self._kept.get((method, route, status))
        if kept is None:
            # Looking up a label takes longer than counting, and there are few labels.
            kept = (
                self._requests.labels(method, route, status),
                self._durations.labels(method, route),
            )
            self._kept[method, route, status] = kept
        requests, durations = kept
        requests.inc()
        durations.observe(duration)

    def render(self) -> bytes:
        return generate_latest(self.registry)

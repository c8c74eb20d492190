"""The line of a request: written by a short cut, and looking like all others."""

import json
from io import StringIO
from logging import DEBUG, INFO

import pytest
import structlog

from zondarr.core import request_log
from zondarr.core.request_log import log_request, write_requests_to

TOLD = {
    "correlation_id": "b554e320",
    "method": "GET",
    "ms": 0.1,
    "route": "/api/v1/join/{code}",
    "status": 200,
}


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What is configured for the process is as before afterwards."""
    monkeypatch.setattr(request_log, "_write", None)
    return StringIO()


def test_on_the_console_it_looks_like_the_others(out: StringIO) -> None:
    write_requests_to(out, threshold=INFO, json=False)
    log_request(INFO, TOLD)
    line = out.getvalue()
    timestamp = line.partition(" ")[0]
    render = structlog.dev.ConsoleRenderer(colors=False)
    event = {"event": "request", "level": "info", "timestamp": timestamp, **TOLD}
    assert line == f"{render(None, 'info', event)}\n"


def test_as_json_it_has_the_keys_of_the_others(out: StringIO) -> None:
    write_requests_to(out, threshold=INFO, json=True)
    log_request(INFO, TOLD)
    line = json.loads(out.getvalue())
    timestamp = line.pop("timestamp")
    assert line == {**TOLD, "event": "request", "level": "info"}
    stamper = structlog.processors.TimeStamper(fmt="iso", utc=True)
    assert len(timestamp) == len(stamper(None, "info", {})["timestamp"])
    assert timestamp.endswith("Z")


def test_below_the_level_it_is_not_written(out: StringIO) -> None:
    write_requests_to(out, threshold=INFO, json=False)
    log_request(DEBUG, TOLD)
    assert out.getvalue() == ""

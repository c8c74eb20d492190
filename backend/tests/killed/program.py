"""The real program, with less patience for replicas that fell silent.

Forked from a process that has imported it all, since a test starts it dozens of times.
"""

import asyncio
import multiprocessing
import os
import sys
from pathlib import Path

import msgspec

from zondarr.app import create_app
from zondarr.cli.serve import serve_application
from zondarr.config import load_settings
from zondarr.core.durable import Timing
from zondarr.core.logs import configure_logs
from zondarr.media.registry import ClientRegistry

QUICK = Timing(heartbeat=0.2, dead_after=1.0)

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])


def run(port: int, environment: dict[str, str], log: Path) -> None:
    """Serve until killed."""
    os.environ.clear()
    os.environ.update(environment)
    sys.stdout = sys.stderr = log.open("a", buffering=1)
    settings = load_settings()
    configure_logs(level=settings.log_level, json=True)
    app = create_app(settings, timing=QUICK)
    registry = ClientRegistry()
    registry.configure(msgspec.structs.replace(registry.states.options, plex_rate=1e4))
    asyncio.run(serve_application(app, "127.0.0.1", port))

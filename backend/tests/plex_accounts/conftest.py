from tests.simulated import (
    browser,
    plex,
    plex_browser,
    registry,
    server,
    servers,
    simulator,
    url,
    work,
    workspace,
)

__all__ = [
    "browser",
    "plex",
    "plex_browser",
    "registry",
    "server",
    "servers",
    "simulator",
    "url",
    "work",
    "workspace",
]

from tests.simulated import (
    browser,
    plex,
    plex_browser,
    plex_server,
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
    "plex_server",
    "registry",
    "server",
    "servers",
    "simulator",
    "url",
    "work",
    "workspace",
]

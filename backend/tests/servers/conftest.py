from tests.simulated import (
    browser,
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
    "registry",
    "server",
    "servers",
    "simulator",
    "url",
    "work",
    "workspace",
]

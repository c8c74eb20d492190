"""Zondarr: invitations, people and libraries for Plex and Jellyfin."""

import sys
from importlib import import_module
from types import ModuleType
from typing import cast

__version__ = "0.1.0"


def _import_structlog_without_rich() -> None:
    """structlog draws tracebacks with rich where it can import it, and we never do.

    rich is there for others, and brings pygments: 8 MiB, and a tenth of each start. An
    entry of None lets its import fail; whoever wants it afterwards gets it.
    """
    if "rich" in sys.modules:
        return
    sys.modules["rich"] = cast("ModuleType", None)
    try:
        import_module("structlog")
    finally:
        del sys.modules["rich"]


_import_structlog_without_rich()

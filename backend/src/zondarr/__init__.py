"""Zondarr: invitations, people and libraries for Plex and Jellyfin."""

import sys
from importlib import import_module
from types import ModuleType
from typing import cast

__version__ = "0.1.0"


def _import_structlog_without_rich() -> None:
    """structlog renders tracebacks with rich if it can import it, which we never use.

    rich and pygments are installed for other packages and would cost 8 MiB and a tenth
    of each start. A None in `sys.modules` makes the import fail; it is removed
    afterwards.
    """
    if "rich" in sys.modules:
        return
    sys.modules["rich"] = cast("ModuleType", None)
    try:
        import_module("structlog")
    finally:
        del sys.modules["rich"]


_import_structlog_without_rich()

"""What a server answers while it starts, by phase."""

import json
from typing import Literal

from media_server_simulators.jellyfin.http.errors import JSON_TYPE
from media_server_simulators.wire import JsonObject, Reply

type Phase = Literal["setup", "loading", "mixed"]

LOADING = b"Jellyfin Server is loading. Please try again shortly."
HTML = ("Content-Type", "text/html")


def answer(
    path: str, phase: str | None, public: JsonObject, *, known_key: bool
) -> Reply:
    """`setup`: the first second, 503 with Retry-After, camelCase public info.

    `loading`: 503 without Retry-After for all but Ping; a wrong key has its 401.
    Without a phase: `loading`, with the camelCase info of `setup`; the worst of both.
    """
    here = path.rstrip("/").lower()
    if here == "/system/ping" and phase != "setup":
        return Reply(200, b'"Jellyfin Server"', (("Content-Type", JSON_TYPE),))
    if here == "/system/info/public" and phase != "loading":
        return _public(public)
    if phase == "setup":
        if here == "/health":
            return Reply(200, b"Degraded", (("Content-Type", "text/plain"),))
        return Reply(503, _page(), (HTML, ("Retry-After", "005")))
    if not known_key and here not in {"/health", "/system/info/public"}:
        return Reply(401)
    return Reply(503, LOADING, (HTML,))


def _page() -> bytes:
    return b"<!DOCTYPE html><html><body>Jellyfin Server still starting.</body></html>"


def _public(info: JsonObject) -> Reply:
    """Keys in camelCase, and a wizard that looks open on a server long in use."""
    camel = {key[0].lower() + key[1:]: value for key, value in info.items()}
    camel["startupWizardCompleted"] = False
    return Reply(200, json.dumps(camel).encode(), (("Content-Type", JSON_TYPE),))

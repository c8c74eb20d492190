"""The request and response bodies of sign-ins with Plex."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from msgspec import Meta

from zondarr.core.schemas import END, Page, RequestBody, ResponseBody
from zondarr.media.sign_in import OwnedServer

OURS = r"[\x21-\x5b\x5d-\x7e]"
"""The characters of an address of ours: no space, and no backslash, which browsers
treat as a slash.
"""
Path = Annotated[str, Meta(max_length=500, pattern=rf"^/(?!/){OURS}*{END}")]


class PlexPinRequest(RequestBody, kw_only=True, frozen=True):  # pyright: ignore[reportGeneralTypeIssues]
    """`return_to` is the page of the UI that Plex redirects the browser to."""

    return_to: Path | None = None


class PlexPinResponse(ResponseBody, kw_only=True, frozen=True):
    """The browser opens `auth_url` as a whole page; `pin_id` is polled meanwhile."""

    pin_id: UUID
    code: str
    auth_url: str
    expires_at: datetime


class PlexPinState(ResponseBody, kw_only=True, frozen=True):
    """`email_missing`: the account is signed in and has no address."""

    authenticated: bool
    email: str | None
    username: str | None
    error: Literal["expired", "email_missing"] | None

    @classmethod
    def nobody(cls, error: Literal["expired"] | None = None) -> Self:
        return cls(authenticated=False, email=None, username=None, error=error)


class PlexConnection(ResponseBody, kw_only=True, frozen=True):
    url: str
    local: bool
    relay: bool


class PlexServerFound(ResponseBody, kw_only=True, frozen=True):
    """A server of the account; `added` if the workspace has it already."""

    machine_id: str
    name: str
    version: str
    connections: Sequence[PlexConnection]
    added: bool

    @classmethod
    def of(cls, server: OwnedServer, *, added: bool) -> Self:
        return cls.from_row(server, added=added)


class PlexServerPage(Page[PlexServerFound], kw_only=True, frozen=True):
    items: Sequence[PlexServerFound]

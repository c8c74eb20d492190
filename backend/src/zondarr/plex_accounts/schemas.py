"""The bodies of signing in with Plex."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from msgspec import Meta

from zondarr.core.schemas import END, Page, RequestBody, ResponseBody
from zondarr.media.sign_in import OwnedServer

OURS = r"[\x21-\x5b\x5d-\x7e]"
"""What an address of ours is written in: no space, and no backslash, which browsers
take for a slash."""
Path = Annotated[str, Meta(max_length=500, pattern=rf"^/(?!/){OURS}*{END}")]


class PlexPinRequest(RequestBody, kw_only=True, frozen=True):  # pyright: ignore[reportGeneralTypeIssues]
    """`return_to` is the page of ours that Plex sends the browser back to."""

    return_to: Path | None = None


class PlexPinResponse(ResponseBody, kw_only=True, frozen=True):
    """The browser goes to `auth_url`, whole page; `pin_id` is polled meanwhile."""

    pin_id: UUID
    code: str
    auth_url: str
    expires_at: datetime


class PlexPinState(ResponseBody, kw_only=True, frozen=True):
    """`email_missing` comes with an account that is signed in and has no address."""

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
    """A server of the account; `added` when it is one of the workspace's already."""

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

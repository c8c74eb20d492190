"""Signing in with a Plex account: the values, and what a provider of it offers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NoReturn, Protocol, override

from msgspec import Struct

from zondarr.media.connections import HostStates


class Token:
    """A Plex token. Never in a repr, and never stored by accident: it has no copy."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    @override
    def __repr__(self) -> str:
        return "Token(…)"

    @override
    def __reduce__(self) -> NoReturn:
        raise TypeError("a token is not to be stored in the clear")


class PlexPin(Struct, frozen=True, kw_only=True):
    """`id` is plex.tv's and stays with us; `auth_url` is where the person goes."""

    id: int
    code: str
    auth_url: str
    expires_at: datetime


class PolledPin(Struct, frozen=True, kw_only=True):
    """A PIN as plex.tv has it now; `token` when it was approved."""

    token: Token | None = None
    expired: bool = False


class PlexSignIn(Struct, frozen=True, kw_only=True):
    """What became of a PIN. `token` is there when it was approved, also where the
    account has no address."""

    authenticated: bool
    email: str | None = None
    plex_id: str | None = None
    username: str | None = None
    token: Token | None = None
    error: Literal["expired", "email_missing"] | None = None


class OwnedConnection(Struct, frozen=True, kw_only=True):
    """An address of a server. `local` is of its own network, `relay` is Plex's own
    detour: slow, and the last to be taken."""

    url: str
    local: bool
    relay: bool


class OwnedServer(Struct, frozen=True, kw_only=True):
    """`machine_id` is the server's own name for itself, stable over addresses."""

    machine_id: str
    name: str
    version: str
    connections: Sequence[OwnedConnection]


class SignInProvider(Protocol):
    """Fails with `MediaClientError`; its status is 502 when plex.tv is out of order."""

    def __init__(self, states: HostStates, /) -> None: ...

    async def create(self, *, forward_url: str | None = None) -> PlexPin:
        """A new PIN; after signing in, Plex sends the person on to `forward_url`."""
        ...

    async def poll(self, pin_id: int) -> PolledPin:
        """Its token, once it was approved. Keep it: it may be handed out once only."""
        ...

    async def account_of(self, token: Token) -> PlexSignIn:
        """Whose token it is."""
        ...

    async def owned_servers(self, token: Token) -> Sequence[OwnedServer]:
        """The media servers that this account owns; it may own none."""
        ...

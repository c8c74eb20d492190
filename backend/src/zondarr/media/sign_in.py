"""The interface for signing in with a Plex account, and its values."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NoReturn, Protocol, override

from msgspec import Struct

from zondarr.media.connections import HostStates


class Token:
    """A Plex token. Its repr hides it, and it cannot be pickled or copied."""

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
    """`id` is plex.tv's and stays on the server; `auth_url` is the page for
    the person.
    """

    id: int
    code: str
    auth_url: str
    expires_at: datetime


class PolledPin(Struct, frozen=True, kw_only=True):
    """The current state of a PIN on plex.tv; `token` is set once it was approved."""

    token: Token | None = None
    expired: bool = False


class PlexSignIn(Struct, frozen=True, kw_only=True):
    """The result of a PIN. `token` is set when it was approved, even if the account has
    no address.
    """

    authenticated: bool
    email: str | None = None
    plex_id: str | None = None
    username: str | None = None
    token: Token | None = None
    error: Literal["expired", "email_missing"] | None = None


class OwnedConnection(Struct, frozen=True, kw_only=True):
    """An address of a server. `local` is in its own network; `relay` goes through Plex,
    is slow, and is used last.
    """

    url: str
    local: bool
    relay: bool


class OwnedServer(Struct, frozen=True, kw_only=True):
    """`machine_id` is the server's own id, the same at every address."""

    machine_id: str
    name: str
    version: str
    connections: Sequence[OwnedConnection]


class SignInProvider(Protocol):
    """Raises `MediaClientError`; with status 502 when plex.tv fails."""

    def __init__(self, states: HostStates, /) -> None: ...

    async def create(self, *, forward_url: str | None = None) -> PlexPin:
        """Create a PIN; after signing in, Plex redirects the person to
        `forward_url`.
        """
        ...

    async def poll(self, pin_id: int) -> PolledPin:
        """The token, once the PIN was approved. Store it: plex.tv may return it only
        once.
        """
        ...

    async def account_of(self, token: Token) -> PlexSignIn:
        """The account that a token belongs to."""
        ...

    async def owned_servers(self, token: Token) -> Sequence[OwnedServer]:
        """The media servers that this account owns; may be empty."""
        ...

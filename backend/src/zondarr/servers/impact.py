"""What goes with a server when it is removed.

Users and invitations live on floors above: each of them hands in a function that
tells its own part (`container.py` puts them together).
"""

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from uuid import UUID

from zondarr.core.database import Session
from zondarr.core.schemas import ResponseBody

SHOWN = 50
"""How many things a consequence names at most; `count` is how many there are."""


class ImpactKind(StrEnum):
    LIBRARIES = "libraries"
    """Libraries we know of it; they stay on the server."""
    USERS = "users"
    """Accounts we know on it; they stay on the server, and we forget them."""
    IDENTITIES = "identities"
    """People who then have no account left. They stay in the list of people."""
    INVITATIONS = "invitations"
    """Invitations that name it; `note` says what each would still give."""
    REDEMPTIONS = "redemptions"
    """Guests who are joining it, or whose redemption waits for it; `note` says whose
    account may be left on it."""
    LEFTOVERS = "leftovers"
    """Accounts of ended redemptions that may still be on it; nothing removes them any
    more."""


class ImpactItem(ResponseBody, kw_only=True, frozen=True):
    id: UUID
    name: str
    note: str | None = None


class Impact(ResponseBody, kw_only=True, frozen=True):
    """One sort of thing that goes, or changes, with the server.

    `blocks`: the server cannot be removed as long as this is so.
    """

    kind: ImpactKind
    count: int
    blocks: bool
    items: Sequence[ImpactItem]


type ImpactProvider = Callable[[Session, UUID], Awaitable[Impact]]
"""Tells one consequence of removing the server with this id; changes nothing."""

type BeforeRemoval = Callable[[Session, UUID], Awaitable[None]]
"""Ends what refers to the server with this id, in the transaction that removes it."""

"""What else is deleted or changed when a server is removed.

Users and invitations are layers above: each registers a function for its own part
(`container.py` combines them).
"""

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from uuid import UUID

from zondarr.core.database import Session
from zondarr.core.schemas import ResponseBody

SHOWN = 50
"""The maximum number of items listed per impact; `count` is the total."""


class ImpactKind(StrEnum):
    LIBRARIES = "libraries"
    """Its libraries; they stay on the server."""
    USERS = "users"
    """Its accounts; they stay on the server, and their rows are deleted."""
    IDENTITIES = "identities"
    """People who then have no account left. They stay in the list of people."""
    INVITATIONS = "invitations"
    """Invitations that include it; `note` lists what each would still give."""
    REDEMPTIONS = "redemptions"
    """Redemptions that are running on it or waiting for it; `note` tells whether an
    account may be left on it.
    """
    LEFTOVERS = "leftovers"
    """Accounts of ended redemptions that may still be on it; they will not be removed
    any more.
    """


class ImpactItem(ResponseBody, kw_only=True, frozen=True):
    id: UUID
    name: str
    note: str | None = None


class Impact(ResponseBody, kw_only=True, frozen=True):
    """One kind of data that is deleted or changed with the server.

    `blocks`: the server cannot be removed while this is so.
    """

    kind: ImpactKind
    count: int
    blocks: bool
    items: Sequence[ImpactItem]


type ImpactProvider = Callable[[Session, UUID], Awaitable[Impact]]
"""Computes one impact of removing the server with this id; changes nothing."""

type BeforeRemoval = Callable[[Session, UUID], Awaitable[None]]
"""Ends what refers to the server with this id, in the transaction that removes it."""

"""What a sync has to do, and what its steps found out."""

from datetime import datetime
from typing import Any, Self

import msgspec
from msgspec import Struct

from zondarr.media.requests import RequestProduct


class SyncOptions(Struct, frozen=True, kw_only=True):
    """`full` reads everything again, `accept_missing` believes a Seerr that lists far
    fewer requests.
    """

    full: bool = False
    accept_missing: bool = False


class Counts(Struct, frozen=True, kw_only=True):
    """What Seerr says of all its requests: how many it lists, and how many have which
    status, if it counts them. `unread` are the ids of those that we cannot read.
    """

    total: int
    by_status: dict[str, int] | None = None
    unread: list[int] = []

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        return msgspec.convert(stored, cls)

    def stored(self) -> dict[str, Any]:
        """As `RequestServer.counts`."""
        return msgspec.to_builtins(self)


class Begun(Struct, frozen=True, kw_only=True):
    """`url` is where it is read: that must not be published after a change. `through`
    is the newest `updatedAt` read so far.
    """

    at: datetime
    url: str
    full: bool
    product: RequestProduct
    version: str | None
    through: datetime | None


class PageDone(Struct, frozen=True, kw_only=True):
    """`next` is how many rows to skip for the next page, null after the last one."""

    next: int | None
    total: int
    done: int
    oldest: datetime | None = None


class Published(Struct, frozen=True, kw_only=True):
    """The numbers of new, changed and missing requests."""

    new: int = 0
    changed: int = 0
    gone: int = 0

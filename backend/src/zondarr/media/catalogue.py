"""What a server holds and what was watched there: shapes, and how they are read.

A client is a `CatalogueReader`, beside `MediaClient`, if its
`ServerTypeInfo.reads_catalogue` is true. Long lists are read page by page. A `place` is
a client's own note of where the next page begins: plain text, to be stored and handed
back, also by another process.

A fact that the server does not tell is None: unknown, not false.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from zondarr.media.types import ItemKind, LibraryInfo


class WatchDetail(StrEnum):
    """What a type of server can tell of an account and a title."""

    LAST_PLAYED = "last_played"
    PLAY_COUNT = "play_count"
    POSITION = "position"
    FAVOURITE = "favourite"
    MARKED_BY_HAND = "marked_by_hand"
    """Played and unplayed marks that somebody set without playing."""


class TrackKind(StrEnum):
    AUDIO = "audio"
    SUBTITLE = "subtitle"


class Track(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A sound or a subtitle of a file. `language` is what the server says, unread."""

    kind: TrackKind
    language: str | None = None
    codec: str | None = None
    channels: int | None = None
    title: str | None = None
    default: bool = False
    forced: bool = False
    hearing_impaired: bool = False
    external: bool = False


class MediaVersion(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A version of a film or an episode on disk. `size` is in bytes."""

    path: str = ""
    size: int | None = None
    container: str | None = None
    tracks: tuple[Track, ...] = ()


class CatalogueItem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A film, show, season or episode, with all that a sync keeps of it.

    `stamp` changes when the item or its files do, and not when it is played.
    `series_id` and `season_id` are the server's ids of what it belongs to; `number` is
    a season's or an episode's. `provider_ids` are by provider in lower case.
    """

    id: str
    kind: ItemKind
    stamp: str
    name: str = ""
    year: int | None = None
    added_at: datetime | None = None
    series_id: str | None = None
    season_id: str | None = None
    season: int | None = None
    number: int | None = None
    provider_ids: dict[str, str] = {}
    path: str | None = None
    versions: tuple[MediaVersion, ...] = ()


class ItemPage(Struct, frozen=True, kw_only=True):
    """Part of a library.

    `stamps` has the id and the stamp of each item of the page, `items` those that came
    whole. `done` counts the items up to here, `total` those of the library, as far as
    that is known. `next` is None on the last page.
    """

    stamps: Sequence[tuple[str, str]]
    items: Sequence[CatalogueItem]
    next: str | None
    done: int
    total: int | None


class WatchAccount(Struct, frozen=True, kw_only=True):
    """An account as the server counts it. `library_ids` None: it may see all."""

    id: str
    name: str
    library_ids: tuple[str, ...] | None = None


class WatchFact(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What an account did with a film or an episode.

    From a server whose type has a `watch_history` it is one play, and `play_count` is
    one more; from others it is how things stand. `position` is in seconds.
    """

    account_id: str
    item_id: str
    played: bool | None = None
    play_count: int | None = None
    last_played_at: datetime | None = None
    position: int | None = None
    favourite: bool | None = None


class WatchPage(Struct, frozen=True, kw_only=True):
    """Part of what was watched. `untouched` are items that the account may see and did
    nothing with. `resume` is where a later reading of the history goes on; None for
    types that have none."""

    facts: Sequence[WatchFact]
    untouched: Sequence[str] = ()
    next: str | None
    resume: str | None
    done: int
    total: int | None


class CatalogueReader(Protocol):
    """One page at a time, inside the client's context."""

    async def library_page(
        self, library: LibraryInfo, place: str | None, *, details: bool
    ) -> ItemPage:
        """The films, shows, seasons and episodes of a library; shows come before their
        seasons and episodes. `place` is None for the first page.

        `details`: all items are wanted whole, as far as the server's lists can do that.
        Kind `gone`: there is no such library.
        """
        ...

    async def item_details(self, ids: Collection[str]) -> Sequence[CatalogueItem]:
        """These items whole, with the tracks of their files; those that are gone are
        left out. Asks for as many at once as the server bears."""
        ...

    async def watch_accounts(self) -> Sequence[WatchAccount]:
        """Whose plays the server can tell."""
        ...

    async def watch_page(self, account_id: str | None, place: str | None) -> WatchPage:
        """What an account watched; of a server with a history what all of them did,
        and `account_id` is None."""
        ...

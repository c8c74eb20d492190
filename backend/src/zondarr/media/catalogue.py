"""The interface for reading titles and watch history, and its values.

A client is a `CatalogueReader`, besides `MediaClient`, if its
`ServerTypeInfo.reads_catalogue` is true. Long lists are read page by page. A `place` is
the client's own cursor for the next page: plain text that can be stored and passed
back, also by another process.

A value that the server does not report is None: unknown, not false.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from zondarr.media.types import ItemKind, LibraryInfo


class WatchDetail(StrEnum):
    """What a type of server reports about an account and a title."""

    LAST_PLAYED = "last_played"
    PLAY_COUNT = "play_count"
    POSITION = "position"
    FAVOURITE = "favourite"
    MARKED_BY_HAND = "marked_by_hand"
    """Played and unplayed marks that were set by hand."""


class TrackKind(StrEnum):
    AUDIO = "audio"
    SUBTITLE = "subtitle"


class Track(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An audio or subtitle track of a file.

    `language` is the server's text, unparsed. `original`: it is in the language that
    the title was made in.
    """

    kind: TrackKind
    language: str | None = None
    codec: str | None = None
    channels: int | None = None
    title: str | None = None
    default: bool = False
    forced: bool = False
    hearing_impaired: bool = False
    external: bool = False
    original: bool = False


class MediaVersion(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A version of a film or an episode on disk. `size` is in bytes; `probed`: the
    server has looked into the file, so that it has the given tracks and no others.
    """

    path: str = ""
    size: int | None = None
    container: str | None = None
    tracks: tuple[Track, ...] = ()
    probed: bool = False


class CatalogueItem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A film, show, season or episode, with everything that a sync stores of it.

    `stamp` changes when the item or its files change, not when it is played.
    `series_id` and `season_id` are the server's ids of its parents; `number` is a
    season's or an episode's. `provider_ids` are by provider in lower case.
    `original_language` is the server's text, unparsed.
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
    original_language: str | None = None
    versions: tuple[MediaVersion, ...] = ()


class WatchFact(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What an account did with a film or an episode.

    From a server type with a `watch_history` it is one play, and `play_count` counts
    one; from others it is the current state. `position` is in seconds.
    """

    account_id: str
    item_id: str
    played: bool | None = None
    play_count: int | None = None
    last_played_at: datetime | None = None
    position: int | None = None
    favourite: bool | None = None


class ItemPage(Struct, frozen=True, kw_only=True):
    """Part of a library.

    `stamps` has the id and stamp of each item of the page, `items` those with all
    details. `watched` is the current state of films and episodes for the account whose
    key is used, if the lists contain it: only of those that it touched. `done` counts
    the items read so far, `total` those of the library, if known. `next` is None on the
    last page.
    """

    stamps: Sequence[tuple[str, str]]
    items: Sequence[CatalogueItem]
    watched: Sequence[WatchFact] = ()
    next: str | None
    done: int
    total: int | None


class WatchAccount(Struct, frozen=True, kw_only=True):
    """An account as the server counts it. `library_ids` None: all of them."""

    id: str
    name: str
    library_ids: tuple[str, ...] | None = None


class WatchPage(Struct, frozen=True, kw_only=True):
    """Part of the watch data: of items that were watched, begun, or are favourites.
    `resume` is where the next reading of the history starts; None for types without
    one.
    """

    facts: Sequence[WatchFact]
    next: str | None
    resume: str | None
    done: int
    total: int | None


class CatalogueReader(Protocol):
    """Reads one page at a time, inside the client's context.

    `own_account_id` is the account whose key is used, if the lists of items contain
    what it watched.
    """

    @property
    def own_account_id(self) -> str | None: ...

    async def library_page(
        self, library: LibraryInfo, place: str | None, *, details: bool
    ) -> ItemPage:
        """The films, shows, seasons and episodes of a library; shows come before their
        seasons and episodes. `place` is None for the first page.

        With `details`, all items include their details, as far as the server's lists
        do. Raises kind `gone` if the library does not exist.
        """
        ...

    async def item_details(self, ids: Collection[str]) -> Sequence[CatalogueItem]:
        """These items with the tracks of their files; those that are gone are left out.
        Requests as many at once as the server accepts.
        """
        ...

    async def watch_accounts(self) -> Sequence[WatchAccount]:
        """The accounts with watch data."""
        ...

    async def watch_page(self, account_id: str | None, place: str | None) -> WatchPage:
        """What an account watched. For a server with a history, the plays of all
        accounts; `account_id` is None.
        """
        ...

    async def watch_state(
        self, account_id: str, item_ids: Collection[str]
    ) -> Sequence[WatchFact]:
        """The current state of these items, also of those that the account has not
        touched; those that it may not see are left out. Empty for a server with a
        history.
        """
        ...

    async def poster(self, item_id: str, *, width: int) -> bytes | None:
        """The poster of a film or show, about as wide as asked for; None if it has
        none. The bytes are as the server sent them: see `pictures.picture_type`.
        """
        ...

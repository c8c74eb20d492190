"""Posters of titles, fetched from the media servers and kept in memory.

A browser never talks to a media server, and never gets its key. A poster comes from any
copy of the title whose server responds. Servers that do not respond are left alone for
a moment, so that a page full of posters does not wait for each of them.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from enum import StrEnum
from time import monotonic
from typing import NamedTuple, cast
from uuid import UUID
from weakref import WeakValueDictionary

import structlog
from cachetools import TLRUCache

from zondarr.catalogue.repository import ItemRepository, TitleRepository
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database
from zondarr.core.exceptions import NotFoundError
from zondarr.media.catalogue import CatalogueReader
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.pictures import picture_type
from zondarr.media.registry import ClientRegistry
from zondarr.servers.connections import connect, open_client
from zondarr.servers.models import MediaServer
from zondarr.servers.repository import MediaServerRepository

log = structlog.get_logger(__name__)

KEPT_BYTES = 32 * 1024 * 1024
KEPT_SECONDS = 24 * 3600.0
ABSENT_SECONDS = 600.0
"""How long it is remembered that no server has a poster."""
PAUSE_SECONDS = 30.0
"""How long a server that failed is not asked again."""
TIME_LIMIT = 4.0
AT_ONCE = 4
"""Requests in flight to one server."""
OF_ONE_PICTURE = frozenset(
    {ErrorKind.FAILED, ErrorKind.GONE, ErrorKind.INVALID, ErrorKind.NOT_THIS_TYPE}
)
"""Failures after which the server is asked for other pictures; it answered, quickly."""
SMALLEST = 256
"""Bytes that an entry counts at least, also one that only says "none"."""


class PosterSize(StrEnum):
    SMALL = "small"
    LARGE = "large"


WIDTHS = {PosterSize.SMALL: 200, PosterSize.LARGE: 600}


class Poster(NamedTuple):
    data: bytes
    media_type: str
    etag: str


class _Kept(NamedTuple):
    """None: there is no poster. `seconds`: how long that holds."""

    poster: Poster | None
    seconds: float


class _Source(NamedTuple):
    """A copy of the title."""

    server: MediaServer
    item_id: str


type _Key = tuple[UUID, PosterSize]


def _weight(kept: _Kept) -> int:
    return SMALLEST + (len(kept.poster.data) if kept.poster else 0)


def _until(_key: _Key, kept: _Kept, now: float) -> float:
    return now + kept.seconds


class PosterService:
    """One for the whole process; every call names its workspace."""

    def __init__(
        self, database: Database, keyring: Keyring, registry: ClientRegistry
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.registry = registry
        self._kept: TLRUCache[_Key, _Kept] = TLRUCache(
            KEPT_BYTES, ttu=_until, timer=monotonic, getsizeof=_weight
        )
        self._paused_until: dict[UUID, float] = {}
        self._turns: WeakValueDictionary[UUID, asyncio.Semaphore] = (
            WeakValueDictionary()
        )
        self._fetching: WeakValueDictionary[_Key, asyncio.Lock] = WeakValueDictionary()

    async def get(self, workspace_id: UUID, title_id: UUID, size: PosterSize) -> Poster:
        """Raises `NotFoundError` for a title of another workspace, and if no server has
        a poster, or none responds."""
        sources = await self._sources(workspace_id, title_id)
        key = title_id, size
        lock = self._fetching.setdefault(key, asyncio.Lock())
        async with lock:
            kept = self._kept.get(key)
            if kept is None:
                kept = await self._fetch(sources, WIDTHS[size])
                self._kept[key] = kept
        if kept.poster is None:
            raise NotFoundError("Poster", title_id)
        return kept.poster

    async def _sources(self, workspace_id: UUID, title_id: UUID) -> Sequence[_Source]:
        async with self.database.scoped(workspace_id, reading=True) as session:
            await TitleRepository(session).require(title_id)
            copies = await ItemRepository(session).copies_of([title_id])
            ids = {each.media_server_id for each in copies}
            found = await MediaServerRepository(session).get_by_ids(ids)
        servers = {each.id: each for each in found if each.enabled}
        return [
            _Source(servers[each.media_server_id], each.external_id)
            for each in copies
            if each.media_server_id in servers
        ]

    async def _fetch(self, sources: Sequence[_Source], width: int) -> _Kept:
        """The first poster; None holds for a short time if a server did not respond."""
        unsure = False
        for source in sources:
            turns = self._turns.setdefault(source.server.id, asyncio.Semaphore(AT_ONCE))
            async with turns:
                # It may have failed while this one waited for its turn.
                if self._is_paused(source.server):
                    unsure = True
                    continue
                try:
                    poster = await self._ask(source, width)
                except (MediaClientError, TimeoutError) as error:
                    unsure = self._pause(source.server, error) or unsure
                    continue
            if poster is not None:
                return _Kept(poster, KEPT_SECONDS)
        return _Kept(None, PAUSE_SECONDS if unsure else ABSENT_SECONDS)

    async def _ask(self, source: _Source, width: int) -> Poster | None:
        async with asyncio.timeout(TIME_LIMIT):
            connection = connect(source.server, self.keyring)
            async with open_client(self.registry, connection) as client:
                reader = cast("CatalogueReader", cast("object", client))
                data = await reader.poster(source.item_id, width=width)
        return None if data is None else _poster(data)

    def _is_paused(self, server: MediaServer) -> bool:
        return monotonic() < self._paused_until.get(server.id, 0.0)

    def _pause(self, server: MediaServer, error: Exception) -> bool:
        """Leave the server alone for a moment, unless the failure is of one picture;
        returns whether it is left alone."""
        if isinstance(error, MediaClientError) and error.kind in OF_ONE_PICTURE:
            return False
        self._paused_until[server.id] = monotonic() + PAUSE_SECONDS
        log.info(
            "no posters for now", server_id=str(server.id), error=type(error).__name__
        )
        return True


def _poster(data: bytes) -> Poster | None:
    media_type = picture_type(data)
    if media_type is None:
        return None
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    return Poster(data, media_type, f'"{digest}"')

"""Encodes and compresses the stored pages of a running sync."""

import zlib
from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from zondarr.media.catalogue import CatalogueItem, WatchFact

LEVEL = 1

_items = msgspec.msgpack.Decoder(list[CatalogueItem])
_facts = msgspec.msgpack.Decoder(list[WatchFact])
_ids = msgspec.msgpack.Decoder(list[str])
_encoder = msgspec.msgpack.Encoder()


def pack_items(items: Sequence[CatalogueItem]) -> bytes:
    return zlib.compress(_encoder.encode(items), LEVEL) if items else b""


def unpack_items(packed: bytes) -> list[CatalogueItem]:
    return _items.decode(zlib.decompress(packed)) if packed else []


def pack_facts(facts: Sequence[WatchFact]) -> bytes:
    return zlib.compress(_encoder.encode(facts), LEVEL) if facts else b""


def unpack_facts(packed: bytes) -> list[WatchFact]:
    return _facts.decode(zlib.decompress(packed)) if packed else []


def pack_ids(ids: Sequence[str]) -> bytes:
    return zlib.compress(_encoder.encode(ids), LEVEL)


def unpack_ids(packed: bytes) -> list[str]:
    return _ids.decode(zlib.decompress(packed)) if packed else []


def ids_by_library(
    packed: Iterable[tuple[UUID, bytes]],
) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for library_id, ids in packed:
        found.setdefault(library_id, set()).update(unpack_ids(ids))
    return found

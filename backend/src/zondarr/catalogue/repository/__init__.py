"""What the tables of the catalogue are asked."""

from zondarr.catalogue.repository.items import (
    ItemRepository,
    KnownFile,
    KnownItem,
    ListedItem,
)
from zondarr.catalogue.repository.syncs import SyncRepository
from zondarr.catalogue.repository.titles import TitleFilter, TitleRepository
from zondarr.catalogue.repository.totals import TotalsRepository
from zondarr.catalogue.repository.watches import StoredFact, WatchRepository

__all__ = [
    "ItemRepository",
    "KnownFile",
    "KnownItem",
    "ListedItem",
    "StoredFact",
    "SyncRepository",
    "TitleFilter",
    "TitleRepository",
    "TotalsRepository",
    "WatchRepository",
]

"""The optional interface for reading titles and watch history.

A client implements it if its `ServerTypeInfo.reads_catalogue` is true.
"""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Protocol

from zondarr.media.types import ItemKind, LibraryItem, WatchEvent


class CatalogueReader(Protocol):
    """Both methods return async iterators, to be used inside the client's context.
    Errors are raised during iteration.
    """

    def library_items(
        self,
        library_id: str,
        kind: ItemKind,
        *,
        updated_since: datetime | None = None,
    ) -> AsyncGenerator[LibraryItem]:
        """Iterate over every title of this kind, oldest first.

        Titles that are removed while the list is read may be left out. Raises kind
        `gone` if the library does not exist.
        """
        ...

    def history(
        self, *, since: datetime | None = None, library_id: str | None = None
    ) -> AsyncGenerator[WatchEvent]:
        """Iterate over watch events, oldest first."""
        ...

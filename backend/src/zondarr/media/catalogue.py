"""What a client offers that can read titles and plays, beside `MediaClient`.

A client has it if its `ServerTypeInfo.reads_catalogue` is true.
"""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Protocol

from zondarr.media.types import ItemKind, LibraryItem, WatchEvent


class CatalogueReader(Protocol):
    """To be iterated over, inside the client's context; what fails, fails there."""

    def library_items(
        self,
        library_id: str,
        kind: ItemKind,
        *,
        updated_since: datetime | None = None,
    ) -> AsyncGenerator[LibraryItem]:
        """Every title of this kind that stays while it is read, the oldest first.

        Kind `gone`: there is no such library.
        """
        ...

    def history(
        self, *, since: datetime | None = None, library_id: str | None = None
    ) -> AsyncGenerator[WatchEvent]:
        """Who watched what, the oldest first."""
        ...

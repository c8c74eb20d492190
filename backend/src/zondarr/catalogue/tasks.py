"""What a sync of a server has to read."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class LibraryTask(Struct, frozen=True, kw_only=True):
    """A library to be read. `first`: nothing of it is known yet."""

    id: UUID
    external_id: str
    name: str
    library_type: str
    first: bool


class Begun(Struct, frozen=True, kw_only=True):
    at: datetime
    libraries: list[LibraryTask]


class SyncOptions(Struct, frozen=True, kw_only=True):
    """`full` reads everything again, `dry_run` changes nothing, `accept_missing`
    believes a library that lost many titles.
    """

    full: bool = False
    dry_run: bool = False
    accept_missing: bool = False

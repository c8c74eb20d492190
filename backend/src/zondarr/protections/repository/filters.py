"""What a list of protections can be narrowed to."""

from uuid import UUID

from msgspec import Struct


class ProtectionFilter(Struct, frozen=True, kw_only=True):
    """`insight` as it is stored; `author` is a name, in any case."""

    q: str | None = None
    insight: str | None = None
    active: bool | None = None
    preset: str | None = None
    author: str | None = None
    title_id: UUID | None = None
    library_id: UUID | None = None

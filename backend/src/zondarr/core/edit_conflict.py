"""Detects conflicting edits: the row was changed by somebody else meanwhile.

A client may send `expected_updated_at`, the `updated_at` of the row it showed. If the
row has another value by now, nothing is changed, and the response contains both values
of each field that was sent.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UnsetType

from zondarr.core.exceptions import ConflictError
from zondarr.core.models import Entity
from zondarr.core.schemas import RequestBody

VERSION = "expected_updated_at"


@dataclass(frozen=True, slots=True)
class EditedValue:
    sent: Any
    current: Any


class EditConflictError(ConflictError):
    """`values` maps each field to the sent value and the stored one."""

    code = "edit_conflict"

    def __init__(self, updated_at: datetime, values: Mapping[str, EditedValue]) -> None:
        super().__init__("Somebody else has changed this meanwhile. Look at it again.")
        self.updated_at = updated_at
        self.values = values


def check_version(
    row: Entity,
    data: RequestBody,
    expected: datetime | UnsetType | None,
    *,
    but: Collection[str] = (),
) -> None:
    """Raise `EditConflictError` if the row is not the one that the client showed.

    The caller holds a lock on the row. Fields in `but` are not returned: secrets, and
    fields that are not columns.
    """
    if not isinstance(expected, datetime) or expected == row.updated_at:
        return
    values = {
        name: EditedValue(_plain(value), _plain(getattr(row, name)))
        for name, value in data.sent(but={VERSION, *but}).items()
    }
    raise EditConflictError(row.updated_at, values)


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)

"""Any row of any table: values that fit its columns, read from the columns themselves,
so that a column that is added later is tested from its first day."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Enum,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
)
from sqlalchemy.types import JSON

from zondarr.core.models import Entity, UTCDateTime
from zondarr.media.types import Permissions
from zondarr.protections.models import LanguageTags

LONGEST = 500

moments = st.datetimes(
    datetime(1970, 1, 1),  # noqa: DTZ001 — Hypothesis adds the zone
    datetime(9000, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
numbers = st.integers(0, 2**31 - 1)
PERMISSION_VALUES: dict[str, st.SearchStrategy[object]] = {
    "max": st.none() | st.integers(1, 1000),
    "can": st.booleans(),
    "allowed": st.lists(st.text("abc-/13", min_size=1, max_size=5), max_size=3),
}
permissions = st.fixed_dictionaries(
    {
        name: PERMISSION_VALUES[name.partition("_")[0]]
        for name in Permissions.__struct_fields__
    }
)
OWN = {"id", "workspace_id", "updated_at", "search_text", "name_key"}
"""What a row is given by itself."""


def values_of(
    entity: type[Entity], parents: Mapping[str, UUID]
) -> st.SearchStrategy[dict[str, Any]]:
    """Values for all columns but those a row has by itself.

    `parents` maps a table to the id of a row in it.
    """
    table = cast("Table", entity.__table__)
    columns = (column for column in table.columns if column.name not in OWN)
    return st.fixed_dictionaries({one.name: values_in(one, parents) for one in columns})


def values_in(
    column: Column[Any], parents: Mapping[str, UUID]
) -> st.SearchStrategy[Any]:
    reference = next(iter(column.foreign_keys), None)
    if reference is None:
        given = _of_type(column)
    else:
        given = st.just(parents[reference.column.table.name])
    return st.none() | given if column.nullable else given


def _of_type(column: Column[Any]) -> st.SearchStrategy[Any]:  # noqa: C901, PLR0911
    match column.type:
        case Enum(enum_class=words) if words is not None:
            return st.sampled_from(list(words))
        case LanguageTags():
            return st.lists(st.sampled_from(["fr", "en", "pt-BR"]), max_size=3)
        case String(length=length):
            return texts(length or LONGEST)
        case UTCDateTime():
            return moments
        case Date():
            return st.dates()
        case Boolean():
            return st.booleans()
        case Integer():
            return numbers
        case Uuid():
            return st.uuids()
        case LargeBinary():
            return st.binary(max_size=50)
        case JSON():
            return permissions if column.name == "permissions" else st.lists(texts(50))
        case _:
            raise AssertionError(f"no values for {column}")


def texts(longest: int) -> st.SearchStrategy[str]:
    """PostgreSQL takes no NUL, and nothing takes half a surrogate pair."""
    signs = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    return st.text(signs, max_size=longest)

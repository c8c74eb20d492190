"""The bodies of settings."""

from collections.abc import Iterable, Sequence
from typing import cast

import msgspec
from msgspec import UNSET, UnsetType

from zondarr.core.schemas import Page, RequestBody, ResponseBody
from zondarr.settings.definitions import (
    LibraryLanguages,
    SettingDefinition,
    SettingKind,
)


class SettingResponse(ResponseBody, kw_only=True, frozen=True):
    """A setting: its value, what it is if nobody changed it, and what it may be."""

    name: str
    description: str
    kind: SettingKind
    value: int | bool | str | list[str | LibraryLanguages] | None
    default: int | bool | str | list[str | LibraryLanguages] | None
    minimum: int | None
    maximum: int | None
    unit: str | None
    choices: Sequence[str] | None


class SettingPage(Page[SettingResponse], kw_only=True, frozen=True):
    items: Sequence[SettingResponse]


def update_body(definitions: Iterable[SettingDefinition]) -> type[RequestBody]:
    """The body that changes settings: all of them may be left out."""
    body = msgspec.defstruct(
        "SettingsUpdate",
        [(each.name, each.type | UnsetType, UNSET) for each in definitions],
        bases=(RequestBody,),
        namespace={"__doc__": "Only what is sent is changed."},
        module=__name__,
        kw_only=True,
        forbid_unknown_fields=True,
    )
    return cast("type[RequestBody]", body)

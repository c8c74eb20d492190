"""What a setting is: its name, its values, and its default.

A feature declares its own with `number`, `flag`, `choice`, `languages` and
`library_languages`; the container collects them (`SETTINGS`).
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from zondarr.core.schemas import END

LanguageTag = Annotated[
    str, Meta(max_length=35, pattern=rf"^[A-Za-z]{{2,8}}(-[A-Za-z0-9]{{1,8}})*{END}")
]
"""A BCP 47 tag, or `original` for the language that a title was made in."""
LanguageTags = Annotated[list[LanguageTag], Meta(max_length=20)]


class LibraryLanguages(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The languages required in one library, instead of the workspace's."""

    library_id: UUID
    audio: LanguageTags
    subtitles: LanguageTags


class SettingKind(StrEnum):
    """How a setting is entered."""

    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    LANGUAGES = "languages"
    LIBRARY_LANGUAGES = "library_languages"


type SettingValue = int | bool | str | list[str | LibraryLanguages] | None


class SettingDefinition(Struct, frozen=True, kw_only=True):
    """`type` is the type of a value in a request; `unit` is what a number counts."""

    name: str
    description: str
    kind: SettingKind
    type: Any
    default: SettingValue
    minimum: int | None = None
    maximum: int | None = None
    unit: str | None = None
    choices: Sequence[str] | None = None


def number(  # noqa: PLR0913 — each is a property of the setting
    name: str,
    description: str,
    *,
    default: int | None,
    minimum: int,
    maximum: int,
    unit: str,
    nullable: bool = False,
) -> SettingDefinition:
    kind: Any = Annotated[int, Meta(ge=minimum, le=maximum)]
    return SettingDefinition(
        name=name,
        description=description,
        kind=SettingKind.NUMBER,
        type=kind | None if nullable else kind,
        default=default,
        minimum=minimum,
        maximum=maximum,
        unit=unit,
    )


def flag(name: str, description: str, *, default: bool) -> SettingDefinition:
    return SettingDefinition(
        name=name,
        description=description,
        kind=SettingKind.FLAG,
        type=bool,
        default=default,
    )


def choice(name: str, description: str, *, default: StrEnum) -> SettingDefinition:
    """One of the words of the default's type."""
    return SettingDefinition(
        name=name,
        description=description,
        kind=SettingKind.CHOICE,
        type=type(default),
        default=default.value,
        choices=[word.value for word in type(default)],
    )


def languages(
    name: str, description: str, *, default: Sequence[str]
) -> SettingDefinition:
    return SettingDefinition(
        name=name,
        description=description,
        kind=SettingKind.LANGUAGES,
        type=LanguageTags,
        default=list(default),
    )


def library_languages(name: str, description: str) -> SettingDefinition:
    return SettingDefinition(
        name=name,
        description=description,
        kind=SettingKind.LIBRARY_LANGUAGES,
        type=Annotated[list[LibraryLanguages], Meta(max_length=1000)],
        default=[],
    )

"""What a check found."""

from enum import StrEnum
from typing import Self

from msgspec import Struct


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    """It works; something may be better."""
    TROUBLE = "trouble"


class Finding(Struct, frozen=True, kw_only=True):
    """One line of the report: what was looked at, how it is, and what to do."""

    level: Level
    about: str
    sentence: str
    advice: str | None = None

    @classmethod
    def ok(cls, about: str, sentence: str) -> Self:
        return cls(level=Level.OK, about=about, sentence=sentence)

    @classmethod
    def note(cls, about: str, sentence: str, advice: str) -> Self:
        return cls(level=Level.NOTE, about=about, sentence=sentence, advice=advice)

    @classmethod
    def trouble(cls, about: str, sentence: str, advice: str) -> Self:
        return cls(level=Level.TROUBLE, about=about, sentence=sentence, advice=advice)

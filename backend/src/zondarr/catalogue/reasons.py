"""Why something is as we say: a code, a sentence, and the facts behind it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, Self

from msgspec import Struct

from zondarr.core.schemas import ResponseBody

type FactValue = str | int | bool | None


class Fact(Struct, frozen=True, kw_only=True):
    """A fact behind a verdict: its source is a server's name, or None for our own
    records."""

    name: str
    value: FactValue
    source: str | None = None
    as_of: datetime | None = None


class Reasoned(Protocol):
    """`code` is for programs, `sentence` for people; never with a path."""

    @property
    def code(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def facts(self) -> Sequence[Fact]: ...


class ReasonFact(ResponseBody, kw_only=True, frozen=True):
    """A fact behind the verdict. `source` is the server that reported it, null for what
    we computed; `as_of` is when it was read, if that matters."""

    name: str
    value: str | int | bool | None
    source: str | None
    as_of: datetime | None


class Reason(ResponseBody, kw_only=True, frozen=True):
    """Why the verdict is what it is: a code for programs, a sentence for people."""

    code: str
    sentence: str
    facts: Sequence[ReasonFact]

    @classmethod
    def of(cls, judged: Reasoned) -> Self:
        facts = [ReasonFact.from_row(each) for each in judged.facts]
        return cls(code=judged.code, sentence=judged.sentence, facts=facts)

"""What a protection does and how long: from a request to the stored columns."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Self

import msgspec
from msgspec import Struct

from zondarr.catalogue.insight import Insight
from zondarr.core.exceptions import InvalidError, Problem
from zondarr.protections.languages import language_tags
from zondarr.protections.models import ALL_INSIGHTS, Protection
from zondarr.protections.presets import Preset, find_preset
from zondarr.protections.schemas import LanguageOverrideBody, ProtectionTerms
from zondarr.protections.scopes import Scope, ScopeKind


class Terms(Struct, frozen=True, kw_only=True):
    """By the names of the columns."""

    insight: str = ALL_INSIGHTS
    audio: list[str] | None = None
    subtitles: list[str] | None = None
    expires_at: datetime | None = None
    note: str | None = None
    preset: str | None = None

    @classmethod
    def of(cls, given: ProtectionTerms, scopes: Collection[Scope]) -> Self:
        """Raises `InvalidError` for terms that contradict each other, or that one of
        the scopes cannot have."""
        terms = cls(
            insight=given.insight or ALL_INSIGHTS,
            expires_at=given.expires_at,
            note=given.note,
            preset=given.preset,
            **override_columns(given.languages),
        )
        return terms.completed(scopes).checked(scopes)

    @classmethod
    def of_row(cls, row: Protection) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.__struct_fields__})

    def completed(self, scopes: Collection[Scope]) -> Self:
        """With what the preset stands for, unless it was sent."""
        if self.preset is None:
            return self
        preset = _preset(self.preset)
        kinds = {scope.kind for scope in scopes}
        if not kinds <= set(preset.scopes):
            allowed = ", ".join(sorted(preset.scopes))
            problem = Problem(f"is for: {allowed}", "not_this_scope")
            raise InvalidError(f"{preset.name} is not for this.", preset=problem)
        if self.insight not in {ALL_INSIGHTS, preset.insight or ALL_INSIGHTS}:
            problem = Problem("contradicts the insight", "contradiction")
            raise InvalidError(f"{preset.name} is of another insight.", preset=problem)
        terms = msgspec.structs.replace(self, insight=preset.insight or ALL_INSIGHTS)
        override = preset.languages
        if override is None or terms.has_override:
            return terms
        return msgspec.structs.replace(
            terms,
            audio=None if override.audio is None else list(override.audio),
            subtitles=None if override.subtitles is None else list(override.subtitles),
        )

    @property
    def has_override(self) -> bool:
        return self.audio is not None or self.subtitles is not None

    def checked(self, scopes: Collection[Scope]) -> Self:
        """An override belongs to the insight about languages, and to whole titles; a
        request is found by the insight about requests only."""
        requests = any(scope.kind is ScopeKind.REQUEST for scope in scopes)
        if requests and self.insight not in {ALL_INSIGHTS, Insight.STUCK}:
            problem = Problem("does not find requests", "not_this_scope")
            raise InvalidError("No other insight is about requests.", insight=problem)
        if not self.has_override:
            return self
        if self.insight not in {ALL_INSIGHTS, Insight.LANGUAGE}:
            problem = Problem("only go with the insight language", "contradiction")
            raise InvalidError("Languages are of another insight.", languages=problem)
        if any(scope.kind is not ScopeKind.TITLE for scope in scopes):
            problem = Problem("can only be changed for a whole title", "not_this_scope")
            raise InvalidError(
                "Other languages apply to a title. Those of a library are a setting:"
                " library_languages.",
                languages=problem,
            )
        return msgspec.structs.replace(self, insight=Insight.LANGUAGE.value)

    def columns(self) -> dict[str, Any]:
        return msgspec.structs.asdict(self)


def override_columns(given: LanguageOverrideBody | None) -> dict[str, Any]:
    """The columns `audio` and `subtitles`."""
    if given is None:
        return {"audio": None, "subtitles": None}
    return {
        "audio": language_tags(given.audio, field="audio"),
        "subtitles": language_tags(given.subtitles, field="subtitles"),
    }


def _preset(id: str) -> Preset:
    preset = find_preset(id)
    if preset is None:
        problem = Problem("see /api/v1/protections/presets", "unknown")
        raise InvalidError("There is no such preset.", preset=problem)
    return preset

"""Ready-made protections, named after the language policy of the workspace."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct

from zondarr.catalogue.insight import Insight
from zondarr.protections.languages import language_name
from zondarr.protections.rules import LanguageOverride
from zondarr.protections.scopes import ScopeKind

PARTS = frozenset({ScopeKind.SEASON, ScopeKind.EPISODE})
TITLES = frozenset({ScopeKind.TITLE})
WHOLE = frozenset({ScopeKind.TITLE, ScopeKind.LIBRARY})
REQUESTS = frozenset({ScopeKind.REQUEST})
AUDIO_ONLY, SUBTITLES_ONLY = "audio_only", "subtitles_only"


class LanguagePolicy(Struct, frozen=True, kw_only=True):
    """The languages that the workspace requires."""

    audio: Sequence[str]
    subtitles: Sequence[str]

    def changed_by(self, stored: Mapping[str, Any]) -> LanguagePolicy:
        """With the values that the workspace has set."""
        return LanguagePolicy(
            audio=stored.get("audio", self.audio),
            subtitles=stored.get("subtitles", self.subtitles),
        )


class Preset(Struct, frozen=True, kw_only=True):
    """`insight` None: all of them; `scopes` are what it may protect."""

    id: str
    name: str
    description: str
    insight: Insight | None = None
    languages: LanguageOverride | None = None
    scopes: Collection[ScopeKind]


KEEP = Preset(
    id="keep",
    name="Keep",
    description="No insight lists it, and it is never removed.",
    scopes=WHOLE | PARTS,
)
FIXED = (
    Preset(
        id="no_language_check",
        name="No language check",
        description="Its languages are not checked.",
        insight=Insight.LANGUAGE,
        scopes=WHOLE,
    ),
    Preset(
        id="exempt_part",
        name="This part is exempt",
        description="The languages of this season or episode are not checked.",
        insight=Insight.LANGUAGE,
        scopes=PARTS,
    ),
    Preset(
        id="large_is_fine",
        name="Large is fine",
        description="It may be as large as it is.",
        insight=Insight.LARGE,
        scopes=WHOLE | PARTS,
    ),
    Preset(
        id="ignore_request",
        name="Ignore this request",
        description="The request may stay unanswered.",
        insight=Insight.STUCK,
        scopes=REQUESTS,
    ),
)


def presets_of(policy: LanguagePolicy) -> list[Preset]:
    """All presets; those about languages are named after the policy's own."""
    audio = [_audio_only(tag) for tag in dict.fromkeys(policy.audio)]
    subtitles = [_subtitles_only(tag) for tag in dict.fromkeys(policy.subtitles)]
    return [KEEP, *audio, *subtitles, *FIXED]


def find_preset(id: str) -> Preset | None:
    """Also of a language that the policy does not require any more."""
    kind, _, tag = id.partition(":")
    if tag and kind in {AUDIO_ONLY, SUBTITLES_ONLY}:
        return _audio_only(tag) if kind == AUDIO_ONLY else _subtitles_only(tag)
    return next((each for each in (KEEP, *FIXED) if each.id == id), None)


def _audio_only(tag: str) -> Preset:
    name = language_name(tag)
    return Preset(
        id=f"{AUDIO_ONLY}:{tag}",
        name=f"{name} audio only",
        description=f"Of the audio languages, only {name} is required.",
        insight=Insight.LANGUAGE,
        languages=LanguageOverride(audio=(tag,), subtitles=None),
        scopes=TITLES,
    )


def _subtitles_only(tag: str) -> Preset:
    name = language_name(tag)
    return Preset(
        id=f"{SUBTITLES_ONLY}:{tag}",
        name=f"{name} subtitles only",
        description=f"No audio language is required, only subtitles in {name}.",
        insight=Insight.LANGUAGE,
        languages=LanguageOverride(audio=(), subtitles=(tag,)),
        scopes=TITLES,
    )

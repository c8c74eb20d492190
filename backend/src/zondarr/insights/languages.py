"""What languages are required of a version, and whether it has them.

Three values: True, False, and None where a fact is missing. A required language that
is not among the known ones may be that of a track whose language is unknown.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from zondarr.catalogue.languages import (
    ORIGINAL,
    SILENT,
    Offer,
    from_text,
    parse_language,
    satisfies,
)
from zondarr.insights.facts import VersionFacts
from zondarr.insights.policy import Policy
from zondarr.media.catalogue import TrackKind
from zondarr.protections.rules import LanguageOverride

type Kleene = bool | None


class Demand(NamedTuple):
    """One required language of the audio or the subtitles, or `original`."""

    kind: TrackKind
    language: str


class Demands(NamedTuple):
    """What a title must have: in some libraries `by_library`, elsewhere `usual`."""

    usual: tuple[Demand, ...]
    by_library: dict[UUID, tuple[Demand, ...]]

    @property
    def all(self) -> Iterable[tuple[Demand, ...]]:
        return (self.usual, *self.by_library.values())

    def of(self, library_id: UUID) -> tuple[Demand, ...]:
        return self.by_library.get(library_id, self.usual)


def demands_of(policy: Policy, override: LanguageOverride | None) -> Demands:
    """The override of a title replaces what its libraries require."""
    return Demands(
        _demands(policy.audio, policy.subtitles, override),
        {
            each.library_id: _demands(each.audio, each.subtitles, override)
            for each in policy.library_languages
        },
    )


def _demands(
    audio: Sequence[str], subtitles: Sequence[str], override: LanguageOverride | None
) -> tuple[Demand, ...]:
    if override is not None:
        audio = audio if override.audio is None else override.audio
        subtitles = subtitles if override.subtitles is None else override.subtitles
    return (
        *(Demand(TrackKind.AUDIO, each) for each in _tags(audio)),
        *(Demand(TrackKind.SUBTITLE, each) for each in _tags(subtitles)),
    )


def _tags(languages: Iterable[str]) -> Iterable[str]:
    for each in languages:
        written = each.lower()
        yield written if written == ORIGINAL else parse_language(each) or each


class Shortfall(NamedTuple):
    """What a version lacks, and what it may have: a track's language is unknown."""

    missing: frozenset[Demand]
    unknown: frozenset[Demand]

    @property
    def met(self) -> Kleene:
        if self.missing:
            return False
        return None if self.unknown else True


def shortfall(
    version: VersionFacts, demands: Iterable[Demand], original: str | None
) -> Shortfall:
    found = {each: _is_met(version, each, original) for each in demands}
    return Shortfall(
        frozenset(each for each, met in found.items() if met is False),
        frozenset(each for each, met in found.items() if met is None),
    )


def _is_met(version: VersionFacts, demand: Demand, original: str | None) -> Kleene:
    audio = demand.kind is TrackKind.AUDIO
    offer = from_text(version.audio if audio else version.subtitles)
    if audio and any(satisfies(tag, SILENT) for tag in offer.tags):
        return True
    if demand.language != ORIGINAL:
        return _offers(offer, demand.language)
    if ORIGINAL in offer.tags:
        return True
    if original is None:
        return None if offer.tags or offer.unknown else False
    return _offers(offer, original)


def _offers(offer: Offer, language: str) -> Kleene:
    if any(satisfies(tag, language) for tag in offer.tags):
        return True
    return None if offer.unknown else False


def leaf_is_met(shortfalls: Iterable[Shortfall], *, strict: bool) -> Kleene:
    """Of a film or an episode: one version is enough, or `strict`: none may fail."""
    values = {each.met for each in shortfalls}
    decisive = not strict
    if decisive in values:
        return decisive
    return None if None in values else not decisive

"""The words for missing and unknown languages."""

from collections.abc import Iterable, Sequence

from zondarr.catalogue.languages import ORIGINAL, language_name
from zondarr.catalogue.models import TitleKind
from zondarr.core.counting import counted
from zondarr.insights.facts import Fact, TitleFacts, VersionFacts
from zondarr.insights.languages import Demand, Shortfall
from zondarr.insights.wording import list_of
from zondarr.media.catalogue import TrackKind

KINDS = {TrackKind.AUDIO: "audio", TrackKind.SUBTITLE: "subtitles"}
MOST = 6
"""Languages that a sentence names."""


def note_of(found: Shortfall) -> str | None:
    """ "missing: French audio; unknown: French subtitles"."""
    parts = [
        f"{label}: {', '.join(_words(demands))}"
        for label, demands in (("missing", found.missing), ("unknown", found.unknown))
        if demands
    ]
    return "; ".join(parts) or None


def missing_sentence(facts: TitleFacts, found: Iterable[Demand], episodes: int) -> str:
    words = _words(found)
    if facts.kind is TitleKind.MOVIE:
        return f"It lacks {list_of(words, MOST)}."
    lack = "lacks" if episodes == 1 else "lack"
    what = words[0] if len(words) == 1 else f"one of {list_of(words, MOST)}"
    return f"{counted(episodes, 'episode')} {lack} {what}."


def unknown_sentence(
    facts: TitleFacts,
    found: Sequence[Demand],
    versions: Iterable[VersionFacts],
    episodes: int,
) -> str:
    movie = facts.kind is TitleKind.MOVIE
    who = "It" if movie else counted(episodes, "episode")
    names = sorted({each.server for each in facts.libraries})
    servers = list_of(names) if names else "the server"
    may_lack = f"{who} may lack {list_of(_words(found), MOST)}"
    kinds = {each.kind for each in found}
    unread = any(each.audio is None for each in versions)
    if unread:
        return (
            f"{may_lack}: the tracks are not known from {servers}. Scan the library"
            " there, then sync again."
        )
    if all(each.language == ORIGINAL for each in found) and not _untagged(
        versions, kinds
    ):
        return (
            f"{may_lack}: no server reports the language in which it was made."
            " Refresh its metadata there, then sync again."
        )
    what = " and ".join(KINDS[kind] for kind in TrackKind if kind in kinds)
    report = "report" if len(names) > 1 else "reports"
    return (
        f"{may_lack}: {servers} {report} {what} without a language. Set the language of"
        " the track in the file, scan the library there, then sync again."
    )


def _untagged(versions: Iterable[VersionFacts], kinds: Iterable[TrackKind]) -> bool:
    texts = {TrackKind.AUDIO: "audio", TrackKind.SUBTITLE: "subtitles"}
    return any(
        "?" in (getattr(each, texts[kind]) or "").split()
        for each in versions
        for kind in kinds
    )


def facts_of(facts: TitleFacts, shortfalls: Sequence[Shortfall]) -> list[Fact]:
    """Which languages are missing and which are unknown, apart from one another; who
    says so, and as of when."""
    servers = sorted({each.server for each in facts.libraries})
    read = [each.as_of for each in facts.libraries if each.as_of is not None]
    source, as_of = ", ".join(servers) or None, min(read, default=None)
    missing = {demand for each in shortfalls for demand in each.missing}
    unknown = {demand for each in shortfalls for demand in each.unknown}
    found: list[Fact] = []
    for name, demands in (("missing", missing), ("unknown", unknown)):
        for kind, word in KINDS.items():
            languages = sorted(each.language for each in demands if each.kind is kind)
            if languages:
                found.append(
                    Fact(
                        name=f"{name}_{word}",
                        value=", ".join(languages),
                        source=source,
                        as_of=as_of,
                    )
                )
    if facts.original_language is not None:
        found.append(
            Fact(
                name="original_language",
                value=facts.original_language,
                source=source,
                as_of=as_of,
            )
        )
    return found


def _words(demands: Iterable[Demand]) -> list[str]:
    ordered = sorted(set(demands), key=lambda each: (each.kind, each.language))
    return [f"{_name(each.language)} {KINDS[each.kind]}" for each in ordered]


def _name(language: str) -> str:
    return "original" if language == ORIGINAL else language_name(language)

"""What protections do, as pure functions; `repository.criteria` has the same as SQL.

A protection is active until its expiry. Without a language override it hides what it
protects from its insight, or from all of them; with one it only changes the language
policy of its title. The protection of a season or an episode

- hides the whole title from *unwatched* and *recent*, which judge a title as a whole;
- takes that part out of what *large* and *language* judge.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from zondarr.catalogue.insight import Insight
from zondarr.protections.models import ALL_INSIGHTS, Protection

WHOLE_TITLE = frozenset({Insight.UNWATCHED, Insight.RECENT})
"""A protected part of a title hides the title from these insights."""
BY_PART = frozenset({Insight.LARGE, Insight.LANGUAGE})
"""A protected part of a title is left out by these insights."""


class LanguageOverride(NamedTuple):
    """The languages that a title must have; None: those of the policy."""

    audio: tuple[str, ...] | None
    subtitles: tuple[str, ...] | None


def is_active(protection: Protection, now: datetime) -> bool:
    return protection.expires_at is None or protection.expires_at > now


def has_override(protection: Protection) -> bool:
    return protection.audio is not None or protection.subtitles is not None


def quieting(
    protections: Iterable[Protection],
    insight: Insight,
    *,
    title_id: UUID,
    library_ids: Collection[UUID],
    now: datetime,
) -> Protection | None:
    """The first active protection that hides the title from the insight.

    `library_ids` are the libraries in which the title has a listed copy.
    """
    for each in protections:
        if not _concerns(each, insight, now):
            continue
        if not each.library_ids.isdisjoint(library_ids):
            return each
        whole = each.season is None or insight in WHOLE_TITLE
        if each.title_id == title_id and whole:
            return each
    return None


def is_exempt(
    protections: Iterable[Protection],
    insight: Insight,
    *,
    title_id: UUID,
    season: int | None,
    number: int | None,
    now: datetime,
) -> bool:
    """Whether the insight must leave this episode out."""
    return insight in BY_PART and any(
        each.title_id == title_id
        and each.season is not None
        and each.season == season
        and each.number in {None, number}
        for each in protections
        if _concerns(each, insight, now)
    )


def language_override(
    protections: Iterable[Protection], *, title_id: UUID, now: datetime
) -> LanguageOverride | None:
    """The languages that apply to the title instead of the policy's."""
    for each in protections:
        if each.title_id == title_id and has_override(each) and is_active(each, now):
            return override_of(each)
    return None


def override_of(protection: Protection) -> LanguageOverride:
    audio, subtitles = protection.audio, protection.subtitles
    return LanguageOverride(
        None if audio is None else tuple(audio),
        None if subtitles is None else tuple(subtitles),
    )


def _concerns(protection: Protection, insight: Insight, now: datetime) -> bool:
    return (
        protection.insight in {ALL_INSIGHTS, insight}
        and not has_override(protection)
        and is_active(protection, now)
    )

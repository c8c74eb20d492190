"""Which languages a file offers, and whether a language meets a required one."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, Protocol

from zondarr.media.catalogue import TrackKind

ORIGINAL = "original"
"""May be required in place of a language: the title's own."""
SILENT = "zxx"
"""No spoken language: meets every required language of the audio."""

_MEMBERS = {
    "ar": "aao abh abv acm acq acw acx acy adf aeb aec afb ajp apc apd arb arq ars ary"
    " arz auz avl ayh ayl ayn ayp bbz pga shu ssh",
    "az": "azb azj",
    "et": "ekk vro",
    "fa": "pes prs",
    "ku": "ckb kmr sdh",
    "lv": "ltg lvs",
    "mn": "khk mvf",
    "ms": "zsm",
    "ne": "dty npi",
    "no": "nb nn",
    "ps": "pbt pbu pst",
    "sh": "bs cnr hr sr",
    "sq": "aae aat aln als",
    "sw": "swc swh",
    "uz": "uzn uzs",
    "yi": "ydd yih",
    "zh": "cdo cjy cmn cnp cpx csp czh czo gan hak hsn lzh mnp nan wuu yue",
}
"""Macrolanguages and their members, from the IANA registry. Indonesian is a member of
Malay there, and left out: who asks for one is not helped by the other."""
_MACRO = {one: macro for macro, members in _MEMBERS.items() for one in members.split()}


class Offer(NamedTuple):
    """The languages of the tracks of one kind; `unknown`: one of them has none that is
    known."""

    tags: frozenset[str]
    unknown: bool


class Offers(NamedTuple):
    audio: Offer
    subtitles: Offer


NOTHING_KNOWN = Offers(Offer(frozenset(), True), Offer(frozenset(), True))
"""Of a file whose tracks were never read."""


class LanguageTrack(Protocol):
    """What counts of a track. `tag` None is unknown."""

    @property
    def kind(self) -> TrackKind: ...
    @property
    def tag(self) -> str | None: ...
    @property
    def forced(self) -> bool: ...
    @property
    def commentary(self) -> bool: ...


def offers_of(tracks: Iterable[LanguageTrack]) -> Offers:
    """Commentary and audio description do not count, nor do forced subtitles."""
    found: dict[TrackKind, set[str | None]] = {each: set() for each in TrackKind}
    for track in tracks:
        forced = track.forced and track.kind is TrackKind.SUBTITLE
        if not track.commentary and not forced:
            found[track.kind].add(track.tag)
    return Offers(_offer(found[TrackKind.AUDIO]), _offer(found[TrackKind.SUBTITLE]))


def _offer(tags: set[str | None]) -> Offer:
    known = frozenset(each for each in tags if each is not None)
    return Offer(known, unknown=None in tags)


def satisfies(tag: str, required: str) -> bool:
    """A region meets its language, and a language the one that it is a part of; never
    the other way round.
    """
    return required.lower() in met_by(tag)


@lru_cache(4096)
def met_by(tag: str) -> frozenset[str]:
    """All that a track of this language meets, in lower case."""
    parts = tag.lower().split("-")
    macro = _MACRO.get(parts[0])
    heads = (parts[0],) if macro is None else (parts[0], macro)
    return frozenset(
        "-".join((head, *parts[1:end]))
        for head in heads
        for end in range(1, len(parts) + 1)
    )

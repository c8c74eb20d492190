"""Which languages a file offers, and whether a language meets a required one."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from zondarr.media.catalogue import TrackKind

ORIGINAL = "original"
"""May be required in place of a language: the one that the title was made in. A file
also offers it, if a server reports it of a track."""
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


NOTHING_KNOWN = Offer(frozenset(), unknown=True)
"""Of a file whose tracks were never read."""


UNKNOWN = "?"


def counts(kind: TrackKind, *, forced: bool, commentary: bool) -> bool:
    """Whether a track is one of the languages that a file offers.

    Commentary and audio description are not, nor are forced subtitles, which translate
    a few lines only.
    """
    return not commentary and not (forced and kind is TrackKind.SUBTITLE)


def offers_of(tracks: Iterable[tuple[TrackKind, str | None]]) -> Offers:
    """Of the tracks that count: kind and tag."""
    found: dict[TrackKind, set[str | None]] = {each: set() for each in TrackKind}
    for kind, tag in tracks:
        found[kind].add(tag)
    return Offers(_offer(found[TrackKind.AUDIO]), _offer(found[TrackKind.SUBTITLE]))


def _offer(tags: set[str | None]) -> Offer:
    known = frozenset(each for each in tags if each is not None)
    return Offer(known, unknown=None in tags)


def as_text(offer: Offer) -> str:
    """As stored with a file: `en fr-CA ?`."""
    return " ".join([*sorted(offer.tags), *([UNKNOWN] if offer.unknown else ())])


def from_text(text: str | None) -> Offer:
    """None: the tracks of the file were never read."""
    if text is None:
        return NOTHING_KNOWN
    tags = frozenset(text.split())
    return Offer(tags - {UNKNOWN}, unknown=UNKNOWN in tags)


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

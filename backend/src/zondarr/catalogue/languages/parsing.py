"""Turns what servers and tools write for a language into a BCP 47 tag.

They write codes of ISO 639-1, 639-2 (both forms), 639-3 and BCP 47, retired codes, and
names in English or in the language itself. `langcodes` knows most of them; the rest is
in the tables below.

The library is imported when the first text is parsed: it takes a tenth of a second and
9 MB, its names 6 MB more.
"""

import re
import unicodedata
from functools import lru_cache
from importlib import import_module
from typing import Any

UNKNOWN = frozenset(
    [
        "und",
        "mul",
        "mis",
        "unk",
        "none",
        "unknown",
        "undetermined",
        "original",
        "latino",
    ]
)
"""`unk` is a language's code too, but is written for "unknown". Latino is Latin in
Spanish, but is written for a kind of Spanish."""
EXCEPTIONS = {
    # Not folded into another language, which the library would do.
    "tl": "tl",
    "tgl": "tl",
    "sh": "sh",
    "hbs": "sh",
    "cnr": "cnr",
    "prs": "prs",
    # Codes by custom, in no register.
    "pob": "pt-BR",
    "pb": "pt-BR",
    "zht": "zh-Hant",
    "zhs": "zh-Hans",
}
NAMES = {
    "bahasa melayu": "ms",
    "brazilian": "pt-BR",
    "castellano": "es",
    "flemish": "nl",
    "moldavian": "ro",
    "国语": "cmn",
    "國語": "cmn",
    "普通话": "cmn",
    "普通話": "cmn",
    # Without their accents.
    "catala": "ca",
    "cestina": "cs",
    "espanol": "es",
    "francais": "fr",
    "islenska": "is",
    "lietuviu": "lt",
    "latviesu": "lv",
    "norsk bokmal": "nb",
    "portugues": "pt",
    "romana": "ro",
    "slovencina": "sk",
    "slovenscina": "sl",
    "tieng viet": "vi",
    "turkce": "tr",
}
"""Names that the library does not know, or gives a region or another language."""
LONGEST_CODE = 3
"""As many ASCII letters or fewer are a code, never a name."""

_WITH_PLACE = re.compile(r"(?P<name>[^()]+?)\s*\((?P<place>[^()]+)\)")
_FULL_WIDTH = str.maketrans("\uff08\uff09\uff1b\uff0c", "();,")


@lru_cache(4096)
def parse_language(text: str | None) -> str | None:
    """The tag of a code, tag or name; None if it says nothing that can be read.

    `zxx` (no spoken language) is a tag; `und`, `mul`, `mis` and private codes are
    unknown.
    """
    written = _normalized(text)
    if not written or written in UNKNOWN:
        return None
    return EXCEPTIONS.get(written) or _from_tag(written) or _from_name(written)


@lru_cache(4096)
def track_language(
    language: str | None, title: str | None = None, *, external: bool = False
) -> str | None:
    """The tag of a track.

    A server that cannot read the language in the name of an external file reports it as
    the track's title: that is used if the whole title is a tag or a language's name.
    """
    if language and language.strip():
        return parse_language(language)
    return _from_title(title) if external else None


def _from_title(title: str | None) -> str | None:
    written = _normalized(title)
    if not written or written in UNKNOWN:
        return None
    found = EXCEPTIONS.get(written) or _from_tag(written)
    return found or _from_name(written, exact=True)


def _normalized(text: str | None) -> str:
    composed = unicodedata.normalize("NFC", text or "").translate(_FULL_WIDTH)
    return composed.strip().casefold().replace("_", "-")


def _from_tag(written: str) -> str | None:
    import langcodes  # noqa: PLC0415

    private = written.startswith("x-")
    if private or not written.isascii() or not langcodes.tag_is_valid(written):
        return None
    head, dash, rest = written.partition("-")
    if head in EXCEPTIONS:
        kept = f"{EXCEPTIONS[head]}{dash}{rest}"
        return langcodes.Language.get(kept, normalize=False).to_tag()
    language = langcodes.Language.get(langcodes.standardize_tag(written))
    code = language.language
    if code is None or code in UNKNOWN or "qaa" <= code <= "qtz":
        return None
    return language.to_tag()


def _from_name(written: str, *, exact: bool = False) -> str | None:
    if written.isascii() and len(written) <= LONGEST_CODE:
        return None
    found = _language_named(written, exact=exact)
    with_place = _WITH_PLACE.fullmatch(written)
    if with_place is None:
        return found
    name, place = with_place["name"], with_place["place"]
    alone = _language_named(name, exact=True)
    if alone is None or found not in {None, alone}:
        return found
    part = _subtag("territory", place) or _subtag("script", place)
    if part is not None:
        return parse_language(f"{alone}-{part}")
    # "French (Canadian)" is "Canadian French".
    return _language_named(f"{place} {name}", exact=True) or (None if exact else alone)


def _language_named(name: str, *, exact: bool) -> str | None:
    """The language with this name; unless `exact`, a name with other words after it.

    The library's own search also takes a part of a word for a name: "Parisian" is Pali.
    """
    if name in NAMES:
        return NAMES[name]
    in_any_language, in_english = _trie("und"), _trie("en")
    key = _names().normalize_name(name)
    for trie in (in_any_language, in_english):
        if key in trie:
            return parse_language(trie[key][0].decode())
    if exact:
        return None
    begins = [
        each
        for each in in_any_language.prefixes(key)
        if len(each) > LONGEST_CODE and not key[len(each)].isalpha()
    ]
    found = in_any_language[begins[-1]][0].decode() if begins else None
    return parse_language(found)


def _trie(language: str) -> Any:
    """The names of languages, as called in one language (`und`: in any)."""
    names = _names()
    names.name_to_code("language", "", language)
    return names.TRIES[f"{language}/name_to_language"]


def _subtag(kind: str, name: str) -> str | None:
    return _names().name_to_code(kind, name)


def _names() -> Any:
    """The library's module of names, which has no types."""
    return import_module("language_data.names")


@lru_cache(1024)
def language_name(tag: str) -> str:
    """Its name in English, or the tag itself if it has none."""
    import langcodes  # noqa: PLC0415

    return langcodes.Language.get(tag).display_name("en")

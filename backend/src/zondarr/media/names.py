"""The user names and passwords that we accept, whatever the server type.

Stricter than Jellyfin, which accepts 300 characters and a trailing newline. The join
page and the API use the same rule.
"""

import unicodedata

DOTLESS_I = "\N{LATIN SMALL LETTER DOTLESS I}"
MAX_NAME_LENGTH = 64
PUNCTUATION = frozenset("_ .@'+-")
WORD_CATEGORIES = frozenset("LMN")
"""Letters, combining marks and numbers: many scripts need marks in names."""

NAME_PATTERN = r"^(?! )[\p{L}\p{M}\p{N}_ .@'+-]{1,64}(?<! )$"
"""The rule of `is_acceptable_name` in ECMA 262 syntax, for the API document."""


def normal_name(name: str) -> str:
    """The composed form (NFC), in which a name is compared and sent to a server.

    One keyboard types `é` as one character, another as `e` and an accent; servers treat
    these as different names.
    """
    return unicodedata.normalize("NFC", name)


def is_acceptable_name(name: str) -> bool:
    """1 to 64 letters, marks, digits and ` _.@'+-`; no outer space, not only dots."""
    return (
        0 < len(name) <= MAX_NAME_LENGTH
        and all(map(_is_acceptable_character, name))
        and name.strip() == name
        and bool(name.strip("."))
    )


def _is_acceptable_character(character: str) -> bool:
    word = unicodedata.category(character)[0] in WORD_CATEGORIES
    return word or character in PUNCTUATION


def is_blank(text: str) -> bool:
    """Whether it is empty or only white space of any kind.

    Servers treat such a password as no password.
    """
    return not text.strip()


def same_name(one: str, other: str) -> bool:
    """Whether Jellyfin would treat the two names as equal.

    It compares letter by letter in upper case: `zoë ł` equals `Zoë Ł`. A decomposed
    accent makes another name, and so does a change that only upper-casing a whole word
    would make.
    """
    return _upper(one) == _upper(other)


def _upper(name: str) -> str:
    return "".join(_upper_letter(each) for each in name)


def _upper_letter(letter: str) -> str:
    upper = letter.upper()
    return upper if len(upper) == 1 and letter != DOTLESS_I else letter

"""Which user names and passwords we accept, on whatever server.

Stricter than Jellyfin, which takes 300 characters and a newline at the end. The rule is
the same on the join page and in the API, where it is documented.
"""

import unicodedata

DOTLESS_I = "\N{LATIN SMALL LETTER DOTLESS I}"
MAX_NAME_LENGTH = 64
PUNCTUATION = frozenset("_ .@'+-")
WORD_CATEGORIES = frozenset("LMN")
"""Letters, combining marks and numbers: a mark is a part of many scripts' names."""

NAME_PATTERN = r"^(?! )[\p{L}\p{M}\p{N}_ .@'+-]{1,64}(?<! )$"
"""The rule of `is_acceptable_name` as ECMA 262 writes it, for the API's document."""


def normal_name(name: str) -> str:
    """The composed form (NFC), in which a name is compared and sent to a server.

    A name typed on one keyboard as `é` comes from another as `e` and an accent: servers
    take the two for different people.
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
    """Whether there is nothing in it but white space of any kind.

    Servers take such a password for none at all.
    """
    return not text.strip()


def same_name(one: str, other: str) -> bool:
    """Whether a server would take the two names for one, as Jellyfin compares them.

    Letter by letter in upper case: `zoë ł` is `Zoë Ł`, but a decomposed accent makes
    another name, and so does what only a whole word's upper case would make equal.
    """
    return _upper(one) == _upper(other)


def _upper(name: str) -> str:
    return "".join(_upper_letter(each) for each in name)


def _upper_letter(letter: str) -> str:
    upper = letter.upper()
    return upper if len(upper) == 1 and letter != DOTLESS_I else letter

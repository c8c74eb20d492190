"""Which user names we make, on whatever server.

Stricter than Jellyfin, which takes 300 characters and a newline at the end.
"""

import re

DOTLESS_I = "\N{LATIN SMALL LETTER DOTLESS I}"
ALLOWED = re.compile(r"[\w .@'+-]{1,64}")


def is_acceptable_name(name: str) -> bool:
    """1 to 64 letters, digits and ` _.@'+-`; no space at an end, not only dots."""
    return (
        ALLOWED.fullmatch(name) is not None
        and name.strip() == name
        and bool(name.strip("."))
    )


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

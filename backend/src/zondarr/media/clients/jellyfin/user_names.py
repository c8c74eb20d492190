r"""The user names that a Jellyfin version accepts.

Jellyfin's rule is a .NET expression: `^[\w\ \-'._@]+$` in 10.10, and from 10.11 also
`+` and no space at either end. Its OpenAPI document does not mention it; a refused name
is the same empty 400 of CreateUserByName as a taken one (scenario `users_create`). So
the rule is checked here before an account is created.
"""

import re
import unicodedata

WORD_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Nd", "Pc"})
r"""What `\w` matches in .NET: no spacing marks (Mc) and no numbers other than digits.
Beyond the basic plane it sees two surrogates, which are not letters.
"""
LAST_OF_BASIC_PLANE = "\uffff"
PUNCTUATION = frozenset(" -'._@+")
WITHOUT_PLUS = (10, 10)
_VERSION = re.compile(r"(\d+)\.(\d+)")


def depends_on_version(name: str) -> bool:
    """Whether the result depends on the server's version."""
    return "+" in name


def is_accepted(name: str, version: str) -> bool:
    """A version that cannot be parsed counts as a current one."""
    plus_is_refused = "+" in name and _is_up_to(version, WITHOUT_PLUS)
    return not plus_is_refused and all(map(_is_accepted_character, name))


def _is_accepted_character(character: str) -> bool:
    if character in PUNCTUATION:
        return True
    return (
        character <= LAST_OF_BASIC_PLANE
        and unicodedata.category(character) in WORD_CATEGORIES
    )


def _is_up_to(version: str, last: tuple[int, int]) -> bool:
    found = _VERSION.match(version)
    return found is not None and (int(found[1]), int(found[2])) <= last

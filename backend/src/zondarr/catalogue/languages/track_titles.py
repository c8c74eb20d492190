"""Tells commentary and audio description from a track's title.

Servers have no field for them: people name them in the title of the track.
"""

import re
import unicodedata
from functools import lru_cache

_WORDS = re.compile(
    r"""\b(?:
        (?:audio)?comment\w* | comentari\w* | (?:audio)?kommentar\w* | kommentti\w*
      | komentar\w* | комментари\w*
      | audio[ -]?descri\w* | audio[ -]?deskription | audiodeskrypcja | horfilm\w*
      | descriptive | described | visually[ -]impaired | dvs
    )\b""",
    re.VERBOSE,
)
"""Without accents and in lower case."""
_OTHER_SCRIPTS = re.compile("コメンタリー|副音声|评论|評論|코멘터리|화면해설")
_SHORT = re.compile(r"(?:^|[\s(\[-])AD(?:$|[\s)\].,-])")
"""The usual abbreviation, in capitals only."""


@lru_cache(4096)
def is_commentary(title: str | None) -> bool:
    """Whether the track is about the film, or describes it, instead of being it."""
    if not title:
        return False
    letters = unicodedata.normalize("NFKD", title.casefold())
    plain = "".join(each for each in letters if not unicodedata.combining(each))
    return any(
        (
            _WORDS.search(plain),
            _SHORT.search(title),
            _OTHER_SCRIPTS.search(unicodedata.normalize("NFC", title)),
        )
    )

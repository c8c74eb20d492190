"""The names by which items are put in order and searched."""

import re
import unicodedata

from media_server_simulators.jellyfin.values import text
from media_server_simulators.world import Title

WORDS = ("the", "a", "an")
REMOVED = str.maketrans(dict.fromkeys(",&-{}'", ""))
REPLACED = str.maketrans(dict.fromkeys(".+%", " "))
STROKED = str.maketrans("øłđØŁĐ", "oldOLD")  # letters that do not decompose
DIGITS = re.compile(r"\d+")
NO_LETTER = re.compile(r"[^\w\s]|_")


def sort_name(title: Title) -> str:
    """Seasons and episodes by their numbers; compared character by character."""
    recorded = text(title.recorded, "SortName")
    if recorded:
        return recorded
    if title.kind == "Season" and title.index is not None:
        return f"{title.index:04}"
    if title.kind == "Episode":
        season = "" if title.season is None else f"{title.season:03} - "
        number = "" if title.index is None else f"{title.index:04} - "
        return f"{season}{number}{title.name}"
    return plain_sort_name(title.name)


def plain_sort_name(name: str) -> str:
    """Lower case without articles and accents; numbers padded to ten digits."""
    short = name.strip().lower()
    for word in WORDS:
        short = short.removeprefix(f"{word} ")
        short = short.replace(f" {word} ", " ").removesuffix(f" {word}")
    short = short.translate(REMOVED).translate(REPLACED)
    return without_accents(DIGITS.sub(lambda m: m.group().zfill(10), short))


def clean_name(name: str) -> str:
    """What names, genres and tags are compared by."""
    if name.isascii() and name.isalnum():
        return name.lower()
    return " ".join(NO_LETTER.sub(" ", without_accents(name).lower()).split())


def without_accents(text: str) -> str:
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text.translate(STROKED))
    plain = "".join(c for c in apart if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", plain)

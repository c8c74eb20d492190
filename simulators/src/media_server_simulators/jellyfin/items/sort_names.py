"""The names by which items are put in order."""

import re

from media_server_simulators.jellyfin.values import text
from media_server_simulators.world import Title

ARTICLE = re.compile(r"^(the|a|an) ")
REMOVED = str.maketrans(dict.fromkeys(",&-{}'", ""))
REPLACED = str.maketrans(dict.fromkeys(".+%", " "))


def sort_name(title: Title) -> str:
    recorded = text(title.recorded, "SortName")
    if title.kind == "Season":
        return f"{title.index or 0:04} - {title.name.lower()}"
    if title.kind == "Episode":
        return f"{title.season or 0:03} - {title.index or 0:04} - {title.name}".lower()
    return recorded or plain_sort_name(title.name)


def plain_sort_name(name: str) -> str:
    """Lower case without the leading article; numbers padded to ten digits."""
    short = ARTICLE.sub("", name.lower().translate(REMOVED).translate(REPLACED).strip())
    return re.sub(r"\d+", lambda m: m.group().zfill(10), short)

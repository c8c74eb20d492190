"""Ids, dates and names as .NET reads and writes them."""

import re
import secrets
import unicodedata
from datetime import UTC, datetime
from hashlib import md5

from media_server_simulators.wire import Json, JsonObject

NOBODY = "0" * 32
MIN_DATE = "0001-01-01T00:00:00.0000000Z"
GUID = re.compile(
    r"(?:[0-9a-f]{32}|(?P<open>[{(])?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?(open)[})]))",
    re.IGNORECASE,
)


def parse_guid(text: str) -> str | None:
    """32 lower-case digits, from any of the forms Guid.Parse takes; None for others."""
    text = text.strip()
    return re.sub(r"[{}()-]", "", text).lower() if GUID.fullmatch(text) else None


def dashed(guid: str) -> str:
    return "-".join((guid[:8], guid[8:12], guid[12:16], guid[16:20], guid[20:]))


def new_guid() -> str:
    return secrets.token_hex(16)


def hashed_guid(text: str) -> str:
    """Jellyfin derives many ids from a text by MD5."""
    return md5(text.encode("utf-16-le"), usedforsecurity=False).hexdigest()


def stamp(moment: datetime) -> str:
    """Seven digits, cut short when there are milliseconds, as Jellyfin writes dates."""
    fraction = f"{moment.microsecond:06}0"
    if moment.microsecond >= 1000:  # noqa: PLR2004
        fraction = fraction.rstrip("0")
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{fraction}Z"


def upper(name: str) -> str:
    """ToUpperInvariant: one character becomes one, so `ß` stays."""
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in name)


def same_name(one: str, other: str) -> bool:
    return upper(one) == upper(other)


def collation(name: str) -> tuple[str, str, str]:
    """Near to .NET's culture order: punctuation, digits, letters; accents last."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)
    )
    base = "".join(_rank(c) + c for c in plain.casefold())
    return base, unicodedata.normalize("NFKD", name).casefold(), name.swapcase()


def _rank(character: str) -> str:
    if character.isspace():
        return "0"
    if character.isdigit():
        return "2"
    return "3" if character.isalpha() else "1"


def compact(whole: JsonObject) -> JsonObject:
    """Jellyfin leaves nulls out of its answers."""
    return {key: value for key, value in whole.items() if value is not None}


def flag(holder: JsonObject, key: str) -> bool:
    return holder.get(key) is True


def number(holder: JsonObject, key: str, default: int = 0) -> int:
    value = holder.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def text(holder: JsonObject, key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def texts(holder: JsonObject, key: str) -> list[str]:
    value = holder.get(key)
    return [e for e in value if isinstance(e, str)] if isinstance(value, list) else []


def objects(holder: JsonObject, key: str) -> list[JsonObject]:
    value = holder.get(key)
    return [e for e in value if isinstance(e, dict)] if isinstance(value, list) else []


def child(holder: JsonObject, key: str) -> JsonObject:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def listed(values: list[str]) -> list[Json]:
    return list[Json](values)

"""Reads the entries of an import: names and ids of titles, as people write them."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, cast

import msgspec
from msgspec import Struct

from zondarr.catalogue.matching import PROVIDERS
from zondarr.catalogue.models import TitleKind

KINDS = {
    "movie": TitleKind.MOVIE,
    "film": TitleKind.MOVIE,
    "tv": TitleKind.SERIES,
    "show": TitleKind.SERIES,
    "series": TitleKind.SERIES,
}
_TYPED = re.compile(
    rf"(?:(?P<kind>{'|'.join(KINDS)}):)?(?P<provider>{'|'.join(PROVIDERS)}):\s*(?P<id>\S+)",
    re.IGNORECASE,
)
_IMDB = re.compile(r"tt\d{5,12}", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,12}")
_YEAR = re.compile(r"\d{4}")
_WITH_YEAR = re.compile(r"(?P<name>.*\S)\s*\((?P<year>\d{4})\)")


class TitleEntry(Struct, frozen=True, kw_only=True):
    """One entry. With `ids` only they count; `or_id` is a tmdb id that may also be a
    name."""

    written: str
    name: str | None = None
    year: int | None = None
    kind: TitleKind | None = None
    ids: dict[str, str] = {}
    or_id: str | None = None


def read_entries(text: str) -> list[TitleEntry]:
    """One entry per line, or a JSON list; empty lines and those with # do not count."""
    text = text.strip("\ufeff \t\r\n")
    if text.startswith("["):
        try:
            listed: Any = msgspec.json.decode(text)
        except msgspec.DecodeError:
            pass  # A name may begin with a bracket.
        else:
            return list(_from_list(listed))
    lines = (line.strip() for line in text.splitlines())
    return [read_entry(line) for line in lines if line and not line.startswith("#")]


def read_entry(written: str) -> TitleEntry:
    written = written.strip().replace("\0", "")
    typed = _TYPED.fullmatch(written)
    if typed is not None:
        kind = typed["kind"] and KINDS[typed["kind"].lower()]
        ids = {typed["provider"].lower(): typed["id"].lower()}
        return TitleEntry(written=written, kind=kind or None, ids=ids)
    if _IMDB.fullmatch(written):
        return TitleEntry(written=written, ids={"imdb": written.lower()})
    if _NUMBER.fullmatch(written):
        return TitleEntry(written=written, name=written, or_id=written)
    dated = _WITH_YEAR.fullmatch(written)
    if dated is not None:
        name, year = dated["name"], int(dated["year"])
        return TitleEntry(written=written, name=name, year=year)
    return TitleEntry(written=written, name=written)


def _from_list(listed: Sequence[Any]) -> Iterator[TitleEntry]:
    for each in listed:
        if isinstance(each, dict):
            yield _from_object(cast("dict[str, Any]", each))
        else:
            yield read_entry(str(each))


def _from_object(given: dict[str, Any]) -> TitleEntry:
    """Field names in any of the usual spellings: `tmdb`, `tmdb_id`, `tmdbId`."""
    fields = {key.lower().replace("_", ""): value for key, value in given.items()}
    ids = {
        provider: str(value).strip().lower()
        for provider in PROVIDERS
        if (value := fields.get(provider) or fields.get(f"{provider}id"))
    }
    name = fields.get("name") or fields.get("title")
    kind = fields.get("type") or fields.get("mediatype")
    year = str(fields.get("year"))
    return TitleEntry(
        written=msgspec.json.encode(given).decode(),
        name=None if name is None else str(name).replace("\0", ""),
        year=int(year) if _YEAR.fullmatch(year) else None,
        kind=KINDS.get(str(kind).lower()),
        ids=ids,
    )

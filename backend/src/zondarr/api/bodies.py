"""Decodes request bodies into Structs: strictly, and reporting every wrong field.

Litestar itself decodes leniently ("12" would pass for 12) and stops at the first wrong
field.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast, override

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException

from zondarr.core.exceptions import InvalidError, Problem

_PLACE = re.compile(r"^(?P<what>.*) - at `\$\.?(?P<where>.*)`$", re.DOTALL)
_NAMED = re.compile(r"Object (?:missing required|contains unknown) field `(.*)`")
_INDEX = re.compile(r"\[(\d+|\.\.\.)\]")
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_NOT_JSON = "The body is not valid JSON."
_WRONG = "The request is not valid."
_NUL = Problem("must not contain the character NUL", "wrong_format")
_CODES = (
    ("is required", "required"),
    ("is not known", "unknown_field"),
    ("does not have the expected form", "wrong_format"),
    ("invalid enum value", "not_a_choice"),
    ("invalid ", "wrong_format"),
    ("of length >=", "too_short"),
    ("of length <=", "too_long"),
    (">", "too_small"),
    ("<", "too_large"),
    ("expected ", "wrong_type"),
)
"""Parts of the messages below, more specific ones first."""


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON body is decoded into the type the route declares."""

    @override
    async def json(self) -> Any:
        body = await self.body()
        kind, _options = self.content_type
        if kind != "application/json":
            raise HTTPException(status_code=415)
        field = self.route_handler.parsed_data_field
        shape: Any = Any if field is None else field.annotation
        return decode(body, shape)


def decode(body: bytes, shape: Any) -> Any:
    """The body as `shape`; raises `InvalidError` with every wrong field."""
    try:
        decoded = msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise InvalidError(_WRONG, **_problems(body, shape, error)) from error
    except _UNREADABLE as error:
        raise InvalidError(_NOT_JSON) from error
    if b"\\u0000" in body:
        _refuse_nul(body)
    return decoded


def _refuse_nul(body: bytes) -> None:
    """PostgreSQL cannot store this character in a text."""
    with_nul = dict.fromkeys(_places_of_nul(msgspec.json.decode(body), ""), _NUL)
    if with_nul:
        raise InvalidError(_WRONG, **with_nul)


def _places_of_nul(value: object, place: str) -> Iterator[str]:
    if isinstance(value, str):
        if "\0" in value:
            yield place or "body"
    elif isinstance(value, Mapping):
        for name, inner in cast("Mapping[str, object]", value).items():
            # Such a field name is unknown to Structs; a free mapping is checked here.
            yield from [place or "body"] if "\0" in name else []
            yield from _places_of_nul(inner, f"{place}.{name}".removeprefix("."))
    elif isinstance(value, Sequence):
        for inner in cast("Sequence[object]", value):
            yield from _places_of_nul(inner, place)


def _problems(
    body: bytes, shape: Any, error: msgspec.ValidationError
) -> dict[str, str]:
    """All wrong fields if each can be checked separately, else the first one."""
    try:
        raw = msgspec.json.decode(body)
    except _UNREADABLE:
        raw = None
    if not isinstance(raw, dict) or not _is_struct(shape):
        return dict([_named(error)])
    given = cast("dict[str, Any]", raw)
    found = dict(_wrong_fields(given, cast("type[msgspec.Struct]", shape)))
    return found or dict([_named(error)])


def _is_struct(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, msgspec.Struct)


def _wrong_fields(
    given: dict[str, Any], shape: type[msgspec.Struct]
) -> Iterator[tuple[str, str]]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    if shape.__struct_config__.forbid_unknown_fields:
        unknown = Problem("is not known", "unknown_field")
        yield from ((name, unknown) for name in given if name not in fields)
    for name, field in fields.items():
        if name not in given:
            if field.required:
                yield name, Problem("is required", "required")
            continue
        try:
            msgspec.convert(given[name], field.type)
        except msgspec.ValidationError as error:
            inner, message = _named(error, within=name)
            yield inner, message


def _named(error: msgspec.ValidationError, *, within: str = "") -> tuple[str, str]:
    text, where = str(error), ""
    if found := _PLACE.match(text):
        text, where = found["what"], _INDEX.sub(r".\1", found["where"])
    field, message = plain(text)
    place = ".".join(part for part in (within, where.strip("."), field) if part)
    return place or "body", message


def plain(text: str, /) -> tuple[str, Problem]:
    """A msgspec message in our words: the field, if it names one, and what
    is wrong.
    """
    field, sentence = _in_our_words(text)
    found = (code for part, code in _CODES if part in sentence)
    return field, Problem(sentence, next(found, "invalid"))


def _in_our_words(text: str) -> tuple[str, str]:
    if found := _NAMED.search(text):
        return found[1], "is required" if "missing" in text else "is not known"
    if "matching regex" in text:
        return "", "does not have the expected form"
    text = text.partition(" - at ")[0].replace("`", "")
    return "", text[:1].lower() + text[1:]

"""Lists that leave something out: the fault `shrunken`."""

import json
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element, ParseError, fromstring, tostring

from media_server_simulators.wire import Json, JsonObject, Reply

COUNTS = ("size", "totalSize", "TotalRecordCount")
TOTAL_HEADER = "X-Plex-Container-Total-Size"


def shrunken(reply: Reply, left: int | str) -> Reply:
    """Only the first `left` entries of a list, or only those that do not name `left`.

    An entry names a text when any value in it is this text. What holds no list stays.
    """
    try:
        value: Json = json.loads(reply.body)
    except ValueError:
        return _shrunken_xml(reply, left)
    return _with_body(reply, json.dumps(_shrink(value, left), ensure_ascii=False))


def _shrink(value: Json, left: int | str) -> Json:
    if isinstance(value, list):
        return _kept(value, left)
    if not isinstance(value, dict):
        return value
    made: JsonObject = dict(value)
    for name, inner in value.items():
        if isinstance(inner, list) and all(isinstance(each, dict) for each in inner):
            made |= _counts(value, len(inner) - len(_kept(inner, left)))
            made[name] = _kept(inner, left)
        elif name == "MediaContainer":
            made[name] = _shrink(inner, left)
    return made


def _counts(holder: JsonObject, fewer: int) -> JsonObject:
    counts: JsonObject = {}
    for name in COUNTS:
        count = holder.get(name)
        if isinstance(count, int):
            counts[name] = max(count - fewer, 0)
    return counts


def _kept(entries: list[Json], left: int | str) -> list[Json]:
    if isinstance(left, int):
        return entries[:left]
    return [each for each in entries if left not in _texts(each)]


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    else:
        yield str(value)


def _shrunken_xml(reply: Reply, left: int | str) -> Reply:
    try:
        root = fromstring(reply.body)  # noqa: S314  # made by this simulator
    except ParseError:
        return reply
    entries = list(root)
    kept = entries[:left] if isinstance(left, int) else _unnamed(entries, left)
    for each in entries:
        if each not in kept:
            root.remove(each)
    for name in COUNTS:
        if root.get(name, "").isdigit():
            root.set(
                name, str(max(int(root.get(name, "0")) - len(entries), 0) + len(kept))
            )
    return _with_body(reply, tostring(root, "unicode"))


def _unnamed(entries: list[Element], text: str) -> list[Element]:
    return [
        entry
        for entry in entries
        if not any(text in part.attrib.values() for part in entry.iter())
    ]


def _with_body(reply: Reply, body: str) -> Reply:
    headers = tuple(each for each in reply.headers if each[0] != TOTAL_HEADER)
    return replace(reply, body=body.encode(), headers=headers)

"""One response in the two formats of Plex: XML, and JSON on request."""

import json
from xml.etree.ElementTree import Element, SubElement, tostring

from media_server_simulators.wire import Json, JsonObject, Reply, Request

XML = ("Content-Type", "application/xml; charset=utf-8")
JSON = ("Content-Type", "application/json; charset=utf-8")
HTML = ("Content-Type", "text/html")
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
SINGULAR = {
    "libraries": "library",
    "features": "feature",
    "entitlements": "entitlement",
    "roles": "role",
}


def wants_json(request: Request) -> bool:
    return "json" in (request.header("accept") or "").lower()


def json_body(value: Json, status: int = 200) -> Reply:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Reply(status, body, (JSON,))


def xml_body(element: Element, status: int = 200) -> Reply:
    return Reply(status, HEAD + tostring(element), (XML,))


def html_body(status: int, title: str) -> Reply:
    text = f"<html><head><title>{title}</title></head>"
    text += f"<body><h1>{status} {title}</h1></body></html>"
    return Reply(status, text.encode(), (HTML,))


def element(tag: str, attributes: JsonObject, *children: Element) -> Element:
    """Attributes as both write them: 1 and 0 for yes and no, nothing for null."""
    made = Element(tag, {name: text_of(v) for name, v in attributes.items()})
    made.extend(children)
    return made


def text_of(value: Json) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)


def tree(tag: str, value: Json) -> Element:
    """A v2 document as XML: lists in a wrapper, each entry in the singular."""
    if isinstance(value, list):
        made = Element(tag)
        made.extend(tree(SINGULAR.get(tag, tag.removesuffix("s")), e) for e in value)
        return made
    if not isinstance(value, dict):
        return Element(tag, {"id": text_of(value)})
    made = Element(tag)
    for name, each in value.items():
        if isinstance(each, (dict, list)):
            made.append(tree(name, each))
        else:
            made.set(name, text_of(each))
    return made


def container(request: Request, holder: JsonObject) -> Reply:
    """A media server's answer: a MediaContainer with lists of elements in it."""
    if wants_json(request):
        return json_body({"MediaContainer": holder})
    made = Element("MediaContainer")
    _fill(made, holder)
    return Reply(200, HEAD + tostring(made), (("Content-Type", "text/xml"),))


def _fill(made: Element, holder: JsonObject) -> None:
    for name, value in holder.items():
        if isinstance(value, list):
            for each in value:
                if isinstance(each, dict):
                    _fill(SubElement(made, _tag(name, each)), each)
        elif not isinstance(value, dict):
            made.set(name, text_of(value))


def _tag(name: str, entry: JsonObject) -> str:
    """JSON calls every title Metadata; XML has Video for films and episodes."""
    if name != "Metadata":
        return name
    return "Video" if entry.get("type") in {"movie", "episode"} else "Directory"

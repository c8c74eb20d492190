"""The ways in which plex.tv and a media server refuse."""

from media_server_simulators.plex.rendering import (
    element,
    html_body,
    json_body,
    wants_json,
    xml_body,
)
from media_server_simulators.wire import JsonObject, Reply, Request


class Refusal(Exception):  # noqa: N818
    """Ends a handler with this answer; what it did before stays done."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def refused(request: Request, status: int, code: int, message: str) -> Refusal:
    """The errors of v2, as JSON or XML."""
    result: JsonObject = {"code": code, "message": message, "status": status}
    if wants_json(request):
        return Refusal(json_body({"errors": [result]}, status))
    return Refusal(xml_body(element("errors", {}, element("error", result)), status))


def sentence(status: int, text: str) -> Refusal:
    """The errors of v1: one sentence, always XML."""
    result: JsonObject = {"code": status, "status": text}
    return Refusal(xml_body(element("Response", result), status))


def page(status: int, title: str) -> Refusal:
    """A media server's refusal: a page."""
    return Refusal(html_body(status, title))

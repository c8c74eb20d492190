"""The kinds of refusal an ASP.NET server has, and the body of each."""

import json
import secrets
from collections.abc import Mapping, Sequence

from media_server_simulators.wire import Json, JsonObject, Reply

JSON_TYPE = "application/json; charset=utf-8"
TITLES = {
    400: ("Bad Request", "15.5.1"),
    403: ("Forbidden", "15.5.4"),
    404: ("Not Found", "15.5.5"),
    409: ("Conflict", "15.5.10"),
    415: ("Unsupported Media Type", "15.5.16"),
}


class Refusal(Exception):  # noqa: N818
    """Ends a handler with this answer; what it did before stays done."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def json_body(value: Json, status: int = 200) -> Reply:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    headers = (("Content-Type", JSON_TYPE), ("Vary", "Accept-Encoding"))
    return Reply(status, body, headers, chunked=True)


def problem(status: int, errors: Mapping[str, Sequence[str]] | None = None) -> Refusal:
    """ProblemDetails, as the framework makes them for NotFound() and invalid models."""
    title, section = TITLES[status]
    body: JsonObject = {
        "type": f"https://tools.ietf.org/html/rfc9110#section-{section}",
        "title": "One or more validation errors occurred." if errors else title,
        "status": status,
    }
    if errors:
        body["errors"] = {name: list[Json](texts) for name, texts in errors.items()}
    body["traceId"] = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"
    return Refusal(json_body(body, status))


def exception_error(status: int) -> Refusal:
    """An exception that reached the server's handler: a sentence without a reason."""
    plain = (("Content-Type", "text/plain"),)
    return Refusal(Reply(status, b"Error processing request.", plain, chunked=True))


def text_error(status: int, sentence: str) -> Refusal:
    """A controller's own refusal: a JSON string."""
    return Refusal(json_body(sentence, status))


def empty_error(status: int) -> Refusal:
    return Refusal(Reply(status))


def bad_argument() -> Refusal:
    return exception_error(400)


def not_found() -> Refusal:
    return problem(404)

"""How Seerr refuses: four shapes of body, all of them JSON."""

import json

from media_server_simulators.wire import Json, Reply

JSON_TYPE = ("Content-Type", "application/json; charset=utf-8")


class Refusal(Exception):  # noqa: N818
    """An answer that ends the handling of a request."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


def json_body(value: Json, status: int = 200) -> Reply:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Reply(status, body.encode(), (JSON_TYPE,))


def message(status: int, text: str, errors: Json = None) -> Refusal:
    """What a handler refuses with."""
    body: Json = {"message": text}
    if errors is not None:
        body["errors"] = errors
    return Refusal(json_body(body, status))


def about_path(status: int, text: str, path: str) -> Refusal:
    """What the request validator says of a path or of a missing key."""
    return message(status, text, [{"path": path, "message": text}])


def forbidden() -> Refusal:
    """A wrong key, a bad cookie, or a right that the caller lacks."""
    sentence = "You do not have permission to access this endpoint"
    return Refusal(json_body({"status": 403, "error": sentence}, 403))


def no_key(path: str) -> Refusal:
    return about_path(401, "cookie 'connect.sid' required", path)

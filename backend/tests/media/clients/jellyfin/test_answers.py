"""What an answer means, kind by kind of body."""

import pytest

from zondarr.media.clients.jellyfin.answers import classify
from zondarr.media.exceptions import ErrorKind
from zondarr.media.transport import ClientResponse

TEXT = ("text/plain", b"Error processing request.")
EMPTY = ("", b"")
STRING = ("application/json", b'"User not found"')
PROBLEM = ("application/json", b'{"title": "Not Found", "status": 404, "traceId": "x"}')
HTML = ("text/html", b"<html>Sign in</html>")
FOREIGN = ("application/json", b'{"detail": "Not Found"}')


@pytest.mark.parametrize(
    ("status", "sent", "kind", "code"),
    [
        (401, EMPTY, ErrorKind.UNAUTHORIZED, "api_key_rejected"),
        (401, TEXT, ErrorKind.REFUSED, "wrong_password"),
        (401, STRING, ErrorKind.REFUSED, "not_permitted"),
        (401, HTML, ErrorKind.REFUSED, "blocked_by_proxy"),
        (403, EMPTY, ErrorKind.UNAUTHORIZED, "api_key_not_administrator"),
        (403, STRING, ErrorKind.REFUSED, "not_permitted"),
        (403, TEXT, ErrorKind.REFUSED, "not_permitted"),
        (403, HTML, ErrorKind.REFUSED, "blocked_by_proxy"),
        (404, STRING, ErrorKind.GONE, None),
        (404, PROBLEM, ErrorKind.GONE, None),
        (404, EMPTY, ErrorKind.NOT_THIS_TYPE, None),
        (404, TEXT, ErrorKind.NOT_THIS_TYPE, None),
        (404, HTML, ErrorKind.NOT_THIS_TYPE, None),
        (404, FOREIGN, ErrorKind.NOT_THIS_TYPE, None),
        (400, TEXT, ErrorKind.INVALID, None),
        (400, PROBLEM, ErrorKind.INVALID, None),
        (400, HTML, ErrorKind.FAILED, "server_error"),
        (200, HTML, ErrorKind.NOT_THIS_TYPE, None),
        (302, EMPTY, ErrorKind.NOT_THIS_TYPE, "redirected"),
        (429, EMPTY, ErrorKind.BUSY, None),
        (500, TEXT, ErrorKind.FAILED, "server_error"),
        (502, HTML, ErrorKind.UNREACHABLE, None),
        (503, HTML, ErrorKind.STARTING, None),
        (503, EMPTY, ErrorKind.STARTING, None),
        (504, HTML, ErrorKind.UNREACHABLE, "server_timeout"),
        (599, EMPTY, ErrorKind.FAILED, "server_error"),
    ],
)
def test_status_and_kind_of_body_decide(
    status: int, sent: tuple[str, bytes], kind: ErrorKind, code: str | None
) -> None:
    media_type, body = sent
    response = ClientResponse(status=status, media_type=media_type, body=body)
    assert classify(response) == (kind, code)

"""Errors state their meaning, and contain no secrets."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zondarr.media.exceptions import STATUS, ErrorKind, MediaClientError, public_url

SECRET = "s3cr3t-key"


@given(
    st.text(),
    st.text(),
    st.sampled_from(ErrorKind),
    st.none() | st.text(min_size=1),
    st.none() | st.floats(min_value=0, allow_infinity=False, allow_nan=False),
    st.booleans(),
)
def test_a_failure_survives_being_stored_without_its_cause(
    operation: str,
    url: str,
    kind: ErrorKind,
    code: str | None,
    after: float | None,
    in_doubt: bool,
) -> None:
    error = MediaClientError(
        operation,
        url,
        kind,
        code,
        ValueError(SECRET),
        retry_after=after,
        in_doubt=in_doubt,
    )
    stored = pickle.dumps(error)
    again: MediaClientError = pickle.loads(stored)  # noqa: S301 — our own bytes
    assert SECRET.encode() not in stored
    assert (again.operation, again.server_url) == (operation, error.server_url)
    assert (again.kind, again.error_code) == (kind, code or kind.value)
    assert (again.retry_after, again.in_doubt) == (after, in_doubt)
    assert again.status == STATUS[kind] == error.status
    assert str(again) == str(error)


def test_the_message_of_a_failure_has_no_address_and_no_cause() -> None:
    error = MediaClientError(
        "create_user", "http://media.example:8096", cause=ValueError(SECRET)
    )
    assert "media.example" not in str(error)
    assert SECRET not in str(error) + repr(error)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://[::1]:8096", "http://[::1]:8096"),
        ("http://me:secret@media.example/base/?k=1#x", "http://media.example/base"),
        ("https://media.example:8920/", "https://media.example:8920"),
        ("http://[::1", "(no address)"),
        ("http://media.example:99999", "(no address)"),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(url: str, shown: str) -> None:
    assert public_url(url) == shown


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (ErrorKind.UNAUTHORIZED, 400),
        (ErrorKind.NOT_THIS_TYPE, 400),
        (ErrorKind.INVALID, 400),
        (ErrorKind.TAKEN, 409),
        (ErrorKind.REFUSED, 409),
        (ErrorKind.GONE, 404),
        (ErrorKind.UNREACHABLE, 504),
        (ErrorKind.STARTING, 504),
        (ErrorKind.BUSY, 504),
        (ErrorKind.FAILED, 502),
    ],
)
def test_each_kind_has_its_status(kind: ErrorKind, status: int) -> None:
    assert MediaClientError("test", "http://media.example", kind).status == status

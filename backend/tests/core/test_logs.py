"""What is written to the log, and what never is."""

import json
import logging
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError, OperationalError

from zondarr.core.logs import describe_exception, without_secrets

type Logs = Callable[[], list[dict[str, Any]]]

SECRET = st.text(
    alphabet="abcdefghijkmnpqrstuvwxyz0123456789", min_size=12, max_size=40
)
NAMES = st.sampled_from(
    (
        "password",
        "api_key",
        "apiKey",
        "X-Api-Key-token",
        "Authorization",
        "session_cookie",
        "SECRET_KEY",
        "csrf_token",
        "totp",
        "Idempotency-Key",
    )
)


@given(name=NAMES, secret=SECRET, depth=st.integers(0, 3))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_value_under_a_secret_name_is_never_written(
    logs: Logs, name: str, secret: str, depth: int
) -> None:
    value: Any = {name: secret}
    for _ in range(depth):
        value = {"inner": [value]}
    before = len(logs())
    structlog.get_logger("test").warning("something", **value)
    [line] = logs()[before:]
    assert secret not in json.dumps(line)


@given(secret=SECRET)
@pytest.mark.parametrize(
    "text",
    [
        "GET /x?api_key={} failed",
        'header "Token={}"',
        "Authorization: Bearer {}",
        "postgresql://zondarr:{}@db/zondarr",
        "{{'password': '{}'}}",
    ],
)
def test_secrets_in_a_text_are_taken_out(text: str, secret: str) -> None:
    assert secret not in without_secrets(text.format(secret))


def test_other_text_stays_as_it_is() -> None:
    text = "the token was wrong: 3 of 5, see http://host/path?page=2"
    assert without_secrets(text) == text


def test_a_flag_under_a_secret_name_is_no_secret(logs: Logs) -> None:
    structlog.get_logger("test").info("stored", api_key_set=True, token_count=3)
    assert (logs()[-1]["api_key_set"], logs()[-1]["token_count"]) == (True, 3)


def raised(error: Exception) -> Exception:
    hidden_local = "hunter2"
    try:
        if hidden_local:
            _raise(error)
    except Exception as caught:  # noqa: BLE001
        return caught
    return error


def _raise(error: Exception) -> NoReturn:
    raise error


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT 'hunter2'", {"key": "hunter2"}, Exception("locked")),
        IntegrityError(
            "INSERT INTO t",
            ["hunter2"],
            Exception("duplicate key\nDETAIL: Key (code)=(hunter2) exists"),
        ),
        ValueError("wrong\nhunter2 stands in the second line"),
        ExceptionGroup("several", [ValueError("password=hunter2")]),
    ],
)
def test_an_exception_is_told_without_parameters_and_locals(error: Exception) -> None:
    text = describe_exception(raised(error))
    assert "hunter2" not in text
    assert "test_logs.py" in text
    assert "in raised" in text


def test_causes_are_told_each_once_even_in_a_circle() -> None:
    inner, outer = raised(KeyError("inner")), raised(ValueError("outer"))
    outer.__cause__, inner.__context__ = inner, outer
    text = describe_exception(outer)
    assert text.count("ValueError: outer") == 1
    assert text.count("KeyError: 'inner'") == 1


def test_lines_of_libraries_go_the_same_way(logs: Logs) -> None:
    with structlog.contextvars.bound_contextvars(correlation_id="r-7"):
        logging.getLogger("dbos").error("connecting with password=%s", "hunter2")
        failure = raised(OSError("disk"))
        logging.getLogger("_granian").error("failed", exc_info=failure)
    first, second = logs()[-2:]
    assert (first["logger"], first["correlation_id"]) == ("dbos", "r-7")
    assert "hunter2" not in json.dumps(first)
    assert "OSError: disk" in second["exception"]

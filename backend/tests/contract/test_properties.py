"""Which test holds which of the properties that were agreed upon.

 1  For any set of optional variables, those given have their value and the rest their
    documented default.
 2  For any missing or invalid variable, loading fails with an error that names it, and
    shows no secret.
 3  Any entity's response body survives JSON and back, ids as strings, times as ISO, no
    key in it.
 4  Any failing client call raises `MediaClientError` with operation, server and cause.
 5  Any registered type gives its own client.
 6  Any other raises `UnknownServerTypeError`, from every method.
 7  The registry is one.
 8  For any entity, on both databases: created, read, changed, deleted, gone.
 9  Any database error leaves a repository as `RepositoryError` with its cause.
10  A server is stored if and only if it was proven.
11  An invitation is usable if and only if it is enabled, not expired and not used up,
    and the reason given is the first that fails.
12  For any state of the dependencies, the three health routes answer accordingly.
13  For any exception, with secrets and paths in its text, the answer is safe and the
    log has the same reference.
14  For any data, up, down and up again on both databases keeps what the lower schema
    can hold.
"""

import importlib
from typing import Any

import pytest

HELD_BY = {
    1: ["test_config:test_what_is_given_is_taken_and_the_rest_has_its_default"],
    2: [
        "test_config:test_what_is_wrong_is_named_and_not_shown",
        "test_config:test_a_key_that_is_missing_is_named",
    ],
    3: ["contract.test_bodies:test_any_body_survives_json_and_back"],
    4: [
        "media.clients.jellyfin.test_any_behaviour"
        ":test_every_failure_is_one_of_ours_with_operation_server_and_cause"
    ],
    5: ["media.test_registry:test_any_registered_type_gives_its_own_client"],
    6: ["media.test_registry:test_any_other_type_is_unknown_to_every_method"],
    7: ["media.test_registry:test_the_registry_is_one"],
    8: ["contract.test_entities:test_any_row_is_created_read_changed_deleted_and_gone"],
    9: [
        "contract.test_entities"
        ":test_any_error_of_the_database_leaves_a_repository_as_one_of_ours"
    ],
    10: ["servers.test_proof:test_a_server_is_stored_if_and_only_if_it_was_proven"],
    11: [
        "invitations.test_rules:test_it_is_usable_exactly_when_no_limit_is_reached",
        "invitations.test_rules:test_the_reason_is_the_first_limit_that_is_reached",
    ],
    12: ["api.test_health:test_the_three_routes_answer_as_the_dependencies_are"],
    13: [
        "api.test_errors:test_whatever_is_raised_the_answer_is_safe_and_the_log_has_its"
        "_reference"
    ],
    14: [
        "architecture.test_history"
        ":test_down_and_up_again_keeps_what_the_lower_schema_can_hold"
    ],
}


@pytest.mark.parametrize("number", HELD_BY)
def test_each_property_is_held_with_at_least_a_hundred_examples(number: int) -> None:
    for place in HELD_BY[number]:
        module, _, name = place.partition(":")
        held: Any = getattr(importlib.import_module(f"tests.{module}"), name)
        assert held.is_hypothesis_test
        assert examples_of(held) >= 100


def examples_of(test: Any) -> int:
    """As its settings say; those of Hypothesis itself where it has none."""
    return getattr(test, "_hypothesis_internal_use_settings").max_examples  # noqa: B009


def test_all_fourteen_are_held() -> None:
    assert list(HELD_BY) == list(range(1, 15))

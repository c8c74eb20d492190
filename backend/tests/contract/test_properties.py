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

And of Plex:

P1  Entered and left any number of times, a client works inside and refuses outside.
P2  For any behaviour of the server, `test_connection` is true exactly when it is
    reachable and admits us, and never raises.
P3  Any sections become libraries with their key, title and type.
P4  For any e-mail, a new friend comes back with its identifier and the asked libraries
    in the one request sent.
P5  The same for a Home user, by plex.tv id.
P6  Friend with e-mail, Home, friend without e-mail: the right request, or
    `email_required` and none.
P7  Deleting, P8 library access, P9 permissions: true if there, false if not, raise on
    any other failure; empty libraries mean none; `can_download` is `allowSync`.
P10 Any friends, pending invites and Home users are each listed once.
P11 Any PIN answer gives id, code, URL, expiry.
P12 An authenticated PIN gives the e-mail, an open one does not; an expired or unknown
    one gives `expired`; plex.tv out of order is a 502; an account without e-mail is
    `email_missing`.
P13 For any failing server among any number, all that this redemption made is gone and
    nothing else is touched.
P14 Any Plex error carries operation, server and cause.
"""

import importlib
from typing import Any

import pytest

ACCOUNTS = "media.clients.plex.test_accounts"
BEHAVIOUR = "media.clients.plex.test_any_behaviour"
PINS = "media.clients.plex.test_pins"
HTTP = "invitations.test_plex_sign_in_http"

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
    10: [
        "servers.test_verification:test_a_server_is_stored_if_and_only_if_it_was_proven"
    ],
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
HELD_OF_PLEX = {
    1: [f"{BEHAVIOUR}:test_a_client_works_inside_its_context_and_refuses_outside"],
    2: [
        f"{BEHAVIOUR}"
        ":test_the_connection_is_good_exactly_when_server_and_plex_tv_admit_us"
    ],
    3: [f"{ACCOUNTS}:test_any_sections_become_libraries_with_key_title_and_type"],
    4: [
        f"{ACCOUNTS}"
        ":test_a_new_friend_gets_exactly_his_libraries_in_the_one_request_sent"
    ],
    5: [
        f"{ACCOUNTS}"
        ":test_a_home_user_gets_exactly_his_libraries_in_the_one_request_sent"
    ],
    6: [f"{ACCOUNTS}:test_who_is_to_be_made_decides_the_request_or_that_there_is_none"],
    7: [f"{ACCOUNTS}:test_deleting_is_true_if_he_was_there_and_false_if_not"],
    8: [f"{ACCOUNTS}:test_libraries_become_exactly_those_and_none_means_none"],
    9: [f"{ACCOUNTS}:test_downloads_are_allow_sync_and_libraries_stay"],
    10: [
        f"{ACCOUNTS}:test_friends_pending_invites_and_home_users_are_each_listed_once"
    ],
    11: [
        f"{PINS}:test_any_pin_has_an_id_a_code_an_address_and_an_expiry",
        f"{HTTP}:test_any_pin_answer_gives_id_code_url_and_expiry",
    ],
    12: [
        f"{PINS}:test_a_pin_tells_who_approved_it_or_why_nobody_did",
        f"{HTTP}:test_any_poll_tells_what_became_of_the_pin",
    ],
    13: [
        "invitations.test_undo"
        ":test_for_any_failing_server_all_of_it_is_gone_and_nothing_else_touched"
    ],
    14: [
        f"{BEHAVIOUR}:test_every_failure_is_one_of_ours_with_operation_server_and_cause"
    ],
}
ALL = [
    pytest.param(places, id=f"{kind}{number}")
    for kind, held in (("", HELD_BY), ("P", HELD_OF_PLEX))
    for number, places in held.items()
]


@pytest.mark.parametrize("places", ALL)
def test_each_property_is_held_with_at_least_a_hundred_examples(
    places: list[str],
) -> None:
    for place in places:
        module, _, name = place.partition(":")
        held: Any = getattr(importlib.import_module(f"tests.{module}"), name)
        assert held.is_hypothesis_test
        assert examples_of(held) >= 100


def examples_of(test: Any) -> int:
    """As its settings say; those of Hypothesis itself where it has none."""
    return getattr(test, "_hypothesis_internal_use_settings").max_examples  # noqa: B009


def test_all_fourteen_of_each_are_held() -> None:
    assert list(HELD_BY) == list(HELD_OF_PLEX) == list(range(1, 15))

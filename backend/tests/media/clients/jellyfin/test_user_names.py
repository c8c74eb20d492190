"""Jellyfin's own rule for names, which a version at a time is laxer."""

import pytest

from zondarr.media.clients.jellyfin.user_names import depends_on_version, is_accepted


@pytest.mark.parametrize(
    ("name", "in_10_10", "since"),
    [
        ("ann", True, True),
        ("ต้น", True, True),
        ("Jose\N{COMBINING ACUTE ACCENT}", True, True),
        ("a+b", False, True),
        ("नीता", False, False),
        ("H²", False, False),
        ("\N{MATHEMATICAL BOLD SMALL A}nn", False, False),
    ],
)
def test_a_name_is_accepted_as_the_version_does(
    name: str, in_10_10: bool, since: bool
) -> None:
    assert is_accepted(name, "10.10.7") is in_10_10
    assert is_accepted(name, "10.11.11") is since
    assert is_accepted(name, "12.0.0") is since
    assert is_accepted(name, "of tomorrow") is since
    assert depends_on_version(name) is (in_10_10 is not since)

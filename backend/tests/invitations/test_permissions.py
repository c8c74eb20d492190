"""What may be asked for beside the libraries: bounded, and fit to be sent on."""

import msgspec
import pytest

from zondarr.invitations.schemas import GuestPermissions
from zondarr.media.types import Permissions


def read(body: dict[str, object]) -> GuestPermissions:
    return msgspec.convert(body, GuestPermissions)


def test_what_is_left_out_is_what_a_guest_has_anyway() -> None:
    kept = msgspec.to_builtins(read({}))
    assert msgspec.convert(kept, Permissions) == Permissions()


def test_ratings_and_labels_are_kept_as_they_are_said() -> None:
    sent = {"allowed_ratings": ["PG-13", "de/12"], "allowed_labels": ["Kids & Family"]}
    kept = msgspec.convert(msgspec.to_builtins(read({**sent})), Permissions)
    assert kept.allowed_ratings == ("PG-13", "de/12")
    assert kept.allowed_labels == ("Kids & Family",)


@pytest.mark.parametrize("field", ["allowed_ratings", "allowed_labels"])
@pytest.mark.parametrize(
    "tags",
    [["x"] * 51, ["x" * 101], [""], ["a,b"], ["a|b"], [" a"], ["a "], ["a\n"], [1]],
)
def test_what_plex_could_not_tell_apart_is_refused(
    field: str, tags: list[object]
) -> None:
    with pytest.raises(msgspec.ValidationError):
        read({field: tags})

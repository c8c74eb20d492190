"""What an invitation names and cannot give."""

from typing import Any
from uuid import uuid7

import msgspec
import pytest

from zondarr.invitations.grants import Offer, gaps_of
from zondarr.invitations.join_schemas import JoinPage
from zondarr.invitations.models import Invitation
from zondarr.media.types import Permissions, PlexUserType, ServerType
from zondarr.servers.models import MediaServer


def invitation(server_type: ServerType, **permissions: Any) -> Invitation:
    server = MediaServer(
        id=uuid7(), name="Attic", server_type=server_type, enabled=True
    )
    return Invitation(
        servers=[server],
        libraries=[],
        all_libraries=True,
        permissions=msgspec.to_builtins(Permissions(**permissions)),
        plex_user_type=PlexUserType.FRIEND,
    )


@pytest.mark.parametrize(
    ("server_type", "permissions", "named"),
    [
        (ServerType.JELLYFIN, {"allowed_ratings": ("PG",)}, ["allowed_ratings"]),
        (ServerType.JELLYFIN, {"max_sessions": 2, "can_download": True}, []),
        (ServerType.PLEX, {"max_sessions": 2}, ["max_sessions"]),
        (ServerType.PLEX, {"can_transcode": False}, ["can_transcode"]),
        (ServerType.PLEX, {"allowed_ratings": ("PG",)}, []),
        (ServerType.PLEX, {}, []),
    ],
)
def test_a_permission_that_the_server_cannot_keep_is_a_gap_for_operator_and_guest(
    server_type: ServerType, permissions: dict[str, Any], named: list[str]
) -> None:
    made = invitation(server_type, **permissions)
    found = [one for one in gaps_of(made, []) if one.permission]
    assert [one.permission for one in found] == named
    assert {one.name for one in found} == ({"Attic"} if named else set())
    page = JoinPage.of(Offer(made, []))
    assert [one.permission for one in page.gaps] == named

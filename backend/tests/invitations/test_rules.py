"""When an invitation can be used."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zondarr.core.exceptions import GoneError
from zondarr.invitations.models import Invitation
from zondarr.invitations.rules import InvitationStatus, status_of, why_unusable

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(days=-400), timedelta(days=400)).map(
    lambda apart: NOW + apart
)


@st.composite
def invitations(draw: st.DrawFn) -> Invitation:
    return Invitation(
        code="MOVIE-NIGHT",
        enabled=draw(st.booleans()),
        expires_at=draw(st.none() | st.just(NOW) | MOMENTS),
        max_uses=draw(st.none() | st.integers(1, 5)),
        use_count=draw(st.integers(0, 6)),
    )


@given(invitations())
def test_it_is_usable_exactly_when_no_limit_is_reached(invitation: Invitation) -> None:
    expired = invitation.expires_at is not None and invitation.expires_at <= NOW
    used_up = (
        invitation.max_uses is not None and invitation.use_count >= invitation.max_uses
    )
    usable = invitation.enabled and not expired and not used_up
    assert (why_unusable(invitation, NOW) is None) == usable
    assert (status_of(invitation, NOW) is InvitationStatus.ACTIVE) == usable


@given(invitations())
def test_the_reason_is_the_first_limit_that_is_reached(invitation: Invitation) -> None:
    reached = [
        ("invitation_disabled", not invitation.enabled),
        (
            "invitation_expired",
            invitation.expires_at is not None and invitation.expires_at <= NOW,
        ),
        (
            "invitation_exhausted",
            invitation.max_uses is not None
            and invitation.use_count >= invitation.max_uses,
        ),
    ]
    reason = why_unusable(invitation, NOW)
    first = next((code for code, is_reached in reached if is_reached), None)
    assert (reason.error_code if isinstance(reason, GoneError) else None) == first

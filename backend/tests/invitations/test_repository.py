"""Questions about invitations, on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.invitations.conftest import Invite

from zondarr.core.database import Database
from zondarr.core.exceptions import DuplicateError
from zondarr.core.repository import PageRequest
from zondarr.invitations.models import Invitation, Redemption, RedemptionStatus
from zondarr.invitations.repository import InvitationRepository, RedemptionRepository
from zondarr.invitations.rules import InvitationStatus, status_of

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAYS_AROUND = st.integers(-2, 2).map(lambda days: NOW + timedelta(days=days))


@pytest.mark.parametrize(("requests", "uses"), [(50, 1), (200, 20)])
async def test_no_more_uses_are_taken_at_once_than_there_are(
    database: Database, invite: Invite, requests: int, uses: int
) -> None:
    invitation = await invite(max_uses=uses)

    async def claim() -> bool:
        async with database.scoped(invitation.workspace_id) as session:
            repository = InvitationRepository(session)
            return await repository.increment_use_count(invitation.id, now=NOW)

    taken = await asyncio.gather(*(claim() for _ in range(requests)))
    assert sum(taken) == uses
    async with database.scoped(invitation.workspace_id) as session:
        found = await InvitationRepository(session).get_by_id(invitation.id)
    assert found is not None
    assert found.use_count == uses


@given(
    limits=st.fixed_dictionaries(
        {
            "enabled": st.booleans(),
            "expires_at": st.none() | DAYS_AROUND,
            "max_uses": st.none() | st.integers(1, 3),
            "use_count": st.integers(0, 3),
        }
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_database_and_the_rules_agree(
    database: Database, invite: Invite, limits: dict[str, object]
) -> None:
    invitation = await invite(**limits)
    async with database.scoped(invitation.workspace_id) as session:
        repository = InvitationRepository(session)
        found = [
            status
            for status in InvitationStatus
            if (
                await repository.find(
                    PageRequest(), q=None, status=status, server_id=None, now=NOW
                )
            ).items
        ]
        claimed = await repository.increment_use_count(invitation.id, now=NOW)
        await session.delete(await session.get_one(Invitation, invitation.id))
    assert found == [status_of(invitation, NOW)]
    assert claimed == (found == [InvitationStatus.ACTIVE])


async def test_a_code_is_one_installations_not_one_workspaces(
    database: Database, invite: Invite, stranger: UUID
) -> None:
    await invite("SAME-CODE")
    with pytest.raises(DuplicateError):
        async with database.scoped(stranger) as session:
            await InvitationRepository(session).create(Invitation(code="SAME-CODE"))


async def test_another_workspace_sees_and_takes_nothing(
    database: Database, invite: Invite, stranger: UUID
) -> None:
    invitation = await invite()
    async with database.scoped(stranger) as session:
        repository = InvitationRepository(session)
        assert await repository.get_by_id(invitation.id) is None
        assert await repository.get_by_code(invitation.code) is None
        assert not await repository.increment_use_count(invitation.id, now=NOW)
        assert not await repository.disable(invitation.id)


async def test_redemptions_of_all_invitations_are_found_by_how_they_ended(
    database: Database, invite: Invite, stranger: UUID
) -> None:
    invitations = [await invite("FIRST-ONE"), await invite("SECOND-ONE")]
    async with database.scoped(invitations[0].workspace_id) as session:
        for invitation in invitations:
            session.add_all(
                Redemption(
                    invitation_id=invitation.id,
                    status=status,
                    guest_name=f"{invitation.code} {status}",
                )
                for status in RedemptionStatus
            )

    async def found(
        workspace_id: UUID, *statuses: RedemptionStatus
    ) -> tuple[set[str], int]:
        async with database.scoped(workspace_id) as session:
            repository = RedemptionRepository(session)
            page = await repository.find(PageRequest(), statuses=statuses)
            return {one.guest_name for one in page.items}, page.total

    home = invitations[0].workspace_id
    assert await found(home, RedemptionStatus.FAILED, RedemptionStatus.UNDONE) == (
        {
            "FIRST-ONE failed",
            "FIRST-ONE undone",
            "SECOND-ONE failed",
            "SECOND-ONE undone",
        },
        4,
    )
    assert (await found(home))[1] == 2 * len(RedemptionStatus)
    assert await found(stranger) == (set(), 0)

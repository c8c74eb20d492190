"""Errors of invitations, with messages that guests may read.

NotFoundError           InvitationNotFoundError       invitation_not_found GoneError
InvitationDisabledError       invitation_disabled
                        InvitationExpiredError        invitation_expired
                        InvitationExhaustedError      invitation_exhausted
                        WithdrawnError                (never leaves the workflow)
ConflictError           CodeTakenError                code_taken
                        NothingToGiveError            nothing_to_give
                        UsernameTakenError            username_taken
                        IdempotencyConflictError      idempotency_conflict
                        RedemptionRunningError        redemption_running
                        RedemptionEndedError          redemption_ended
"""

from uuid import UUID

from zondarr.core.exceptions import ConflictError, GoneError, NotFoundError


class InvitationNotFoundError(NotFoundError):
    code = "invitation_not_found"

    def __init__(self, code: str) -> None:
        super().__init__("Invitation", code)


class WithdrawnError(NotFoundError):
    """The redemption was ended, or its server removed, while an account was being
    created.
    """

    def __init__(self, id: UUID) -> None:
        super().__init__("Provisioning", id)


class InvitationDisabledError(GoneError):
    code = "invitation_disabled"


class InvitationExpiredError(GoneError):
    code = "invitation_expired"


class InvitationExhaustedError(GoneError):
    code = "invitation_exhausted"


class CodeTakenError(ConflictError):
    code = "code_taken"


class NothingToGiveError(ConflictError):
    """All its servers are disabled, or all its libraries are gone."""

    code = "nothing_to_give"


class UsernameTakenError(ConflictError):
    code = "username_taken"


class IdempotencyConflictError(ConflictError):
    code = "idempotency_conflict"


class RedemptionRunningError(ConflictError):
    code = "redemption_running"


class RedemptionEndedError(ConflictError):
    """The redemption has ended already."""

    code = "redemption_ended"

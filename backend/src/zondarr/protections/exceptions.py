"""Errors of protections.

ConflictError    ProtectedAlreadyError    409 already_protected
"""

from uuid import UUID

from zondarr.core.exceptions import ConflictError


class ProtectedAlreadyError(ConflictError):
    """An active protection of the same scope from the same insight exists."""

    code = "already_protected"

    def __init__(self, existing_id: UUID | None) -> None:
        super().__init__("This is protected already. Change that protection instead.")
        self.existing_id = existing_id

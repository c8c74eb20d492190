"""Errors of Plex accounts.

InvalidError     SignInNeededError     plex_sign_in_needed ZondarrError
PlexTvFailedError     its own status and code
"""

from typing import override

from zondarr.core.exceptions import InvalidError, ZondarrError
from zondarr.media.exceptions import MediaClientError


class SignInNeededError(InvalidError):
    """The PIN was not approved, it expired, or plex.tv does not accept its token any
    more.
    """

    code = "plex_sign_in_needed"

    def __init__(self) -> None:
        problem = "is not signed in, or not any more"
        super().__init__("Sign in with Plex again.", plex_pin_id=problem)


class PlexTvFailedError(ZondarrError):
    """plex.tv failed. Status and code are the failure's own."""

    def __init__(self, error: MediaClientError) -> None:
        super().__init__(f"plex.tv: {error}")
        self._error = error
        # Other errors have their class's status; here it differs per instance.
        self.status = error.status  # pyright: ignore[reportAttributeAccessIssue]

    @property
    @override
    def error_code(self) -> str:
        return self._error.error_code

    @property
    @override
    def retry_after(self) -> float | None:
        return self._error.retry_after

"""Errors of catalogue syncs.

ConflictError    NoServersError           no_servers ZondarrError     CatalogueSyncError
502, the code of what failed
                 LibraryShrunkenError     502 library_shrunken
"""

from collections.abc import Sequence
from typing import override

from zondarr.core.exceptions import ConflictError, ZondarrError


class NoServersError(ConflictError):
    code = "no_servers"


class NothingToConfirmError(ConflictError):
    """The run did not stop for a confirmation."""

    code = "nothing_to_confirm"


class CatalogueSyncError(ZondarrError):
    """A step failed. The text names the server, the step, and what to do."""

    status = 502

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self._error_code = code

    @property
    @override
    def error_code(self) -> str:
        return self._error_code


class LibraryShrunkenError(ZondarrError):
    """Libraries lack so many titles that their lists may be wrong: the sync left them
    unchanged and needs a confirmation.
    """

    code = "library_shrunken"
    status = 502

    def __init__(self, server: str, libraries: Sequence[str]) -> None:
        super().__init__(
            f"{server}: more than a fifth of the titles of {', '.join(libraries)} are"
            " gone. What is known of them was left as it is. If that is right, confirm"
            " this run; if it is not, look at the server and sync again."
        )

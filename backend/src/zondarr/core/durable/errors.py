"""Errors of durable work."""

from typing import override

from zondarr.core.exceptions import ZondarrError


class StepFailedError(ZondarrError):
    """A step raised, after its retries; also raised on replay.

    `error_code` and the text are those of a `ZondarrError`; of any other exception only
    the class is stored, since its text may contain secrets. `__cause__` is the
    exception itself, but only in the process where the step ran.
    """

    def __init__(self, step: str, error_code: str, text: str) -> None:
        super().__init__(text)
        self.step = step
        self._error_code = error_code

    @property
    @override
    def error_code(self) -> str:
        return self._error_code


class WorkStoppedError(ZondarrError):
    """Durable work was called before its start or after its end."""


class WorkCancelledError(ZondarrError):
    """Somebody ended the run while it was worked on."""

    code = "cancelled"

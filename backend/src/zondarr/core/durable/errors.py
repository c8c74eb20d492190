"""What can go wrong with durable work."""

from typing import override

from zondarr.core.exceptions import ZondarrError


class StepFailedError(ZondarrError):
    """A step raised, also after its retries; the same when it is replayed.

    `error_code` and the text are those of a `ZondarrError`; of any other exception only
    the class is kept, since its text may hold what must not be stored. `__cause__` is
    the exception itself, but only where the step ran.
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
    """Durable work was asked for before it began or after it ended."""

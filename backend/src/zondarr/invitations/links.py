"""The link that a guest opens."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Links:
    """Links to the UI, below the public address."""

    base_url: str

    def join(self, code: str) -> str:
        return f"{self.base_url}/join/{code}"

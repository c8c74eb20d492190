"""The address a guest opens."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Links:
    """Links into the UI, below the address that people reach us at."""

    base_url: str

    def join(self, code: str) -> str:
        return f"{self.base_url}/join/{code}"

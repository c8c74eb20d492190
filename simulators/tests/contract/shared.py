"""What lies beside the project in development and CI, and is not part of it."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3].parent / "shared"


def beside(name: str) -> Path:
    """A file or folder of `../shared`; the test is skipped where there is none."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"../shared/{name} is not beside the project")
    return path

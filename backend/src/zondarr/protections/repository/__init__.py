"""Queries about protections, and the criteria that rules are built from."""

from zondarr.protections.repository.criteria import (
    exempt,
    exempt_parts,
    language_overrides,
    overridden_titles,
    quiets,
)
from zondarr.protections.repository.protections import ProtectionRepository

__all__ = [
    "ProtectionRepository",
    "exempt",
    "exempt_parts",
    "language_overrides",
    "overridden_titles",
    "quiets",
]

"""Queries about protections, and the criteria that rules are built from."""

from zondarr.protections.repository.criteria import (
    exempt,
    exempt_parts,
    language_overrides,
    overridden_titles,
    quiets,
)
from zondarr.protections.repository.filters import ProtectionFilter
from zondarr.protections.repository.protections import ProtectionRepository
from zondarr.protections.repository.requests import quieting_requests
from zondarr.protections.repository.targets import TargetRepository

__all__ = [
    "ProtectionFilter",
    "ProtectionRepository",
    "TargetRepository",
    "exempt",
    "exempt_parts",
    "language_overrides",
    "overridden_titles",
    "quieting_requests",
    "quiets",
]

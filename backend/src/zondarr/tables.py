"""The index of all tables: whoever imports it knows the whole schema."""

from zondarr.accounts.models import (
    Account,
    AccountSession,
    Installation,
    RateLimit,
    Workspace,
)
from zondarr.core.models import Base

__all__ = [
    "Account",
    "AccountSession",
    "Base",
    "Installation",
    "RateLimit",
    "Workspace",
]

"""The index of all tables: whoever imports it knows the whole schema."""

from zondarr.core.models import Base

__all__ = ["Base"]

"""The running program with its servers, as for the catalogue."""

from tests.catalogue.conftest import cinema

__all__ = ["cinema"]

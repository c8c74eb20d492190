"""Clients that wait for nothing."""

from tests.simulated import registry

__all__ = ["registry"]

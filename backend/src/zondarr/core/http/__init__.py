"""Outgoing HTTP: the client, and the network it goes through."""

from zondarr.core.http.client import (
    AnswerTooLargeError,
    outgoing_client,
    read_bounded,
)
from zondarr.core.http.network import ForbiddenAddressError, is_public

__all__ = [
    "AnswerTooLargeError",
    "ForbiddenAddressError",
    "is_public",
    "outgoing_client",
    "read_bounded",
]

"""What requests need from features above them; the container passes it in."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID

from zondarr.core.database import Session
from zondarr.requests.schemas import RequestProtection

type RequestTitles = Mapping[UUID, UUID | None]
"""Requests, and their titles in our catalogue."""
type ProtectionsOf = Callable[
    [Session, RequestTitles, datetime], Awaitable[Mapping[UUID, RequestProtection]]
]
"""The active protection that keeps each of these requests from the stuck ones."""

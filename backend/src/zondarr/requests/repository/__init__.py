"""Queries about requests, and their states in SQL."""

from zondarr.requests.repository.requests import (
    DEFAULT_SORT,
    SORTS,
    Listed,
    RequestFilter,
    RequestRepository,
    RequestRow,
)
from zondarr.requests.repository.state_sql import joined
from zondarr.requests.repository.watched import WatchedRepository

__all__ = [
    "DEFAULT_SORT",
    "SORTS",
    "Listed",
    "RequestFilter",
    "RequestRepository",
    "RequestRow",
    "WatchedRepository",
    "joined",
]

"""Queries about requests, and their states in SQL."""

from zondarr.requests.repository.requests import (
    DEFAULT_SORT,
    EVERYWHERE,
    SORTS,
    Listed,
    Place,
    RequestFilter,
    RequestRepository,
    RequestRow,
)
from zondarr.requests.repository.state_sql import joined
from zondarr.requests.repository.watched import WatchedRepository

__all__ = [
    "DEFAULT_SORT",
    "EVERYWHERE",
    "SORTS",
    "Listed",
    "Place",
    "RequestFilter",
    "RequestRepository",
    "RequestRow",
    "WatchedRepository",
    "joined",
]

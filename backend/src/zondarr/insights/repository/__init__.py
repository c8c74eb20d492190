"""The SQL of insights.

findings    the lists: which titles a rule finds, how many, how large
accounts    the accounts, and when each was read last
protected   which kinds of protection are active
sizes       the sizes of films and seasons
summary     numbers and bytes, also by library
revision    whether anything changed since
facts       what the reasons of the titles on a page need
"""

from zondarr.insights.repository.accounts import AccountRepository
from zondarr.insights.repository.facts import FactRepository, ServerState
from zondarr.insights.repository.findings import (
    Amount,
    FindingFilter,
    FindingRepository,
)
from zondarr.insights.repository.protected import active_kinds
from zondarr.insights.repository.revision import Revision, read_revision
from zondarr.insights.repository.summary import SummaryRepository

__all__ = [
    "AccountRepository",
    "Amount",
    "FactRepository",
    "FindingFilter",
    "FindingRepository",
    "Revision",
    "ServerState",
    "SummaryRepository",
    "active_kinds",
    "read_revision",
]

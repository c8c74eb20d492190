"""The SQL of insights.

findings    the lists: which titles a rule finds, how many, how large
facts       what the reasons of the titles on a page need
"""

from zondarr.insights.repository.facts import FactRepository
from zondarr.insights.repository.findings import FindingFilter, FindingRepository

__all__ = ["FactRepository", "FindingFilter", "FindingRepository"]

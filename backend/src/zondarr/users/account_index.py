"""Finds our accounts in a server's list."""

from collections.abc import Sequence

from zondarr.media.types import ExternalUser
from zondarr.users.models import User
from zondarr.users.rules import is_provisional


class AccountIndex:
    """All accounts of one server, from one response."""

    def __init__(self, accounts: Sequence[ExternalUser]) -> None:
        self.accounts = accounts
        self._by_id = {one.id: one for one in accounts}
        self._by_share = {one.share_id: one for one in accounts if one.share_id}
        self._by_address = {one.email.lower(): one for one in accounts if one.email}

    def find(self, user: User) -> ExternalUser | None:
        """Find by id, then by share, then by address: an account that was invited by
        address may have got an id since.
        """
        found = self._by_id.get(user.external_user_id)
        if found is not None or not is_provisional(user.external_user_id):
            return found
        by_share = self._by_share.get(user.share_id or "")
        return by_share or self._by_address.get(user.external_user_id.lower())

"""What the features above do when something happens to a server.

Users and invitations are floors above, so their functions are handed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from zondarr.servers.identity import OnReplacement
from zondarr.servers.impact import BeforeRemoval, ImpactProvider
from zondarr.servers.sync import ReconcileAccounts


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerHooks:
    reconcile_accounts: ReconcileAccounts
    impact_providers: Sequence[ImpactProvider] = ()
    before_removal: Sequence[BeforeRemoval] = ()
    on_replacement: Sequence[OnReplacement] = ()

"""Functions of higher layers that run when something happens to a server.

Users and invitations are layers above, so their functions are passed in.
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

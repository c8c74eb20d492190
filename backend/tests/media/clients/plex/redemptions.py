"""Redemptions of a Plex server as durable work carries them out and crashes interrupt
them: what is stored survives, everything else is lost."""

from dataclasses import dataclass
from enum import StrEnum

import msgspec
from media_server_simulators.plex.state import Account, Share
from tests.media.clients.plex.conftest import Plex
from tests.media.mortal import Death, Mortal

from zondarr.media.clients.plex.client import PlexClient
from zondarr.media.connections import HostStates
from zondarr.media.types import AccountPlan, AccountRequest, Permissions, PlexUserType

EMAIL = "guest@example.org"
NAME = "New Guest"
RIGHTS = Permissions(can_download=True, allowed_ratings=("G", "PG"))


class Way(StrEnum):
    """How the guest comes in."""

    MAIL = "mail"
    SIGN_IN = "sign_in"
    HOME = "home"


def client_of(plex: Plex, death: Death | None = None) -> PlexClient:
    """One life of ours: nothing is remembered of an earlier one."""
    options = plex.states.options
    if death is not None:
        options = msgspec.structs.replace(options, transport=lambda: Mortal(death))
    return plex.client_with(plex.tv.owner_token, HostStates(options))


@dataclass
class Redemption:
    """What is written down of it."""

    way: Way
    library_ids: tuple[str, ...]
    account: Account | None = None
    plan: AccountPlan | None = None
    user_id: str | None = None

    async def provision(self, client: PlexClient) -> None:
        at_home = self.way is Way.HOME
        number = str(self.account.id) if self.account else None
        if self.plan is None:
            self.plan = await client.plan_account(
                AccountRequest(
                    username=NAME,
                    email=None if at_home else EMAIL,
                    library_ids=self.library_ids,
                    permissions=RIGHTS,
                    plex_user_type=PlexUserType.HOME
                    if at_home
                    else PlexUserType.FRIEND,
                    plex_id=number if self.way is Way.SIGN_IN else None,
                )
            )
        if self.user_id is None:
            self.user_id = (await client.open_account(self.plan)).id
        await client.finish_account(self.plan, self.user_id, self._secret())

    async def undo(self, client: PlexClient) -> None:
        if self.plan is not None:
            await client.discard_account(self.plan, self.user_id)

    def _secret(self) -> str:
        if self.way is Way.SIGN_IN and self.account is not None:
            return self.account.token
        return "1234" if self.way is Way.HOME else ""

    def is_complete(self, plex: Plex) -> bool:
        shares = list(plex.world.shares.values())
        members = list(plex.world.home_of(plex.world.owner))
        if len(shares) != 1 or not is_exact(plex, shares[0], self.library_ids):
            return False
        pinned = [each.home_pin for each in members] == ["1234"]
        inside = {
            Way.MAIL: shares[0].is_pending and not members,
            Way.SIGN_IN: shares[0].is_live and not members,
            Way.HOME: shares[0].is_live and pinned,
        }
        return inside[self.way]


def is_exact(plex: Plex, share: Share, library_ids: tuple[str, ...]) -> bool:
    """Nobody sees more at any moment, or may do more."""
    chosen = plex.server.server.chosen(share.section_ids)
    text = "contentRating=G%2CPG"
    message = (share.sharing.filter_movies, share.sharing.filter_television)
    return (
        sorted(each.key for each in chosen) == sorted(library_ids)
        and share.sharing.allow_sync is True
        and message == (text, text)
    )


def is_nothing(plex: Plex) -> bool:
    return not plex.world.shares and not list(plex.world.home_of(plex.world.owner))


def redemption_of(plex: Plex, way: Way) -> Redemption:
    account = plex.world.register("Guest", EMAIL) if way is Way.SIGN_IN else None
    return Redemption(way, tuple(plex.keys[:2]), account)

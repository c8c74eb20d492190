"""A redemption as the durable work carries it out, and as a crash interrupts it.

What is stored survives; everything else is lost. A step is repeated until it succeeds,
or the redemption turns to undoing and never back.
"""

from copy import deepcopy
from dataclasses import dataclass, field

from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.jellyfin.state import User

from zondarr.media.clients.jellyfin.client import JellyfinClient
from zondarr.media.types import AccountPlan, AccountRequest, Permissions

NAME = "new guest"
PASSWORD = "Guest-Passw0rd"
RIGHTS = Permissions(can_download=True)


@dataclass
class Redemption:
    """What is written down of it."""

    library_ids: tuple[str, ...]
    plan: AccountPlan | None = None
    user_id: str | None = None

    async def provision(self, client: JellyfinClient) -> None:
        if self.plan is None:
            self.plan = await client.plan_account(
                AccountRequest(
                    username=NAME, library_ids=self.library_ids, permissions=RIGHTS
                )
            )
        if self.user_id is None:
            self.user_id = (await client.open_account(self.plan)).id
        await client.finish_account(self.plan, self.user_id, PASSWORD)

    async def undo(self, client: JellyfinClient) -> None:
        if self.plan is not None:
            await client.discard_account(self.plan, self.user_id)


@dataclass
class Others:
    """Everybody who was there before, to see that nobody touched them."""

    simulator: JellyfinSimulator
    users: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.users = deepcopy(self.simulator.state.users)

    def are_untouched(self) -> bool:
        now = self.simulator.state.users
        return all(now.get(user.id) == user for user in self.users.values())

    def are_all(self) -> bool:
        return self.simulator.state.users.keys() == self.users.keys()


def guests(simulator: JellyfinSimulator, others: Others) -> list[User]:
    """The accounts that came after the others."""
    now = simulator.state.users.values()
    return [user for user in now if user.id not in others.users]


def is_complete(user: User, library_ids: tuple[str, ...]) -> bool:
    policy = user.policy
    return (
        _password_opens(user)
        and policy["IsDisabled"] is False
        and policy["EnableAllFolders"] is False
        and policy["EnabledFolders"] == sorted(library_ids)
        and policy["EnableContentDownloading"] is True
        and policy["EnableLiveTvAccess"] is False
    )


def is_harmless(user: User, library_ids: tuple[str, ...]) -> bool:
    """Whether at this moment nobody can enter with more than was meant."""
    enters = _password_opens(user) and user.policy["IsDisabled"] is False
    return user.secret is not None and (not enters or is_complete(user, library_ids))


def _password_opens(user: User) -> bool:
    return user.secret is not None and user.secret.matches(PASSWORD)

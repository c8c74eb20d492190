"""What a simulated server has of an account."""

from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.jellyfin.state import User


def account(simulator: JellyfinSimulator, name: str) -> User | None:
    named = (user for user in simulator.state.users.values() if user.name == name)
    return next(named, None)


def is_let_in(simulator: JellyfinSimulator, name: str) -> bool:
    user = account(simulator, name)
    return user is not None and not user.policy["IsDisabled"]


def promote(simulator: JellyfinSimulator, name: str) -> None:
    user = account(simulator, name)
    assert user is not None
    user.policy["IsAdministrator"] = True

"""What the join page needs for each way of getting an account.

Which fields it asks for, whether a name can be taken, and which secret the account
uses. The clients declare which server type has which method.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

from zondarr.core.crypto import Keyring, place_of
from zondarr.invitations.models import Redemption
from zondarr.media.registry import ClientRegistry
from zondarr.media.server_types import JoinMethod
from zondarr.media.types import PlexUserType, ServerType

NAMED = frozenset({JoinMethod.ACCOUNT, JoinMethod.PLEX_HOME})
"""The methods with a name that the guest chooses, and that may be taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestNeeds:
    """What a guest must enter. The PIN of a Plex Home is optional; a guest who does not
    sign in with Plex enters an e-mail address and is invited there.
    """

    username: bool
    password: bool
    email: bool
    plex_sign_in: bool
    plex_home_pin: bool

    @classmethod
    def of(cls, methods: Collection[JoinMethod]) -> Self:
        return cls(
            username=not NAMED.isdisjoint(methods),
            password=JoinMethod.ACCOUNT in methods,
            email=False,
            plex_sign_in=JoinMethod.PLEX_FRIEND in methods,
            plex_home_pin=JoinMethod.PLEX_HOME in methods,
        )


SECRETS: Mapping[JoinMethod, str] = {
    JoinMethod.ACCOUNT: "guest_password",
    JoinMethod.PLEX_FRIEND: "guest_plex_token",
    JoinMethod.PLEX_HOME: "guest_home_pin",
}
"""The redemption's column that holds the secret of each method."""


def join_method_of(
    server_type: ServerType | str, plex_user_type: PlexUserType
) -> JoinMethod:
    return ClientRegistry().get_info(server_type).join_methods[plex_user_type]


def keep_secret(
    keyring: Keyring,
    redemption: Redemption,
    method: JoinMethod,
    secret: str | None,
) -> None:
    """Seal the guest's secret into the row, if there is one."""
    if secret:
        column = SECRETS[method]
        place = place_of("redemptions", column, redemption.id)
        setattr(redemption, column, keyring.seal(secret, place=place))


def secret_of(keyring: Keyring, redemption: Redemption, method: JoinMethod) -> str:
    """The guest's secret; empty if it is optional and was left out.

    Raises `SealError` for a password that was erased, or sealed with a lost key.
    """
    column = SECRETS[method]
    sealed: str | None = getattr(redemption, column)
    if sealed is None and method is not JoinMethod.ACCOUNT:
        return ""
    place = place_of("redemptions", column, redemption.id)
    return keyring.open(sealed or "", place=place)

"""What every media server can be asked, whatever its type.

An account is made in one call or in steps:

- `create_user` is for a caller who waits: the account exists with exactly the rights
  that were meant, or not at all.
- A redemption must survive being killed between any two requests, so it takes the
  steps itself and writes down what it knows in between:

      plan = await client.plan_account(...)              store it, sealed
      made = await client.open_account(plan)             store made.id
      user = await client.finish_account(plan, made.id, secret)

  and on failure `await client.discard_account(plan, made.id or None)`.

  Each step may be repeated, also after it was done, and by two processes at once.
  `made.id` must be stored before `finish_account` is called: until then a fresh
  account proves itself ours by the provisional password; afterwards by its id alone.
"""

from collections.abc import Sequence
from types import TracebackType
from typing import ClassVar, Protocol, Self

from zondarr.media.connections import HostStates
from zondarr.media.server_types import ServerTypeInfo
from zondarr.media.types import (
    GUEST_PERMISSIONS,
    AccessSnapshot,
    AccountPlan,
    AccountRequest,
    Capability,
    ExternalUser,
    LibraryInfo,
    Permissions,
    PlexUserType,
    Presence,
    ServerConnection,
    ServerInfo,
)


class MediaClient(Protocol):
    """One server, for the time of an `async with`.

    Every method fails with `MediaClientError` and nothing else; outside the context
    too. Those that answer a bool say true when it is done and read back, and false
    when there is no such user or (with a warning in the log) the type cannot do it.
    """

    def __init__(self, server: ServerConnection, states: HostStates, /) -> None: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None: ...

    INFO: ClassVar[ServerTypeInfo]
    """What is true of every server of this type."""

    @classmethod
    def capabilities(cls) -> frozenset[Capability]:
        """What this type of server can do at all."""
        ...

    @classmethod
    async def recognises(cls, url: str, states: HostStates, /) -> bool:
        """Is the server at `url` of this type? Raises when nothing answers there."""
        ...

    @classmethod
    def guest_url(cls, url: str, states: HostStates, /) -> str:
        """Where a guest of the server at `url` goes to watch, in his browser."""
        ...

    async def test_connection(self) -> bool:
        """True when it is a server of this type and the key has the rights we need.

        Never raises. `server_info` is the same question with the reason.
        """
        ...

    async def server_info(self) -> ServerInfo:
        """Who the server is, once it is proven that the key may manage it."""
        ...

    async def check_identity(self) -> None:
        """Raise kind `replaced` where another server answers than the stored one.

        Does nothing while no identity is stored.
        """
        ...

    async def get_libraries(self) -> list[LibraryInfo]:
        """All its libraries. May be empty on a server without any."""
        ...

    async def list_users(self) -> list[ExternalUser]:
        """All its accounts, each once. An empty list is a failure where one must be."""
        ...

    async def create_user(  # noqa: PLR0913 — others rely on this interface
        self,
        username: str,
        password: str,
        email: str | None = None,
        *,
        library_ids: Sequence[str] = (),
        permissions: Permissions = GUEST_PERMISSIONS,
        plex_user_type: PlexUserType = PlexUserType.FRIEND,
        plex_id: str | None = None,
    ) -> ExternalUser:
        """Make the account of such an `AccountRequest` with exactly these rights, or
        none at all.

        Codes: `username_taken`, `user_already_exists`, `email_required`,
        `invalid_username`, `password_required`, `library_unknown`, `home_full`.
        """
        ...

    async def plan_account(self, request: AccountRequest, /) -> AccountPlan:
        """Check that the account can be made, and note what exists already. Changes
        nothing; raises `username_taken` and the other codes of `create_user`.
        """
        ...

    async def open_account(self, plan: AccountPlan, /) -> ExternalUser:
        """Make the account, or find it again if an earlier try of this plan made it.

        Raises kind `taken` when the name is not provably ours: another's; or ours, if
        a second runner of the same plan has gone on to finish meanwhile, so look
        whether an id was stored before believing it. After any other failure
        something of the plan may be there.
        """
        ...

    async def finish_account(
        self, plan: AccountPlan, external_user_id: str, secret: str, /
    ) -> ExternalUser:
        """Give the account its exact rights and the guest's secret, read both back,
        then let him in. Raises kind `gone` when it was removed meanwhile.

        `secret` is what the guest comes in with: a password; of a Plex Home user a PIN
        or nothing; of a Plex friend his own token, with which the share is accepted
        for him, or nothing, which leaves his `standing` pending.
        """
        ...

    async def discard_account(
        self, plan: AccountPlan, external_user_id: str | None, /
    ) -> bool:
        """Take back what this plan did, and only that; false if there was nothing.

        An account without a stored id is removed only if it proves to be ours, an
        administrator never. Raises while the server cannot be asked: try again later.
        """
        ...

    async def account_presence(self, external_user_id: str) -> Presence:
        """Whether the server has the account, or nothing can be concluded.

        The methods below conclude nothing from a doubtful answer either: where the
        account is missing in one, they raise (kind `failed`, codes `answer_doubtful`
        and `server_replaced`), so their false means that it was seen to be gone.
        """
        ...

    async def delete_user(self, external_user_id: str) -> bool:
        """Remove the account. An administrator is refused."""
        ...

    async def set_user_enabled(self, external_user_id: str, enabled: bool) -> bool:
        """Let the account in, or keep it out. Disabling an administrator is refused."""
        ...

    async def set_library_access(
        self, external_user_id: str, library_ids: Sequence[str]
    ) -> bool:
        """Exactly these libraries; none of them means none. `library_unknown`, and
        nothing changed, where the server lacks one of them."""
        ...

    async def update_permissions(
        self, external_user_id: str, permissions: Permissions
    ) -> bool:
        """Exactly these rights; libraries stay as they are."""
        ...

    async def set_password(self, external_user_id: str, password: str) -> bool:
        """Set a new password, which ends the account's sessions. Never an empty one."""
        ...

    async def snapshot_access(self, external_user_id: str) -> AccessSnapshot | None:
        """What the account may see and do now, for `restore_access`; None if nothing.

        This and the next two are for types that cannot disable an account.
        """
        ...

    async def revoke_access(
        self, external_user_id: str, keep: AccessSnapshot | None = None
    ) -> bool:
        """Take away all it may see and do, or all but what it had before us. False if
        there was nothing: asked again, too."""
        ...

    async def restore_access(
        self, external_user_id: str, remembered: AccessSnapshot
    ) -> bool:
        """Give back exactly what was remembered; asked again, nothing more. What
        somebody gave it by hand meanwhile stays. Code `libraries_missing`: none of the
        libraries is there any more.
        """
        ...

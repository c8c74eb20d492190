"""The interface of every media client, whatever the server type.

An account is created in one call or in steps:

- `create_user` is for a caller who waits: the account exists with exactly the wanted
permissions, or not at all.
- A redemption must survive a crash between any two requests, so it calls the steps
itself and stores the state in between:

      plan = await client.plan_account(...)              store it, sealed
      made = await client.open_account(plan)             store made.id
      user = await client.finish_account(plan, made.id, secret)

and on failure `await client.discard_account(plan, made.id or None)`.

Each step may be repeated, also after it succeeded, and by two processes at once.
`made.id` must be stored before `finish_account` is called: until then the provisional
password proves that the account is ours; afterwards only its id does.
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
    """One server, for the duration of an `async with`.

    Methods raise `MediaClientError` and nothing else, also outside the context. Those
    that return a bool return true when the change is done and verified, and false when
    there is no such user or (with a warning in the log) the server type does not
    support it.
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
        """What this type of server supports."""
        ...

    @classmethod
    async def recognises(cls, url: str, states: HostStates, /) -> bool:
        """Whether the server at `url` is of this type. Raises if nothing responds
        there.
        """
        ...

    @classmethod
    def guest_url(cls, url: str, states: HostStates, /) -> str:
        """The address where a guest of the server at `url` watches, in a browser."""
        ...

    async def test_connection(self) -> bool:
        """True if it is a server of this type and the key has the needed permissions.

        Never raises. `server_info` makes the same checks and raises the reason.
        """
        ...

    async def server_info(self) -> ServerInfo:
        """The server's identity, after verifying that the key may manage it."""
        ...

    async def check_identity(self) -> None:
        """Raise kind `replaced` if another server responds than the stored one.

        Does nothing while no identity is stored.
        """
        ...

    async def get_libraries(self) -> list[LibraryInfo]:
        """All libraries. May be empty."""
        ...

    async def list_users(self) -> list[ExternalUser]:
        """All accounts, each once. An empty list raises where there must be one."""
        ...

    async def create_user(  # noqa: PLR0913 — external callers rely on this signature
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
        """Create the account with exactly these permissions, or none at all.

        Codes: `username_taken`, `user_already_exists`, `email_required`,
        `invalid_username`, `password_required`, `library_unknown`, `home_full`.
        """
        ...

    async def plan_account(self, request: AccountRequest, /) -> AccountPlan:
        """Check that the account can be created, and record what exists already.

        Changes nothing; raises `username_taken` and the other codes of `create_user`.
        """
        ...

    async def open_account(self, plan: AccountPlan, /) -> ExternalUser:
        """Create the account, or find it if an earlier attempt of this plan created it.

        Raises kind `taken` when the name is not provably ours: it is another person's,
        or a second runner of the same plan has gone on to `finish_account` meanwhile,
        so check whether an id was stored before believing it. After any other error an
        account of the plan may exist.
        """
        ...

    async def finish_account(
        self, plan: AccountPlan, external_user_id: str, secret: str, /
    ) -> ExternalUser:
        """Set the exact permissions and the guest's secret, read both back, then
        enable.

        Raises kind `gone` when the account was removed meanwhile. `secret` is how the
        guest signs in: a password; for a Plex Home user a PIN or nothing; for a Plex
        friend their own token, with which the share is accepted for them, or nothing,
        which leaves their `standing` pending.
        """
        ...

    async def discard_account(
        self, plan: AccountPlan, external_user_id: str | None, /
    ) -> bool:
        """Undo what this plan did, and only that; false if there was nothing.

        An account without a stored id is removed only if it proves to be ours, an
        administrator never. Raises while the server does not respond: retry later.
        """
        ...

    async def account_presence(self, external_user_id: str) -> Presence:
        """Whether the server has the account, or whether that is unknown.

        The methods below conclude nothing from a doubtful response either: if it lacks
        the account, they raise (kind `failed`, codes `answer_doubtful` and
        `server_replaced`), so false means that the account is certainly gone.
        """
        ...

    async def delete_user(self, external_user_id: str) -> bool:
        """Remove the account. An administrator is refused."""
        ...

    async def set_user_enabled(self, external_user_id: str, enabled: bool) -> bool:
        """Enable or disable the account. Disabling an administrator is refused."""
        ...

    async def set_library_access(
        self, external_user_id: str, library_ids: Sequence[str]
    ) -> bool:
        """Grant exactly these libraries; an empty list means none.

        Raises `library_unknown`, with nothing changed, if the server lacks one of them.
        """
        ...

    async def update_permissions(
        self, external_user_id: str, permissions: Permissions
    ) -> bool:
        """Set exactly these permissions; libraries stay as they are."""
        ...

    async def set_password(self, external_user_id: str, password: str) -> bool:
        """Set a new, non-empty password, which ends the account's sessions."""
        ...

    async def snapshot_access(self, external_user_id: str) -> AccessSnapshot | None:
        """The account's current access, for `restore_access`; None if it has none.

        This and the next two are for server types that cannot disable an account.
        """
        ...

    async def revoke_access(
        self, external_user_id: str, keep: AccessSnapshot | None = None
    ) -> bool:
        """Remove all access, or all but what the account had before us (`keep`).

        False if there was nothing to remove, also on a repeated call.
        """
        ...

    async def restore_access(
        self, external_user_id: str, remembered: AccessSnapshot
    ) -> bool:
        """Restore exactly the access in the snapshot; a repeated call changes nothing.

        Access that the operator granted meanwhile stays. Code `libraries_missing`: none
        of the libraries exists any more.
        """
        ...

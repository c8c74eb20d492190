"""One redemption on one server: creates the account, or removes it.

Each method reads, commits, calls the server, and commits again. What is needed after a
crash is stored before it is used, so each step can be repeated at any point: the plan
before the account is opened, the account's id before the account is finished.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Self
from uuid import UUID

import msgspec
import structlog

from zondarr.core.actor import Actor
from zondarr.core.crypto import Keyring, place_of
from zondarr.core.database import Database
from zondarr.core.exceptions import InvalidError, Problem
from zondarr.invitations.exceptions import UsernameTakenError, WithdrawnError
from zondarr.invitations.join_methods import (
    NAMED,
    JoinMethod,
    join_method_of,
    secret_of,
)
from zondarr.invitations.library_check import check_libraries, record_missing
from zondarr.invitations.models import (
    COMPLETE,
    Invitation,
    Provisioning,
    ProvisioningStatus,
    Redemption,
)
from zondarr.invitations.repository import ProvisioningRepository
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.protocol import MediaClient
from zondarr.media.registry import ClientRegistry
from zondarr.media.throttle import wait_budget
from zondarr.media.types import (
    AccountPlan,
    AccountRequest,
    Connection,
    ExternalUser,
    Permissions,
    PlexUserType,
    ShareStatus,
)
from zondarr.servers.connections import connect, open_client
from zondarr.servers.models import MediaServer

log = structlog.get_logger(__name__)

LOOK_TIMEOUT = timedelta(seconds=5)
"""How long a guest waits for a server before the redemption starts."""

QUEUE_TIMEOUT = timedelta(minutes=10)
"""How long durable work waits for the rate limit, each time: a crowd that joins at once
is slowed down, not rejected.
"""

NAME_LENGTH = 254

NOTHING_THERE: Mapping[str, None] = {
    "plan": None,
    "external_user_id": None,
    "share_id": None,
    "access_before": None,
}
"""Values of a provisioning that left nothing on its server."""

NAME_IN_USE = "Somebody has this name already. Try another one."
NAME_REFUSED = Problem(
    "the server does not accept this name; try another one", "name_refused"
)
WRONG = "Please look at what you typed."


@dataclass(frozen=True, kw_only=True, slots=True)
class Guest:
    """The guest, and their permissions."""

    username: str
    email: str | None
    plex_id: str | None
    all_libraries: bool
    permissions: Permissions
    plex_user_type: PlexUserType

    @classmethod
    def of(cls, redemption: Redemption, invitation: Invitation) -> Self:
        return cls(
            username=redemption.guest_name,
            email=redemption.guest_email,
            plex_id=redemption.guest_plex_id,
            all_libraries=invitation.all_libraries,
            permissions=msgspec.convert(invitation.permissions, Permissions),
            plex_user_type=invitation.plex_user_type,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What to do on one server, with secrets in plain text; never stored."""

    id: UUID
    workspace_id: UUID
    connection: Connection
    guest: Guest
    redemption: Redemption
    library_ids: Sequence[str]
    plan: AccountPlan | None
    touched: bool
    external_user_id: str | None
    status: ProvisioningStatus

    @property
    def join_method(self) -> JoinMethod:
        return join_method_of(self.connection.server_type, self.guest.plex_user_type)

    def actor(self, by: Actor | None) -> Actor:
        """Who does it: a job that tries again, or else the guest."""
        return by or self.redemption.guest


class Provisioner:
    """Carries out provisionings, one at a time."""

    def __init__(
        self, database: Database, keyring: Keyring, registry: ClientRegistry
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.registry = registry

    async def prepare(
        self, provisioning: Provisioning, server: MediaServer, guest: Guest
    ) -> None:
        """Before a use is claimed, check that a chosen name is free and accepted by the
        server.

        Raises `UsernameTakenError` and `InvalidError`. Other failures do not reject the
        guest yet: the redemption will retry and report them.
        """
        if join_method_of(server.server_type, guest.plex_user_type) not in NAMED:
            return
        with suppress(TimeoutError):
            try:
                connection = connect(server, self.keyring)
                async with asyncio.timeout(LOOK_TIMEOUT.total_seconds()):
                    async with open_client(self.registry, connection) as client:
                        check = await check_libraries(
                            client,
                            provisioning.library_ids,
                            all_libraries=guest.all_libraries,
                        )
                        plan = await _plan(client, check.granted, guest)
            except MediaClientError as error:
                if error.kind is ErrorKind.TAKEN:
                    raise UsernameTakenError(NAME_IN_USE) from error
                if error.error_code == "invalid_username":
                    raise InvalidError(WRONG, username=NAME_REFUSED) from error
            else:
                provisioning.plan = self._sealed(plan, provisioning.id)

    async def provision(self, id: UUID, *, by: Actor | None = None) -> None:
        """Create the account, on behalf of the guest unless another actor is given.

        Raises `MediaClientError` if that fails, and `WithdrawnError` if the redemption
        was ended meanwhile.
        """
        task = await self._read(id)
        if task.status in COMPLETE:
            return
        await self._mark_working(task)
        try:
            with wait_budget(QUEUE_TIMEOUT):
                async with open_client(self.registry, task.connection) as client:
                    plan, user = await self._make(client, task)
            await self._advance(task, **_outcome(plan, user))
        except WithdrawnError:
            # Another runner of this step may have been faster.
            if (await self._read(id)).status not in COMPLETE:
                raise
            return
        log.info(
            "account made",
            provisioning_id=str(id),
            server_id=str(task.connection.id),
            external_user_id=user.id,
            actor=task.actor(by).label,
        )

    async def take_back(self, id: UUID, *, by: Actor | None = None) -> None:
        """Remove what this provisioning created, if it may have created anything.

        Afterwards the plan is erased, so that a repeated call does nothing: an account
        of that name then belongs to somebody else.
        """
        task = await self._read(id)
        if task.plan is None or not task.touched:
            return
        with wait_budget(QUEUE_TIMEOUT):
            async with open_client(self.registry, task.connection) as client:
                removed = await client.discard_account(task.plan, task.external_user_id)
        log.info(
            "account taken back",
            provisioning_id=str(id),
            found=removed,
            actor=task.actor(by).label,
        )
        done = task.status in COMPLETE
        status = ProvisioningStatus.UNDONE if done else task.status
        await self._write(task, status=status, **NOTHING_THERE)

    async def forget(self, id: UUID) -> None:
        """Forget the account: what exists on the server is not ours to remove."""
        await self._write(await self._read(id), touched=False, **NOTHING_THERE)

    def entrance(self, server: MediaServer) -> str:
        """The address where a guest of the server watches."""
        if server.public_url is not None:
            return server.public_url
        return self.registry.guest_url(server.server_type, server.url)

    async def record_attempt(self, id: UUID, error_code: str) -> None:
        """Store the reason of a failed attempt that will be retried at once."""
        async with self.database.unscoped("durable work") as session:
            await ProvisioningRepository(session).advance(
                id, {"error_code": error_code}
            )

    async def fail(self, id: UUID, error_code: str) -> None:
        """Store the reason of the failure."""
        async with self.database.unscoped("durable work") as session:
            await ProvisioningRepository(session).set(
                id, {"status": ProvisioningStatus.FAILED, "error_code": error_code}
            )

    async def _make(
        self, client: MediaClient, task: Task
    ) -> tuple[AccountPlan, ExternalUser]:
        plan, user_id = task.plan, task.external_user_id
        if plan is None or user_id is None:
            plan = await self._current_plan(client, task)
            user_id = await self._open(client, task, plan)
        secret = secret_of(self.keyring, task.redemption, task.join_method)
        return plan, await client.finish_account(plan, user_id, secret)

    async def _current_plan(self, client: MediaClient, task: Task) -> AccountPlan:
        """The stored plan if the server still has its libraries, else a new one.

        An attempt that may have started already is continued with its own plan.
        """
        if task.plan is not None and task.touched:
            return task.plan
        check = await check_libraries(
            client, task.library_ids, all_libraries=task.guest.all_libraries
        )
        missing = await record_missing(
            self.database, task.workspace_id, task.connection.id, check
        )
        plan = task.plan
        if plan is None or set(plan.library_ids) != set(check.granted):
            plan = await _plan(client, check.granted, task.guest)
        sealed = self._sealed(plan, task.id)
        await self._advance(task, plan=sealed, missing_libraries=list(missing))
        return plan

    async def _open(self, client: MediaClient, task: Task, plan: AccountPlan) -> str:
        """Open the account and store its id before anything else is done to it."""
        await self._advance(task, touched=True)
        try:
            user = await client.open_account(plan)
        except MediaClientError as error:
            known = await self._known_meanwhile(task, error)
            if known is None:
                raise
            return known
        await self._advance(task, external_user_id=user.id)
        return user.id

    async def _known_meanwhile(self, task: Task, error: MediaClientError) -> str | None:
        """The account's id, if another runner of this step has stored it.

        If not, and the server has certainly done nothing, there is nothing to undo.
        """
        if error.kind is ErrorKind.TAKEN:
            return (await self._read(task.id)).external_user_id
        if not (task.touched or error.in_doubt):
            await self._write(task, touched=False)
        return None

    async def _read(self, id: UUID) -> Task:
        async with self.database.unscoped("durable work", reading=True) as session:
            found = await ProvisioningRepository(session).require_whole(id)
        redemption = found.redemption
        return Task(
            id=id,
            workspace_id=found.workspace_id,
            connection=connect(found.server, self.keyring),
            guest=Guest.of(redemption, redemption.invitation),
            redemption=redemption,
            library_ids=found.library_ids,
            plan=self._plan_of(found),
            touched=found.touched,
            external_user_id=found.external_user_id,
            status=found.status,
        )

    def _sealed(self, plan: AccountPlan, id: UUID) -> str:
        text = msgspec.json.encode(plan).decode()
        return self.keyring.seal(text, place=_place_of_plan(id))

    def _plan_of(self, provisioning: Provisioning) -> AccountPlan | None:
        if provisioning.plan is None:
            return None
        place = _place_of_plan(provisioning.id)
        opened = self.keyring.open(provisioning.plan, place=place)
        return msgspec.json.decode(opened, type=AccountPlan)

    async def _write(self, task: Task, **values: object) -> None:
        async with self.database.scoped(task.workspace_id) as session:
            await ProvisioningRepository(session).set(task.id, values)

    async def _mark_working(self, task: Task) -> None:
        async with self.database.scoped(task.workspace_id) as session:
            if not await ProvisioningRepository(session).mark_working(task.id):
                raise WithdrawnError(task.id)

    async def _advance(self, task: Task, **values: object) -> None:
        """Write only while the redemption is still open.

        Ending a redemption fails its open provisionings in one transaction. A runner
        that is working on one then stops at its next write, so it does nothing that the
        end of the redemption does not know of.
        """
        async with self.database.scoped(task.workspace_id) as session:
            if not await ProvisioningRepository(session).advance(task.id, values):
                raise WithdrawnError(task.id)


def _place_of_plan(id: UUID) -> str:
    return place_of("provisionings", "plan", id)


async def _plan(
    client: MediaClient, library_ids: Sequence[str], guest: Guest
) -> AccountPlan:
    request = AccountRequest(
        username=guest.username,
        email=guest.email,
        library_ids=library_ids,
        permissions=guest.permissions,
        plex_user_type=guest.plex_user_type,
        plex_id=guest.plex_id,
    )
    return await client.plan_account(request)


def _outcome(plan: AccountPlan, user: ExternalUser) -> dict[str, object]:
    """What is known of a finished account."""
    pending = user.standing is ShareStatus.PENDING
    return {
        "external_user_id": user.id,
        "username": user.username.replace("\0", "")[:NAME_LENGTH],
        "share_id": user.share_id,
        "access_before": plan.before,
        "error_code": None,
        "status": ProvisioningStatus.PENDING if pending else ProvisioningStatus.DONE,
    }

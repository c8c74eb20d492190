"""One redemption on one server: make the account, or take it back.

Each method reads, commits, calls the server, and commits again. What must be known
after a crash is written before it is acted on, so each can be repeated at any point:
the plan before the account is opened, the account's id before it is filled.
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
"""How long a guest waits for a server before their redemption begins."""

QUEUE_TIMEOUT = timedelta(minutes=10)
"""How long durable work waits for its turn, each time: a crowd that joins at once is
let in slowly, not turned away."""

NAME_LENGTH = 254

NOTHING_THERE: Mapping[str, None] = {
    "plan": None,
    "external_user_id": None,
    "share_id": None,
    "access_before": None,
}
"""Of a provisioning that left nothing on its server."""

NAME_IN_USE = "Somebody has this name already. Try another one."
NAME_REFUSED = Problem(
    "the server does not accept this name; try another one", "name_refused"
)
WRONG = "Please look at what you typed."


@dataclass(frozen=True, kw_only=True, slots=True)
class Guest:
    """Who is to be let in, and what he may do there."""

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
    """What is to be done on one server, with its secrets in the clear; never stored."""

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
        """Before a use is claimed: is the name free, where one is chosen, and does the
        server accept it?

        Raises `UsernameTakenError` and `InvalidError`. Any other failure is no reason
        to turn the guest away yet: the redemption will try again and report it.
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
        """Make the account, for the guest unless another actor is named.

        Raises `MediaClientError` when that cannot be done, and
        `WithdrawnError` when the redemption was ended meanwhile."""
        task = await self._read(id)
        if task.status in COMPLETE:
            return
        await self._begin(task)
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
        """Remove what this provisioning made, if it may have made anything.

        Once it is done the plan is erased, so that asked again it does nothing: what
        is there by then is somebody else's.
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

    async def let_be(self, id: UUID) -> None:
        """Whatever is there is no business of ours any more."""
        await self._write(await self._read(id), touched=False, **NOTHING_THERE)

    def entrance(self, server: MediaServer) -> str:
        """Where a guest of the server goes to watch."""
        if server.public_url is not None:
            return server.public_url
        return self.registry.guest_url(server.server_type, server.url)

    async def note_attempt(self, id: UUID, error_code: str) -> None:
        """Note why an attempt failed that will be repeated at once."""
        async with self.database.unscoped("durable work") as session:
            await ProvisioningRepository(session).advance(
                id, {"error_code": error_code}
            )

    async def fail(self, id: UUID, error_code: str) -> None:
        """Note why it could not be done."""
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

        What an earlier attempt may have begun is continued with its own plan.
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
        """Open the account and write down its id before anything else is done to it."""
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
        """The account's id, if another runner of this step got further than we did.

        If not, and the server has certainly done nothing, nothing is to be undone.
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

    async def _begin(self, task: Task) -> None:
        async with self.database.scoped(task.workspace_id) as session:
            if not await ProvisioningRepository(session).begin(task.id):
                raise WithdrawnError(task.id)

    async def _advance(self, task: Task, **values: object) -> None:
        """Write while the work is still wanted.

        Ending a redemption fails its open provisionings in one transaction. Whoever is
        at work on one then stops at the next write, so nothing is done to a server that
        the one who ended it does not know of.
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
    """What is known of an account that is as it was meant to be."""
    pending = user.standing is ShareStatus.PENDING
    return {
        "external_user_id": user.id,
        "username": user.username.replace("\0", "")[:NAME_LENGTH],
        "share_id": user.share_id,
        "access_before": plan.before,
        "error_code": None,
        "status": ProvisioningStatus.PENDING if pending else ProvisioningStatus.DONE,
    }

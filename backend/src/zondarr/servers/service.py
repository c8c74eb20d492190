"""Adds, edits, tests, syncs and removes media servers."""

from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from msgspec import UNSET

from zondarr.core.actor import Actor
from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring
from zondarr.core.database import Session, UnitOfWork
from zondarr.core.edit_conflict import VERSION, check_version
from zondarr.core.exceptions import InvalidError, Problem
from zondarr.core.repository import PageRequest, Slice
from zondarr.media.exceptions import MediaClientError
from zondarr.media.registry import ClientRegistry
from zondarr.media.sign_in import Token
from zondarr.media.types import ServerType
from zondarr.servers.connections import Connections, connect, place_of_key
from zondarr.servers.exceptions import (
    AccountsInDoubtError,
    KeyNeededError,
    ServerChangedError,
    ServerDisabledError,
    ServerInUseError,
    failure_of,
)
from zondarr.servers.hooks import ServerHooks
from zondarr.servers.identity import (
    check_confirmed,
    check_not_added,
    is_another,
    retire_libraries,
)
from zondarr.servers.impact import (
    SHOWN,
    Impact,
    ImpactItem,
    ImpactKind,
)
from zondarr.servers.models import Library, MediaServer, ServerState
from zondarr.servers.repository import (
    MACHINE_ID_LENGTH,
    VERSION_LENGTH,
    LibraryRepository,
    MediaServerRepository,
)
from zondarr.servers.schemas import (
    ServerCreate,
    ServerTest,
    ServerTypeResponse,
    ServerUpdate,
)
from zondarr.servers.sync import Synced, merge_libraries
from zondarr.servers.verification import VerifiedServer, normal_url, verify_server

log = structlog.get_logger(__name__)

NOT_IN_CONFLICTS = frozenset({"api_key", "plex_pin_id", "confirm_new_identity"})
"""Fields that an edit conflict does not include: secrets, and fields that are not
columns.
"""


NOT_PLAIN = NOT_IN_CONFLICTS | {"url", "public_url", VERSION}
"""Fields whose values do not go into the row as they were sent."""


class MediaServerService:
    """The servers of one workspace.

    Every method opens its own units of work: read, commit, call the server, write,
    commit.
    """

    def __init__(
        self,
        work: UnitOfWork,
        keyring: Keyring,
        registry: ClientRegistry,
        actor: Actor,
        hooks: ServerHooks,
    ) -> None:
        self.work = work
        self.keyring = keyring
        self.registry = registry
        self.actor = actor
        self.connections = Connections(work, keyring, registry)
        self.hooks = hooks
        self.impact_providers = (impact_on_libraries, *hooks.impact_providers)

    async def get(self, id: UUID, /) -> MediaServer:
        async with self.work(reading=True) as session:
            return await MediaServerRepository(session).require(id)

    async def find(
        self, request: PageRequest, *, q: str | None = None
    ) -> Slice[MediaServer]:
        async with self.work(reading=True) as session:
            return await MediaServerRepository(session).find(request, q=q)

    def types(self) -> Sequence[ServerTypeResponse]:
        """The types of server, with what each supports."""
        return [
            ServerTypeResponse.of(one, self.registry.get_info(one))
            for one in self.registry.server_types()
        ]

    async def libraries(
        self, id: UUID, request: PageRequest, *, q: str | None = None
    ) -> Slice[Library]:
        async with self.work(reading=True) as session:
            await MediaServerRepository(session).require(id)
            return await LibraryRepository(session).find(id, request, q=q)

    async def test(self, data: ServerTest) -> VerifiedServer:
        """Identify the server at an address; nothing is stored."""
        return await verify_server(
            self.registry,
            url=normal_url(data.url),
            api_key=data.api_key,
            server_type=data.server_type,
        )

    async def create(
        self, data: ServerCreate, *, linked: Token | None = None
    ) -> MediaServer:
        """Verify a server and store it with its libraries.

        `linked` is the token of the Plex account that owns it, instead of a key.
        """
        public_url = _public_url(data.public_url)
        verified = await self._verify_new(data, linked)
        server = MediaServer(
            id=verified.connection.id,
            name=data.name,
            server_type=verified.server_type,
            public_url=public_url,
        )
        async with self.work() as session:
            await check_not_added(session, verified)
            self._store_verified(server, verified)
            await MediaServerRepository(session).create(server)
            await merge_libraries(session, server.id, verified.libraries, now=utc_now())
        self._log("server added", server.id)
        return server

    async def update(
        self, id: UUID, data: ServerUpdate, *, linked: Token | None = None
    ) -> MediaServer:
        """Change the fields that were sent. A new address or key is verified first.

        `linked` is the token of the Plex account that owns it, instead of a key.
        """
        public_url = UNSET if data.public_url is UNSET else _public_url(data.public_url)
        before = await self.get(id)
        verified = await self._verify_change(before, data, linked)
        async with self.work() as session:
            servers = MediaServerRepository(session)
            server = servers.found(await servers.get_locked(id), id)
            check_version(server, data, data.expected_updated_at, but=NOT_IN_CONFLICTS)
            if verified is not None:
                _check_unchanged(before, server)
                await self._accept_identity(session, server, verified, data)
                self._store_verified(server, verified)
                await merge_libraries(session, id, verified.libraries, now=utc_now())
            for field, value in data.sent(but=NOT_PLAIN).items():
                setattr(server, field, value)
            if public_url is not UNSET:
                server.public_url = public_url
            await servers.update(server)
        self._log("server changed", id)
        return server

    async def preview_removal(
        self, id: UUID, /
    ) -> tuple[MediaServer, Sequence[Impact]]:
        """What would be deleted or changed with the server."""
        async with self.work(reading=True) as session:
            server = await MediaServerRepository(session).require(id)
            return server, [
                await impact_of(session, id) for impact_of in self.impact_providers
            ]

    async def delete(self, id: UUID, /) -> None:
        """Delete the server and what we know of it; it is not contacted.

        Raises `ServerInUseError` while a guest is joining it.
        """
        async with self.work() as session:
            servers = MediaServerRepository(session)
            # Locked first: a concurrent claim waits, or is seen below.
            server = servers.found(await servers.get_locked(id), id)
            for impact_of in self.impact_providers:
                if (await impact_of(session, id)).blocks:
                    raise ServerInUseError(
                        "Somebody is joining this server right now. Try again shortly."
                    )
            for prepare in self.hooks.before_removal:
                await prepare(session, id)
            await session.flush()
            await servers.delete(server)
        self._log("server removed", id)

    async def test_stored(self, id: UUID, /) -> VerifiedServer:
        """Call a server with its stored key, and store its state."""
        server = await self.get(id)
        try:
            info = await self.connections.identify(server)
            async with self.connections.open(server) as client:
                libraries = await client.get_libraries()
        except MediaClientError as error:
            raise failure_of(error, server.name) from error
        connection = connect(server, self.keyring)
        return VerifiedServer(connection, server.server_type, info, libraries)

    async def sync(self, id: UUID, /, *, accept_missing: bool = False) -> Synced:
        """Compare what the server has with what is stored.

        Raises `ShrunkenAnswerError` if it lacks too much to be believed, unless an
        operator confirmed that.
        """
        server = await self.get(id)
        check_enabled(server)
        asked_at = utc_now()
        try:
            await self.connections.identify(server)
            async with self.connections.open(server) as client:
                libraries = await client.get_libraries()
                accounts = await client.list_users()
        except MediaClientError as error:
            raise failure_of(error, server.name) from error
        async with self.work() as session:
            servers = MediaServerRepository(session)
            now = servers.found(await servers.get_locked(id), id)
            _check_unchanged(server, now)
            seen = await merge_libraries(
                session, id, libraries, now=asked_at, accept_missing=accept_missing
            )
            await servers.record_sync(id, asked_at)
            ours_seen = await self.hooks.reconcile_accounts(
                session, id, accounts, asked_at, accept_missing=accept_missing
            )
        if ours_seen.doubtful:
            raise AccountsInDoubtError(ours_seen.doubtful, ours_seen.known)
        return Synced(seen, ours_seen)

    async def _verify_new(
        self, data: ServerCreate, linked: Token | None
    ) -> VerifiedServer:
        url = normal_url(data.url)
        if linked is None:
            return await verify_server(
                self.registry,
                url=url,
                api_key=data.api_key or "",
                server_type=data.server_type,
            )
        if data.server_type not in {None, ServerType.PLEX}:
            raise InvalidError(
                "This is no Plex server.",
                server_type=Problem("is not plex", "not_this_type"),
            )
        # Not detected: the token must only be sent to a Plex server.
        return await verify_server(
            self.registry,
            url=url,
            api_key=linked.reveal(),
            server_type=ServerType.PLEX,
            key="plex_pin_id",
        )

    async def _verify_change(
        self, server: MediaServer, data: ServerUpdate, linked: Token | None
    ) -> VerifiedServer | None:
        """Verify a new address or key; other changes need no verification."""
        url = server.url if data.url is UNSET else normal_url(data.url)
        if linked is not None:
            return await self._verify_sign_in(server, url, data, linked)
        if data.api_key is UNSET:
            if url == server.url and not data.confirm_new_identity:
                return None
            check_same_host(server.url, url)
        key = data.api_key
        return await verify_server(
            self.registry,
            id=server.id,
            url=url,
            api_key=connect(server, self.keyring).api_key if key is UNSET else key,
            server_type=server.server_type,
        )

    async def _verify_sign_in(
        self, server: MediaServer, url: str, data: ServerUpdate, linked: Token
    ) -> VerifiedServer:
        """Verify that the account that signed in owns this server."""
        if server.server_type != ServerType.PLEX or data.api_key is not UNSET:
            problem = Problem("is for a Plex server, in place of a key", "not_allowed")
            raise InvalidError("Nobody can sign in here.", plex_pin_id=problem)
        return await verify_server(
            self.registry,
            id=server.id,
            url=url,
            api_key=linked.reveal(),
            server_type=ServerType.PLEX,
            key="plex_pin_id",
        )

    async def _accept_identity(
        self,
        session: Session,
        server: MediaServer,
        verified: VerifiedServer,
        data: ServerUpdate,
    ) -> None:
        await check_not_added(session, verified, but=server.id)
        check_confirmed(server, verified, confirmed=data.confirm_new_identity)
        if not is_another(server, verified):
            return
        now = utc_now()
        await retire_libraries(session, server, verified, now=now)
        for on_replacement in self.hooks.on_replacement:
            await on_replacement(session, server.id, now)
        self._log("server replaced", server.id)

    def _log(self, event: str, id: UUID) -> None:
        log.info(event, server_id=str(id), actor=self.actor.label)

    def _store_verified(self, server: MediaServer, verified: VerifiedServer) -> None:
        """Store what was verified in the row."""
        now = utc_now()
        server.url = verified.connection.url
        server.api_key = self.keyring.seal(
            verified.connection.api_key, place=place_of_key(server.id)
        )
        server.state = ServerState.OK
        server.checked_at = server.seen_at = server.libraries_synced_at = now
        server.version = verified.info.version[:VERSION_LENGTH]
        server.machine_id = verified.info.id[:MACHINE_ID_LENGTH]


async def impact_on_libraries(session: Session, server_id: UUID) -> Impact:
    """The rows of the server's libraries are deleted; the libraries stay on
    the server.
    """
    libraries = await LibraryRepository(session).get_by_server(server_id)
    items = [ImpactItem(id=one.id, name=one.name) for one in libraries[:SHOWN]]
    return Impact(
        kind=ImpactKind.LIBRARIES, count=len(libraries), blocks=False, items=items
    )


def check_one_key(data: ServerCreate) -> None:
    """Raise `InvalidError` unless the key is given in exactly one way."""
    if (data.api_key is None) is (data.plex_pin_id is None):
        problem = Problem("either this or the other one is needed", "required")
        raise InvalidError(
            "A server takes either a key or a sign-in with Plex.",
            api_key=problem,
            plex_pin_id=problem,
        )


def check_enabled(server: MediaServer) -> None:
    if not server.enabled:
        raise ServerDisabledError(f"{server.name} is switched off here.")


def _public_url(given: str | None) -> str | None:
    return None if given is None else normal_url(given, field="public_url")


def _check_unchanged(before: MediaServer, now: MediaServer) -> None:
    """Raise if the address changed since it was verified: its result must not be stored
    with another address, nor a key with a host it was not entered for.
    """
    moved = before.machine_id not in {None, now.machine_id}
    if moved or (before.url, before.api_key) != (now.url, now.api_key):
        raise ServerChangedError("The server was changed meanwhile. Try again.")


def check_same_host(old: str, new: str) -> None:
    """Raise `KeyNeededError` for another host, port or scheme."""
    if _origin(old) != _origin(new):
        raise KeyNeededError(
            "The address is another host's: type the key again.",
            api_key="is needed again for another host",
        )


def _origin(url: str) -> tuple[str, str | None, int]:
    parts = urlsplit(url)
    default = 443 if parts.scheme == "https" else 80
    return parts.scheme, parts.hostname, parts.port or default

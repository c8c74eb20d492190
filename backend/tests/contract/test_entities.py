"""What holds for every table and every repository, on both databases."""

from collections.abc import Generator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, event, exc, text
from tests.contract.entities import OWN, values_of

from zondarr.accounts.models import Account, Role, Workspace
from zondarr.core.database import Database, Session
from zondarr.core.durable.models import Run
from zondarr.core.durable.repository import RunRepository
from zondarr.core.exceptions import RepositoryError
from zondarr.core.models import Entity
from zondarr.core.repository import Repository
from zondarr.invitations.models import Invitation, Provisioning, Redemption
from zondarr.invitations.repository import (
    InvitationRepository,
    ProvisioningRepository,
    RedemptionRepository,
)
from zondarr.media.types import ServerType
from zondarr.servers.models import Library, MediaServer
from zondarr.servers.repository import LibraryRepository, MediaServerRepository
from zondarr.users.models import Identity, User
from zondarr.users.repository import IdentityRepository, UserRepository


@dataclass(frozen=True)
class Kind:
    """An entity and its repository."""

    entity: type[Entity]
    repository: type[Repository[Any]]


KINDS = [
    Kind(MediaServer, MediaServerRepository),
    Kind(Library, LibraryRepository),
    Kind(Identity, IdentityRepository),
    Kind(User, UserRepository),
    Kind(Invitation, InvitationRepository),
    Kind(Redemption, RedemptionRepository),
    Kind(Provisioning, ProvisioningRepository),
    Kind(Run, RunRepository),
]
ERRORS = [
    exc.OperationalError,
    exc.IntegrityError,
    exc.DataError,
    exc.ProgrammingError,
    exc.InternalError,
    exc.InterfaceError,
    exc.DatabaseError,
    exc.NotSupportedError,
]
OPERATIONS = ["get_by_id", "get_all", "get_by_ids", "create", "update", "delete"]


def _error(kind: type[exc.DBAPIError], words: str) -> exc.DBAPIError:
    return kind("a statement", {}, Exception(words))


errors = st.builds(
    _error,
    st.sampled_from(ERRORS),
    st.text(),
)
A_QUARTER_HUNDRED_OF_EACH = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
every_kind = pytest.mark.parametrize(
    "kind", KINDS, ids=lambda kind: kind.entity.__name__
)


@dataclass(frozen=True)
class Place:
    """A workspace with a row of each table that others refer to."""

    database: Database
    parents: Mapping[str, UUID]

    @property
    def workspace_id(self) -> UUID:
        return self.parents["workspaces"]

    def open(self) -> AbstractAsyncContextManager[Session]:
        return self.database.scoped(self.workspace_id)


@pytest.fixture
async def place(database: Database) -> Place:
    workspace = Workspace(name="Home")
    async with database.unscoped("set-up") as session:
        session.add(workspace)
    async with database.scoped(workspace.id) as session:
        rows: list[Entity] = [
            Account(email="a@example.org", password_hash="x", role=Role.OWNER),
            MediaServer(
                name="Attic", server_type=ServerType.JELLYFIN, url="", api_key=""
            ),
            Identity(display_name="Ada"),
            Invitation(code="MOVIE-NIGHT"),
        ]
        session.add_all(rows)
        await session.flush()
        redemption = Redemption(invitation_id=rows[-1].id, guest_name="ada")
        session.add(redemption)
    known = [workspace, *rows, redemption]
    return Place(database, {one.__tablename__: one.id for one in known})


@A_QUARTER_HUNDRED_OF_EACH
@given(kind=st.sampled_from(KINDS), data=st.data())
async def test_any_row_is_created_read_changed_deleted_and_gone(
    place: Place, kind: Kind, data: st.DataObject
) -> None:
    values = values_of(kind.entity, place.parents)
    first, then = data.draw(values), data.draw(values)
    async with place.open() as session:
        made = await kind.repository(session).create(kind.entity(**first))

    async with place.open() as session:
        row: Any = await kind.repository(session).get_by_id(made.id)
        assert columns_of(row) == first
        assert row.workspace_id == place.workspace_id
        for name, value in then.items():
            setattr(row, name, value)
        await kind.repository(session).update(row)

    async with place.open() as session:
        row = await kind.repository(session).get_by_id(made.id)
        assert columns_of(row) == then
        assert row.updated_at >= made.updated_at
        assert row in await kind.repository(session).get_all()
        await kind.repository(session).delete(row)

    async with place.open() as session:
        assert await kind.repository(session).get_by_id(made.id) is None


@A_QUARTER_HUNDRED_OF_EACH
@given(kind=st.sampled_from(KINDS), data=st.data())
async def test_any_error_of_the_database_leaves_a_repository_as_one_of_ours(
    place: Place, kind: Kind, data: st.DataObject
) -> None:
    values = data.draw(values_of(kind.entity, place.parents))
    operation, failure = data.draw(st.sampled_from(OPERATIONS)), data.draw(errors)
    async with place.open() as session:
        repository = kind.repository(session)
        there = await repository.create(kind.entity(**values))
        fresh = kind.entity(**values)
        with (
            _failing(place.database, failure),
            pytest.raises(RepositoryError) as caught,
        ):
            await _do(repository, operation, there, fresh)
        await session.rollback()
    assert caught.value.__cause__ is failure


@pytest.mark.own_database
@every_kind
async def test_a_table_that_is_gone_is_an_error_of_ours(
    place: Place, kind: Kind
) -> None:
    table = cast("Table", kind.entity.__table__)
    async with place.database.engine.begin() as connection:
        drop = f"ALTER TABLE {table.name} RENAME TO elsewhere"
        await connection.execute(text(drop))
    with pytest.raises(RepositoryError) as caught:
        async with place.open() as session:
            await kind.repository(session).get_all()
    assert isinstance(caught.value.__cause__, exc.SQLAlchemyError)


async def _do(
    repository: Repository[Any], operation: str, there: Entity, fresh: Entity
) -> None:
    match operation:
        case "create":
            await repository.create(fresh)
        case "update":
            there.created_at = there.created_at + timedelta(seconds=1)
            await repository.update(there)
        case "delete":
            await repository.delete(there)
        case "get_by_ids":
            await repository.get_by_ids([there.id])
        case "get_by_id":
            await repository.get_by_id(there.id)
        case _:
            await repository.get_all()


@contextmanager
def _failing(database: Database, error: Exception) -> Generator[None]:
    """Every statement fails with it, as if the driver had raised it."""

    def fail(*_given: object) -> None:
        raise error

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)


def columns_of(row: Any) -> dict[str, Any]:
    table = cast("Table", type(row).__table__)
    names = (column.name for column in table.columns if column.name not in OWN)
    return {name: getattr(row, name) for name in names}

"""Two workspaces in one database: whatever is sent in one never meets the other's rows.

A statement is either limited to the workspace or refused, on both databases alike.
"""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID, uuid7

import pytest
from sqlalchemy import (
    Executable,
    Integer,
    String,
    Table,
    and_,
    column,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import (
    aliased,
    contains_eager,
    joinedload,
    make_transient_to_detached,
    selectinload,
)

from zondarr.accounts.models import Installation, Workspace
from zondarr.core.database import Database, Session, WorkspaceMissingError
from zondarr.core.exceptions import RepositoryError
from zondarr.invitations.models import Invitation, invitation_servers
from zondarr.media.types import ServerType
from zondarr.servers.models import MediaServer

pytestmark = pytest.mark.filterwarnings("ignore:.*cartesian product")

INVITATIONS = cast("Table", Invitation.__table__)
SERVERS = cast("Table", MediaServer.__table__)
Other = aliased(Invitation)
ALIAS = INVITATIONS.alias()


@dataclass(frozen=True)
class Home:
    """A workspace with an invitation to a server; its words begin with its name."""

    name: str
    workspace_id: UUID
    invitation: Invitation
    server: MediaServer


@pytest.fixture
async def homes(database: Database) -> tuple[Home, Home]:
    return await _home(database, "here"), await _home(database, "there")


async def _home(database: Database, name: str) -> Home:
    async with database.unscoped("set-up") as session:
        workspace = Workspace(name=name)
        session.add(workspace)
        await session.flush()
        server = MediaServer(
            workspace_id=workspace.id,
            name=name,
            server_type=ServerType.JELLYFIN,
            url=f"http://{name}.test",
            api_key="",
        )
        invitation = Invitation(
            workspace_id=workspace.id, code=name.upper(), label=name, servers=[server]
        )
        session.add(invitation)
    return Home(name, workspace.id, invitation, server)


@pytest.fixture
async def session(
    database: Database, homes: tuple[Home, Home]
) -> AsyncGenerator[Session]:
    async with database.scoped(homes[0].workspace_id) as session:
        yield session
        await session.rollback()


def _shown(rows: Any) -> str:
    return " ".join(
        str(getattr(cell, "label", cell)).lower() for row in rows for cell in row
    )


_code = Invitation.code
_linked = invitation_servers.c.invitation_id == Invitation.id

LIMITED: dict[str, Callable[[], Executable]] = {
    "entity": lambda: select(Invitation),
    "column": lambda: select(_code),
    "alias": lambda: select(Other.code),
    "core column beside an entity": lambda: select(_code, INVITATIONS.c.label),
    "core where": lambda: select(_code).where(INVITATIONS.c.enabled),
    "in a subquery": lambda: select(select(_code).subquery().c.code),
    "entity of a subquery": lambda: select(
        aliased(Invitation, select(Invitation).subquery())
    ),
    "in a CTE": lambda: select(select(_code).cte().c.code),
    "union": lambda: union_all(select(_code), select(Other.code)),
    "scalar subquery": lambda: select(select(func.max(_code)).scalar_subquery()),
    "uncorrelated": lambda: select(
        _code,
        select(func.count()).select_from(Invitation).correlate(None).scalar_subquery(),
    ),
    "exists": lambda: select(MediaServer.name).where(
        exists().where(Invitation.label == MediaServer.name)
    ),
    "implicit join": lambda: select(_code).where(Invitation.label == MediaServer.name),
    "only in where": lambda: select(_code).where(Other.label == "there"),
    "join": lambda: select(_code, MediaServer.name).join(Invitation.servers),
    "outer join": lambda: select(_code, MediaServer.name).outerjoin(Invitation.servers),
    "outer join to any": lambda: select(_code, MediaServer.name).outerjoin(
        MediaServer, true()
    ),
    "self join": lambda: select(_code, Other.code).join(Other, true()),
    "association": lambda: select(invitation_servers.c.media_server_id, _code).join(
        Invitation, _linked
    ),
    "selectin": lambda: select(Invitation).options(selectinload(Invitation.servers)),
    "joined": lambda: select(Invitation).options(joinedload(Invitation.servers)),
    "contains eager": lambda: (
        select(Invitation)
        .join(Invitation.servers)
        .options(contains_eager(Invitation.servers))
    ),
    "workspace by its row": lambda: select(Workspace.name, _code).join(
        Workspace, Workspace.id == Invitation.workspace_id
    ),
    "update": lambda: update(Invitation).values(label="here").returning(_code),
    "delete": lambda: delete(Invitation).returning(_code),
    "or": lambda: select(_code).where(or_(Invitation.enabled, true())),
    "what belongs to nobody": lambda: select(_code, Installation.id).outerjoin(
        Installation, true()
    ),
    "nothing of a table": lambda: select(func.lower("HERE")),
}
REFUSED: dict[str, Callable[[], Executable]] = {
    "core select": lambda: select(INVITATIONS.c.code),
    "core alias": lambda: select(ALIAS.c.code),
    "core count": lambda: select(func.count()).select_from(INVITATIONS),
    "core subquery": lambda: select(select(INVITATIONS.c.code).subquery().c.code),
    "core CTE": lambda: select(select(INVITATIONS.c.code).cte().c.code),
    "core union": lambda: union_all(select(INVITATIONS.c.code), select(ALIAS.c.code)),
    "union of both": lambda: union_all(select(_code), select(ALIAS.c.code)),
    "core scalar subquery": lambda: select(
        _code, select(func.count()).select_from(SERVERS).scalar_subquery()
    ),
    "core exists": lambda: select(_code).where(
        exists().where(SERVERS.c.name == "there")
    ),
    "core in": lambda: select(_code).where(
        Invitation.label.in_(select(SERVERS.c.name))
    ),
    "core join": lambda: select(_code, SERVERS.c.name).join(SERVERS, SERVERS.c.enabled),
    "core table in where": lambda: select(_code).where(SERVERS.c.name == "there"),
    "core alias beside an entity": lambda: select(_code, ALIAS.c.code),
    "select from": lambda: select(literal_column("1", Integer)).select_from(
        INVITATIONS
    ),
    "association alone": lambda: select(invitation_servers),
    "association at random": lambda: select(
        _code, invitation_servers.c.invitation_id
    ).join(invitation_servers, true()),
    "association kept by an outer join": lambda: select(
        invitation_servers.c.invitation_id
    ).outerjoin(Invitation, _linked),
    "a criterion that is one of two": lambda: select(INVITATIONS.c.code).where(
        or_(INVITATIONS.c.workspace_id == uuid7(), true())
    ),
    "another's criterion": lambda: select(INVITATIONS.c.code).where(
        INVITATIONS.c.workspace_id == uuid7()
    ),
    "every workspace": lambda: select(Workspace.name),
    "core update": lambda: update(INVITATIONS).values(label="gone"),
    # The ORM adds its criterion to the table that is changed, and not to others.
    "update from": lambda: (
        update(Invitation)
        .values(label="here")
        .where(Invitation.label == MediaServer.name)
        .returning(_code, MediaServer.name)
    ),
    "core delete": lambda: delete(INVITATIONS),
    "delete of an association": lambda: delete(invitation_servers),
    "core insert": lambda: insert(SERVERS).values(name="x"),
    "insert": lambda: insert(Invitation).values(code="x"),
    "insert of an association": lambda: insert(invitation_servers).values(
        invitation_id=uuid7(), media_server_id=uuid7()
    ),
    "insert from select": lambda: insert(SERVERS).from_select(
        ["name"], select(SERVERS.c.name)
    ),
    "text": lambda: text("SELECT code FROM invitations"),
    "text with columns": lambda: text("SELECT code FROM invitations").columns(
        column("code")
    ),
    "entity from text": lambda: select(Invitation).from_statement(
        text("SELECT * FROM invitations")
    ),
    "literal column": lambda: select(
        literal_column("(SELECT max(code) FROM invitations)", String), _code
    ),
    "text in a where": lambda: select(_code).where(
        text("1 = 1 UNION SELECT code FROM invitations")
    ),
    "text in an order": lambda: select(_code).order_by(
        text("(SELECT code FROM invitations)")
    ),
    "prefix": lambda: select(_code).prefix_with("code FROM invitations UNION SELECT"),
    "hint": lambda: select(_code).with_statement_hint(
        "UNION SELECT code FROM invitations"
    ),
    "operator": lambda: select(
        Invitation.label.op("|| (SELECT max(code) FROM invitations) ||")("")
    ),
    "table by its name": lambda: select(column("code", String)).select_from(
        table("invitations", column("code"))
    ),
}


async def test_orm_statements_meet_only_rows_of_the_workspace(
    session: Session, homes: tuple[Home, Home]
) -> None:
    for name, build in LIMITED.items():
        async with session.begin_nested() as savepoint:
            found = (await session.execute(build())).unique().all()
            assert "there" not in _shown(found), name
            assert name == "only in where" or "here" in _shown(found), name
            await savepoint.rollback()
        session.expunge_all()


async def test_what_is_not_limited_to_the_workspace_is_refused(
    database: Database, homes: tuple[Home, Home]
) -> None:
    answered: list[str] = []
    for name, build in REFUSED.items():
        async with database.scoped(homes[0].workspace_id) as session:
            try:
                await session.execute(build())
                answered.append(name)
            except WorkspaceMissingError:
                await session.rollback()
    assert answered == []
    async with database.unscoped("set-up", reading=True) as session:
        assert len((await session.scalars(select(Invitation.label))).all()) == 2


async def test_every_method_of_a_session_refuses_it(
    database: Database, homes: tuple[Home, Home]
) -> None:
    rows = select(INVITATIONS.c.code)
    asks: list[Callable[[Session], Any]] = [
        lambda session: session.execute(rows),
        lambda session: session.scalar(rows),
        lambda session: session.scalars(rows),
        lambda session: session.stream(rows),
        lambda session: session.stream_scalars(rows),
        lambda session: session.connection(),
        lambda session: session.run_sync(lambda sync: sync.execute(rows)),
        lambda session: session.run_sync(lambda sync: sync.query(ALIAS).all()),
        lambda session: session.run_sync(lambda sync: sync.connection().execute(rows)),
        lambda session: session.run_sync(
            lambda sync: sync.connection().exec_driver_sql("SELECT 1")
        ),
        lambda session: session.run_sync(
            lambda sync: sync.bulk_insert_mappings(
                Invitation.__mapper__, [{"code": "x"}]
            )
        ),
        lambda session: session.run_sync(
            lambda sync: sync.bulk_update_mappings(
                Invitation.__mapper__, [{"id": homes[1].invitation.id, "label": "x"}]
            )
        ),
        lambda session: session.execute(insert(Invitation), [{"code": "x"}]),
        lambda session: session.execute(
            update(Invitation), [{"id": homes[1].invitation.id, "label": "x"}]
        ),
    ]
    answered: list[int] = []
    for number, ask in enumerate(asks):
        for reading in (False, True):
            home = homes[0].workspace_id
            async with database.scoped(home, reading=reading) as session:
                try:
                    await ask(session)
                    answered.append(number)
                except WorkspaceMissingError:
                    await session.rollback()
    assert answered == []


async def test_a_core_statement_is_legal_with_the_criterion(
    session: Session, homes: tuple[Home, Home]
) -> None:
    mine = session.owns(INVITATIONS)
    rows = select(INVITATIONS.c.code).where(mine)
    assert (await session.scalars(rows)).all() == ["HERE"]
    joined = rows.join_from(
        INVITATIONS,
        invitation_servers,
        invitation_servers.c.invitation_id == INVITATIONS.c.id,
    )
    assert (await session.scalars(joined)).all() == ["HERE"]
    both = select(INVITATIONS.c.code, SERVERS.c.name).where(mine)
    with pytest.raises(WorkspaceMissingError):
        await session.execute(both)
    found = await session.execute(both.where(session.owns(SERVERS)))
    assert _shown(found) == "here here"
    changed = update(INVITATIONS).where(and_(mine, INVITATIONS.c.enabled))
    changed = changed.values(label="new").returning(INVITATIONS.c.code)
    assert (await session.scalars(changed)).all() == ["HERE"]
    assert await session.scalar(select(Invitation.label)) == "new"


async def test_rows_that_are_streamed_are_those_of_the_workspace(
    session: Session, homes: tuple[Home, Home]
) -> None:
    assert homes[0].name == "here"
    for name in ("a", "b", "c"):
        session.add(Invitation(code=name, label="here"))
    await session.flush()
    rows = select(_code).order_by(_code).execution_options(yield_per=2)
    found = [code async for code in await session.stream_scalars(rows)]
    assert sorted(found) == ["HERE", "a", "b", "c"]
    first = await session.stream(select(_code).where(_code == "a"))
    assert await first.fetchone() == ("a",)
    assert await first.fetchone() is None


async def test_a_statement_made_for_one_workspace_does_not_run_in_another(
    database: Database, homes: tuple[Home, Home]
) -> None:
    async with database.scoped(homes[1].workspace_id, reading=True) as there:
        rows = select(INVITATIONS.c.code).where(there.owns(INVITATIONS))
        assert (await there.scalars(rows)).all() == ["THERE"]
    async with database.scoped(homes[0].workspace_id, reading=True) as here:
        with pytest.raises(WorkspaceMissingError):
            await here.scalars(rows)


async def test_a_row_of_another_workspace_can_be_neither_changed_nor_linked(
    database: Database, homes: tuple[Home, Home]
) -> None:
    here, there = homes

    def change(session: Session) -> None:
        session.add(there.invitation)
        there.invitation.label = "changed"

    def unknown(session: Session) -> None:
        row = Invitation(id=there.invitation.id)
        make_transient_to_detached(row)
        session.add(row)

    def add(session: Session) -> None:
        row = MediaServer(
            name="x", server_type=ServerType.JELLYFIN, url="http://x", api_key=""
        )
        row.workspace_id = there.workspace_id
        session.add(row)

    def link(session: Session) -> None:
        session.add(Invitation(code="NEW", servers=[there.server]))

    def move(session: Session) -> None:
        session.add(here.invitation)
        here.invitation.workspace_id = there.workspace_id

    def nobodys(session: Session) -> None:
        session.add(Workspace(name="one more"))

    for act in (change, unknown, add, link, move, nobodys):
        with pytest.raises(WorkspaceMissingError):  # noqa: PT012
            async with database.scoped(here.workspace_id) as session:
                act(session)
                await session.flush()
                pytest.fail(act.__name__)
    async with database.unscoped("set-up", reading=True) as session:
        labels = await session.scalars(select(Invitation.label))
        assert sorted(map(str, labels)) == ["here", "there"]


async def test_a_session_for_nobody_reads_nothing(database: Database) -> None:
    session = Session(database.engine)
    with pytest.raises(RepositoryError):
        await session.scalars(select(Invitation))
    with pytest.raises(RepositoryError):
        await session.execute(text("SELECT 1"))
    await session.close()

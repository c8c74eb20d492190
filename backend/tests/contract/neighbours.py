"""Two workspaces in one installation, each with a server, people and invitations."""

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Any
from uuid import UUID, uuid7

import httpx2
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.plex.pins import approve
from media_server_simulators.server import serve
from sqlalchemy import Table, exists, select
from tests.accounts.conftest import House, cheap_hasher, open_house
from tests.contract.requested import add_requests
from tests.simulated import SimulatedPlex, leave_nothing_due, playing_plex

from zondarr.accounts.models import Account
from zondarr.accounts.passwords import Passwords
from zondarr.catalogue.models import SyncPage
from zondarr.config import Settings
from zondarr.container import Container
from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.core.durable.models import Crash
from zondarr.invitations.models import Leftover
from zondarr.jobs.schedule import schedule
from zondarr.tables import Base

API = "/api/v1"
PASSWORD = "correct horse battery"


@dataclass(frozen=True, kw_only=True)
class Home:
    """One workspace: its owner's browser, and the id of one thing of each kind.

    `ids` maps the part of an address before `{id}` to what may stand there, and the
    last two parts before `{pin_id}`.
    """

    name: str
    email: str
    code: str
    workspace_id: UUID
    browser: httpx2.AsyncClient
    simulator: JellyfinSimulator
    url: str
    seerr: Mapping[str, str]
    """The address of its Seerr, and the key."""
    ids: Mapping[str, str]
    libraries: Sequence[str]
    token: str
    """The id and token for a redemption's progress."""


@dataclass(frozen=True, kw_only=True)
class Street:
    """Who asks, and who must notice nothing of it."""

    container: Container
    here: Home
    next_door: Home
    document: Mapping[str, Any]


@asynccontextmanager
async def open_street(settings: Settings) -> AsyncGenerator[Street]:
    passwords = Passwords(cheap_hasher())
    house = open_house(settings, passwords)
    container = house.container
    schedule(container)
    await leave_nothing_due(container)
    try:
        async with container.durable, AsyncExitStack() as stack:
            plex = await stack.enter_async_context(playing_plex())
            container.registry.configure(plex.options)
            here = await _furnish(house, stack, plex, "Anna")
            next_door = await _furnish(house, stack, plex, "Bert")
            document = await here.browser.get("/docs/openapi.json")
            yield Street(
                container=container,
                here=here,
                next_door=next_door,
                document=document.json(),
            )
    finally:
        passwords.close()
        await container.database.close()


async def _furnish(
    house: House, stack: AsyncExitStack, plex: SimulatedPlex, name: str
) -> Home:
    email, code = f"{name}@example.org".lower(), f"{name}-INVITES".upper()
    owner = await house.container.accounts.create_workspace(
        f"{name}'s place", email=email, password=PASSWORD
    )
    simulator = JellyfinSimulator(make_world(items=12, people=1))
    url = await stack.enter_async_context(serve(simulator))
    other, browser = [
        await stack.enter_async_context(house.browser()) for _ in range(2)
    ]
    for one in (other, browser):
        assert (await house.sign_in(one, email, PASSWORD)).is_success
    server = await post(
        browser, "/servers", name=f"{name} TV", url=url, api_key=simulator.api_key
    )
    libraries = await items(browser, f"/servers/{server['id']}/libraries")
    invitation = await post(
        browser,
        "/invitations",
        code=code,
        label=f"{name} invites",
        server_ids=[server["id"]],
        library_ids=[one["id"] for one in libraries[:2]],
    )
    joined = await post(
        browser, f"/join/{code}", username=f"{name}.guest", password="a guest's own"
    )
    await house.container.redemptions.workflow.wait(joined["redemption_id"])
    sync = await post(browser, f"/servers/{server['id']}/sync")
    await house.container.sync_workflow.workflow.wait(UUID(sync["run_id"]))
    title = await _catalogue(house.container, browser, url)
    await _sync_page(house.container.database, owner, UUID(server["id"]))
    protection = await post(
        browser, "/protections", scope={"title_id": title}, insight="unwatched"
    )
    movies = next(each["id"] for each in libraries if each["name"] == "Movies")
    await post(browser, "/protections", scope={"library_id": movies})
    (user,) = await items(browser, "/users?q=guest")
    requested = await add_requests(
        house.container,
        browser,
        owner,
        stack,
        title_id=title,
        identity_id=user["identity_id"],
    )
    sessions = await items(browser, "/sessions")
    return Home(
        name=name,
        email=email,
        code=code,
        workspace_id=owner.workspace_id,
        browser=browser,
        simulator=simulator,
        url=url,
        seerr=requested.seerr,
        ids={
            "servers": server["id"],
            "invitations": invitation["id"],
            "identities": user["identity_id"],
            "users": user["id"],
            "runs": sync["run_id"],
            "titles": title,
            "protections": protection["id"],
            "libraries": movies,
            **requested.ids,
            "leftovers": await _leftover(
                house.container.database, owner, UUID(server["id"])
            ),
            "set-aside": await _set_aside(house.container.database, owner),
            "sessions": next(one["id"] for one in sessions if not one["current"]),
            "redemptions": joined["redemption_id"],
            "plex/pin": await _link(browser, plex, "/plex/pin"),
            "oauth/pin": await _link(browser, plex, "/join/plex/oauth/pin"),
        },
        libraries=[one["id"] for one in libraries],
        token=joined["token"],
    )


async def _catalogue(
    container: Container, browser: httpx2.AsyncClient, url: str
) -> str:
    """The id of a film that somebody watched, in a catalogue that was read."""
    changed = await browser.patch(f"{API}/settings", json={"sync_hour": 3})
    assert changed.is_success, changed.text
    world = make_world(items=12, people=1)
    film = next(each for each in world.titles if each.kind == "Movie")
    async with httpx2.AsyncClient() as http:
        play = {"user": world.administrator.name, "item": film.id}
        assert (await http.post(f"{url}/_simulator/play", json=play)).is_success
    sync = await browser.post(f"{API}/catalogue/sync", json={})
    await container.catalogue_syncs.all.wait(UUID(sync.json()["run_id"]))
    (title,) = await items(browser, "/titles?watched=true")
    return title["id"]


async def _sync_page(database: Database, owner: Account, server_id: UUID) -> None:
    """What a sync that was cut off has left."""
    row = SyncPage(
        media_server_id=server_id,
        run_id=uuid7(),
        key="0/0",
        seen=b"",
        items=b"",
        has_items=False,
    )
    async with database.scoped(owner.workspace_id) as session:
        session.add(row)


async def _set_aside(database: Database, owner: Account) -> str:
    """Work of the workspace that the process died of too often."""
    key = str(uuid7())
    crash = Crash(
        key=key,
        workflow_id=key,
        name="lost",
        owner_id=owner.workspace_id,
        count=3,
        set_aside_at=utc_now(),
    )
    async with database.unscoped("durable work") as session:
        session.add(crash)
    return str(crash.id)


async def _leftover(database: Database, owner: Account, server_id: UUID) -> str:
    """An account that may be left on a server which did not answer.

    It was tried just now and a day long, so the job leaves it alone for an hour.
    """
    now = utc_now()
    row = Leftover(
        media_server_id=server_id,
        guest_name="Gone",
        plan="sealed",
        created_at=now - timedelta(days=1),
        tried_at=now,
    )
    async with database.scoped(owner.workspace_id) as session:
        session.add(row)
    return str(row.id)


async def _link(browser: httpx2.AsyncClient, plex: SimulatedPlex, path: str) -> str:
    """A sign-in with Plex that was approved."""
    begun = await post(browser, path)
    assert approve(plex.world, begun["code"], plex.world.owner)
    state = await browser.get(f"{API}{path}/{begun['pin_id']}")
    assert state.json()["authenticated"], state.text
    return begun["pin_id"]


async def post(browser: httpx2.AsyncClient, path: str, **body: Any) -> Any:
    answer = await browser.post(f"{API}{path}", json=body or None)
    assert answer.is_success, answer.text
    return answer.json()


async def items(browser: httpx2.AsyncClient, path: str) -> list[Any]:
    answer = await browser.get(f"{API}{path}")
    assert answer.is_success, answer.text
    return answer.json()["items"]


async def runs_are_over(browser: httpx2.AsyncClient) -> None:
    """Wait for all long work of the workspace."""
    ongoing = True
    async with asyncio.timeout(20):
        while ongoing:
            await asyncio.sleep(0.05)
            runs = await items(browser, "/runs")
            ongoing = any(one["status"] in {"queued", "running"} for one in runs)


async def rows_of(database: Database, workspace_id: UUID) -> dict[str, list[str]]:
    """All that is stored of a workspace, exactly, table by table."""
    async with database.unscoped("command line", reading=True) as session:
        found: dict[str, list[str]] = {}
        for table in owned_tables():
            rows = select(table).where(belongs_to(table, workspace_id))
            answer = await session.execute(rows)
            found[table.name] = sorted(repr(tuple(row)) for row in answer)
    return found


def owned_tables() -> list[Table]:
    """Every table whose rows belong to a workspace, by a column or by what they join.

    A table that is in neither group is nobody's, and is named here, so that a new one
    cannot be forgotten.
    """
    nobodys = {
        "installation",
        "plex_device",
        "rate_limits",
        "replicas",
        "ticks",
        "workflow_crashes",
    }
    # Of a browser or an account, for an hour; no list shows them.
    nobodys |= {"plex_sign_ins"}
    tables = Base.metadata.sorted_tables
    assert nobodys <= {table.name for table in tables}
    return [table for table in tables if table.name not in nobodys]


def belongs_to(table: Table, workspace_id: UUID) -> Any:
    """The condition that a row is of that workspace."""
    if table.name == "workspaces":
        return table.c.id == workspace_id
    if "workspace_id" in table.c:
        return table.c.workspace_id == workspace_id
    (key,) = (
        key for key in table.foreign_keys if key.column.table.name == "invitations"
    )
    invitations = key.column.table
    return exists().where(
        invitations.c.id == key.parent, invitations.c.workspace_id == workspace_id
    )


def ids_in(rows: Mapping[str, Sequence[str]]) -> set[str]:
    """Every id in such rows."""
    found = (re.findall(r"UUID\('([^']+)'\)", row) for row in chain(*rows.values()))
    return set(chain(*found))

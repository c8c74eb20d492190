"""The running program with a Seerr, whose requests are rows that tests add."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid7

import httpx2
import pytest
from sqlalchemy import select
from tests.simulated import QUICK, browsing

from zondarr.accounts.models import Workspace
from zondarr.catalogue.models import Title, TitleKind
from zondarr.config import Settings
from zondarr.core.clock import utc_now
from zondarr.core.database import Database
from zondarr.media.requests import RequestProduct
from zondarr.requests.models import (
    MediaRequest,
    RequestedSeason,
    Requester,
    RequestServer,
    RequestTitle,
    RequestTitleSeason,
)

DAY = timedelta(days=1)
LONG_AGO = -400
"""In days from today."""


def day(days: int) -> date:
    return utc_now().date() + days * DAY


@dataclass
class Desk:
    """Whoever looks at requests. `ids` are those of requests, by their numbers."""

    browser: httpx2.AsyncClient
    database: Database
    workspace_id: UUID
    server_id: UUID = field(default_factory=uuid7)
    requesters: dict[str, UUID] = field(default_factory=dict)
    ids: dict[int, UUID] = field(default_factory=dict)

    async def store(self, *rows: Any) -> None:
        async with self.database.scoped(self.workspace_id) as session:
            for row in rows:
                session.add(row)
                await session.flush()

    async def connect(self, **more: Any) -> None:
        server = RequestServer(
            id=self.server_id,
            url="http://seerr:5055/base",
            api_key="sealed",
            product=RequestProduct.SEERR,
            **{"synced_at": utc_now(), **more},
        )
        await self.store(server)

    async def requester(self, name: str, **more: Any) -> UUID:
        self.requesters[name] = own = uuid7()
        number = len(self.requesters)
        await self.store(
            Requester(
                id=own, server_id=self.server_id, external_id=number, name=name, **more
            )
        )
        return own

    async def ask(  # noqa: PLR0913 — each is a property of a request
        self,
        *,
        kind: TitleKind = TitleKind.MOVIE,
        request: int = 2,
        media: int = 3,
        asked: int = LONG_AGO,
        by: str | None = None,
        dates: Mapping[str, int] | None = None,
        seasons: Mapping[int, Mapping[str, Any]] | None = None,
        unrequested: Mapping[int, Mapping[str, Any]] | None = None,
        name: str = "",
        **more: Any,
    ) -> int:
        """Add a request, approved at once, with its title; its number.

        Dates are in days from today: `released_on` of the film is long ago unless
        `dates` says otherwise; `seasons` have `first`, `last`, and columns.
        """
        number = len(self.ids) + 1
        self.ids[number] = own = uuid7()
        if by is not None and by not in self.requesters:
            await self.requester(by)
        at = utc_now() + asked * DAY
        known = {"released_on": LONG_AGO} if dates is None else dates
        title = RequestTitle(
            id=uuid7(),
            server_id=self.server_id,
            kind=kind,
            tmdb=str(number),
            name=name or f"Title {number}",
            year=2020,
            looked_up_at=utc_now(),
            **{each: day(days) for each, days in known.items()},
        )
        row: dict[str, Any] = {
            "tmdb": str(number),
            "requested_at": at,
            "modified_at": at,
            "approved_at": None if request == 1 else at,
            **more,
        }
        await self.store(
            title,
            MediaRequest(
                id=own,
                server_id=self.server_id,
                external_id=number,
                kind=kind,
                request_status=request,
                media_status=media,
                requester_id=by and self.requesters[by],
                **row,
            ),
        )
        for each, facts in (seasons or {}).items():
            own_columns = {k: v for k, v in facts.items() if k in {"held", "lost_at"}}
            await self.store(
                RequestedSeason(
                    request_id=own,
                    number=each,
                    status=facts.get("status", request),
                    **own_columns,
                )
            )
        for each, facts in {**(seasons or {}), **(unrequested or {})}.items():
            first, last = facts.get("first"), facts.get("last")
            await self.store(
                RequestTitleSeason(
                    title_id=title.id,
                    number=each,
                    first_aired_on=None if first is None else day(first),
                    last_aired_on=None if last is None else day(last),
                    episodes=facts.get("episodes"),
                    aired=facts.get("aired"),
                )
            )
        return number

    async def title(self, kind: TitleKind = TitleKind.MOVIE, **more: Any) -> UUID:
        """A title of our catalogue."""
        own = uuid7()
        row: dict[str, Any] = {"name": "Ours", "listed": True, **more}
        await self.store(Title(id=own, kind=kind, **row))
        return own

    async def get(self, path: str = "", **params: Any) -> Any:
        answer = await self.browser.get(f"/api/v1/requests{path}", params=params)
        assert answer.is_success, answer.text
        return answer.json()

    async def all(self, **params: Any) -> dict[int, Any]:
        """Every row, by its number."""
        page = await self.get(limit=200, **params)
        assert page["next_cursor"] is None
        return {each["external_id"]: each for each in page["items"]}

    async def states(self, **params: Any) -> dict[int, str]:
        found = await self.all(**params)
        return {number: row["state"] for number, row in found.items()}

    async def one(self, number: int, **params: Any) -> Any:
        return await self.get(f"/{self.ids[number]}", **params)


@pytest.fixture
async def empty_desk(settings: Settings, database: Database) -> AsyncGenerator[Desk]:
    """Without a Seerr."""
    async with browsing(settings, database, QUICK) as browser:
        async with database.unscoped("set-up") as session:
            workspace = (await session.scalars(select(Workspace))).one()
        yield Desk(browser, database, workspace.id)


@pytest.fixture
async def desk(empty_desk: Desk) -> Desk:
    await empty_desk.connect()
    return empty_desk


def days_ago(days: float) -> datetime:
    return utc_now() - days * DAY

"""The SQL criteria of protections and the pure functions say the same."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid7

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from zondarr.accounts.models import Workspace
from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import MediaItem, Title, TitleKind
from zondarr.core.database import Database, Session
from zondarr.media.types import ItemKind, ServerType
from zondarr.protections import rules
from zondarr.protections.models import ALL_INSIGHTS, Protection
from zondarr.protections.repository import (
    ProtectionRepository,
    exempt,
    exempt_parts,
    language_overrides,
    overridden_titles,
    quiets,
)
from zondarr.servers.models import Library, MediaServer

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
SHOWS, LIBRARIES, SEASONS, NUMBERS = range(3), range(2), (0, 1), (1, 2)

type Drawn = tuple[Mapping[str, Any], datetime | None]


def _scope_and_insight(drawn: Drawn) -> str:
    names = ("show", "season", "number", "library", "insight")
    return repr([drawn[0].get(name) for name in names])


expiries = st.sampled_from(
    [None, NOW - timedelta(days=1), NOW, NOW + timedelta(microseconds=1)]
)
tags = st.sampled_from([None, [], ["fr"], ["fr", "en"]])
quiet = st.sampled_from([ALL_INSIGHTS, *Insight])
whole = st.fixed_dictionaries({"show": st.sampled_from(SHOWS), "insight": quiet})
override = st.fixed_dictionaries(
    {
        "show": st.sampled_from(SHOWS),
        "insight": st.just(Insight.LANGUAGE),
        "audio": tags,
        "subtitles": tags,
    }
)
season = st.fixed_dictionaries(
    {
        "show": st.sampled_from(SHOWS),
        "season": st.sampled_from(SEASONS),
        "insight": quiet,
    }
)
episode = st.fixed_dictionaries(
    {
        "show": st.sampled_from(SHOWS),
        "season": st.sampled_from(SEASONS),
        "number": st.sampled_from(NUMBERS),
        "insight": quiet,
    }
)
library = st.fixed_dictionaries(
    {"library": st.sampled_from(LIBRARIES), "insight": quiet}
)
protections = st.lists(
    st.tuples(st.one_of(whole, override, season, episode, library), expiries),
    max_size=5,
    unique_by=_scope_and_insight,
)


class Catalogue:
    """Three shows with two seasons of two episodes; the first is in both libraries,
    the second in the first one only, the third is gone from the second one."""

    def __init__(self) -> None:
        self.titles = [uuid7() for _ in SHOWS]
        self.libraries = [uuid7() for _ in LIBRARIES]

    def libraries_of(self, show: int) -> list[UUID]:
        return [self.libraries[:2], self.libraries[:1], []][show]

    async def write(self, session: Session) -> None:
        server = MediaServer(
            name="Attic", server_type=ServerType.JELLYFIN, url="", api_key=""
        )
        session.add(server)
        await session.flush()
        session.add_all(
            Library(
                id=id,
                media_server_id=server.id,
                external_id=str(id),
                name="Shows",
                library_type="tvshows",
            )
            for id in self.libraries  # noqa: A001
        )
        session.add_all(
            Title(id=id, kind=TitleKind.SERIES, name="A show", listed=True)
            for id in self.titles  # noqa: A001
        )
        await session.flush()
        for show in SHOWS:
            for id in self.libraries_of(show) or self.libraries[1:]:  # noqa: A001
                listed = bool(self.libraries_of(show))
                self._add(session, server.id, id, show, listed)

    def _add(
        self,
        session: Session,
        server_id: UUID,
        library_id: UUID,
        show: int,
        listed: bool,
    ) -> None:
        def item(kind: ItemKind, **where: int) -> MediaItem:
            return MediaItem(
                media_server_id=server_id,
                library_id=library_id,
                title_id=self.titles[show],
                kind=kind,
                external_id=str(uuid7()),
                stamp="",
                name="",
                added_at=NOW,
                arrived_at=NOW,
                listed=listed,
                **where,
            )

        session.add(item(ItemKind.SHOW))
        session.add_all(
            item(ItemKind.EPISODE, season=season, number=number)
            for season in SEASONS
            for number in NUMBERS
        )

    def row(self, drawn: Mapping[str, Any], expires_at: datetime | None) -> Protection:
        values = dict(drawn)
        if "show" in values:
            values["title_id"] = self.titles[values.pop("show")]
        if "library" in values:
            values["library_id"] = self.libraries[values.pop("library")]
        return Protection(
            scope_key=repr(sorted(drawn.items())), **values, expires_at=expires_at
        )


@pytest.fixture
async def workspace_id(database: Database) -> UUID:
    workspace = Workspace(name="Home")
    async with database.unscoped("set-up") as session:
        session.add(workspace)
    return workspace.id


@pytest.fixture
async def catalogue(database: Database, workspace_id: UUID) -> Catalogue:
    made = Catalogue()
    async with database.scoped(workspace_id) as session:
        await made.write(session)
    return made


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=protections)
async def test_sql_and_functions_protect_the_same(
    database: Database,
    workspace_id: UUID,
    catalogue: Catalogue,
    drawn: Sequence[Drawn],
) -> None:
    async with database.scoped(workspace_id) as session:
        await session.execute(delete(Protection))
        rows = [catalogue.row(*each) for each in drawn]
        session.add_all(rows)
        await session.flush()
        for insight in Insight:
            await _same_titles(session, catalogue, rows, insight)
            await _same_parts(session, catalogue, rows, insight)
        await _same_overrides(session, catalogue, rows)
        shown = await ProtectionRepository(session).concerning(
            catalogue.titles, now=NOW
        )
        active = {each.id for each in rows if rules.is_active(each, NOW)}
        assert {each.id for each in shown} == active


async def _same_titles(
    session: Session, catalogue: Catalogue, rows: list[Protection], insight: Insight
) -> None:
    found = await session.scalars(
        select(Title.id).where(quiets(insight, NOW, session.workspace_id))
    )
    expected = {
        title_id
        for show, title_id in enumerate(catalogue.titles)
        if rules.quieting(
            rows,
            insight,
            title_id=title_id,
            library_ids=catalogue.libraries_of(show),
            now=NOW,
        )
    }
    assert set(found) == expected


async def _same_parts(
    session: Session, catalogue: Catalogue, rows: list[Protection], insight: Insight
) -> None:
    episode = MediaItem.kind == ItemKind.EPISODE
    columns = MediaItem.title_id, MediaItem.season, MediaItem.number
    chosen = exempt(insight, NOW, session.workspace_id)
    found = await session.execute(select(*columns).where(episode, chosen))
    expected = {
        (title_id, season, number)
        for title_id in catalogue.titles
        for season in SEASONS
        for number in NUMBERS
        if rules.is_exempt(
            rows,
            insight,
            title_id=title_id,
            season=season,
            number=number,
            now=NOW,
        )
    }
    assert {tuple(row) for row in found} == expected
    parts = await session.execute(exempt_parts(insight, NOW, session.workspace_id))
    assert {row[0] for row in parts} == {title_id for title_id, *_ in expected}


async def _same_overrides(
    session: Session, catalogue: Catalogue, rows: list[Protection]
) -> None:
    found: dict[UUID | None, rules.LanguageOverride] = {}
    for each in await language_overrides(session, NOW):
        titles = overridden_titles(each, NOW, session.workspace_id)
        found |= dict.fromkeys(await session.scalars(titles), each)
    expected = {
        title_id: override
        for title_id in catalogue.titles
        if (override := rules.language_override(rows, title_id=title_id, now=NOW))
    }
    assert found == expected

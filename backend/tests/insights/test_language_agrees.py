"""The SQL of the language rule and its function say the same of random libraries."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid7

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from zondarr.accounts.models import Workspace
from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import Arrival, MediaFile, MediaItem, Title, TitleKind
from zondarr.catalogue.publishing import refresh_titles
from zondarr.core.database import Database, Session
from zondarr.insights.facts import LeafFacts, TitleFacts, Verdict, VersionFacts
from zondarr.insights.policy import Policy
from zondarr.insights.rules.language import Language
from zondarr.insights.rules.rule import RuleQuery
from zondarr.media.types import ItemKind, ServerType
from zondarr.protections.models import Protection
from zondarr.protections.repository import language_overrides
from zondarr.protections.rules import is_exempt, language_override
from zondarr.servers.models import Library, MediaServer
from zondarr.settings.definitions import LibraryLanguages

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
DAYS = 1500
LIBRARIES = (uuid7(), uuid7())
RULE = Language()

required = st.sampled_from(
    [(), ("fr",), ("en", "fr"), ("fr-CA",), ("no",), ("original",), ("de", "original")]
)
offered = st.none() | st.sets(
    st.sampled_from(["fr", "en", "fr-CA", "de", "nb", "zxx", "original", "?"]),
    max_size=3,
).map(lambda tags: " ".join(sorted(tags)))


class Copy(NamedTuple):
    """A film or an episode in a library, with the languages of its files."""

    library: int
    season: int
    number: int | None
    versions: list[tuple[str | None, str | None]]


copies = st.builds(
    Copy,
    st.sampled_from((0, 1)),
    st.sampled_from((0, 1)),
    st.sampled_from((None, 1, 2)),
    st.lists(st.tuples(offered, offered), max_size=2),
)


class Drawn(NamedTuple):
    movie: bool
    added: timedelta
    original: str | None
    copies: list[Copy]
    protections: list[Mapping[str, Any]]


protections = st.lists(
    st.fixed_dictionaries(
        {"season": st.sampled_from((0, 1)), "number": st.sampled_from((None, 1))}
    )
    | st.fixed_dictionaries({"audio": required.map(list)})
    | st.fixed_dictionaries({"audio": required.map(list), "subtitles": st.just([])}),
    max_size=2,
    unique_by=lambda each: "audio" in each,
)
drawn_titles = st.builds(
    Drawn,
    st.booleans(),
    st.sampled_from((timedelta(), timedelta(DAYS), timedelta(DAYS, microseconds=1))),
    st.sampled_from((None, "fr", "en-GB")),
    st.lists(copies, min_size=1, max_size=4),
    protections,
)
policies = st.builds(
    Policy,
    audio=required,
    subtitles=required,
    strict=st.booleans(),
    specials=st.booleans(),
    language_added_within_days=st.sampled_from((None, DAYS)),
    library_languages=st.just(())
    | st.tuples(
        st.builds(
            LibraryLanguages,
            library_id=st.just(LIBRARIES[0]),
            audio=required.map(list),
            subtitles=st.just([]),
        )
    ),
)


@pytest.fixture
async def workspace_id(database: Database) -> UUID:
    workspace = Workspace(name="Home")
    async with database.unscoped("set-up") as session:
        session.add(workspace)
    async with database.scoped(workspace.id) as session:
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
                name="Library",
                library_type="mixed",
            )
            for id in LIBRARIES  # noqa: A001
        )
    return workspace.id


async def _write(session: Session, drawn: Drawn) -> tuple[TitleFacts, list[Protection]]:
    """Store the title; returns what is known of it, from what was drawn."""
    title = Title(
        kind=TitleKind.MOVIE if drawn.movie else TitleKind.SERIES,
        name="A title",
        listed=True,
        added_at=NOW - drawn.added,
        original_language=drawn.original,
    )
    session.add(title)
    await session.flush()
    rows = [
        Protection(
            title_id=title.id, insight=Insight.LANGUAGE, **each, scope_key=repr(n)
        )
        for n, each in enumerate(drawn.protections)
    ]
    for row in rows:
        row.scope_key = f"{title.id}:{row.scope_key}"
    session.add_all(rows)
    leaves = [await _write_copy(session, title, each, rows) for each in drawn.copies]
    return TitleFacts(
        id=title.id,
        kind=title.kind,
        name="A title",
        size=0,
        added_at=title.added_at,
        arrived_at=NOW,
        last_activity=None,
        undated_play=False,
        favourite=False,
        original_language=drawn.original,
        language_override=language_override(rows, title_id=title.id, now=NOW),
        leaves=leaves,
    ), rows


async def _write_copy(
    session: Session, title: Title, copy: Copy, protections: Sequence[Protection]
) -> LeafFacts:
    movie = title.kind is TitleKind.MOVIE
    library = await session.get_one(Library, LIBRARIES[copy.library])
    item = MediaItem(
        media_server_id=library.media_server_id,
        library_id=library.id,
        title_id=title.id,
        kind=ItemKind.MOVIE if movie else ItemKind.EPISODE,
        external_id=str(uuid7()),
        stamp="",
        name="",
        season=None if movie else copy.season,
        number=None if movie else copy.number,
        added_at=title.added_at,
        arrived_at=NOW,
        listed=True,
    )
    session.add(item)
    await session.flush()
    session.add_all(
        MediaFile(
            item_id=item.id, place=place, path="", audio=audio, subtitles=subtitles
        )
        for place, (audio, subtitles) in enumerate(copy.versions)
    )
    exempt = is_exempt(
        protections,
        Insight.LANGUAGE,
        title_id=title.id,
        season=item.season,
        number=item.number,
        now=NOW,
    )
    return LeafFacts(
        item_id=item.id,
        library_id=library.id,
        is_movie=movie,
        season=item.season,
        number=item.number,
        arrived_at=NOW,
        arrival=Arrival.NEW,
        versions=[
            VersionFacts(size=1, audio=audio, subtitles=subtitles)
            for audio, subtitles in copy.versions
        ],
        exempt=frozenset([Insight.LANGUAGE] if exempt else ()),
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(library=st.lists(drawn_titles, min_size=1, max_size=6), policy=policies)
async def test_sql_and_function_judge_the_same(
    database: Database, workspace_id: UUID, library: list[Drawn], policy: Policy
) -> None:
    async with database.scoped(workspace_id) as session:
        await session.execute(delete(Protection))
        await session.execute(delete(Title))
        written = [await _write(session, each) for each in library]
        await session.flush()
        ids = [facts.id for facts, _ in written]
        await refresh_titles(session, ids, publishing=None)
        query = RuleQuery(
            workspace_id=workspace_id,
            now=NOW,
            policy=policy,
            exempting=frozenset({Insight.LANGUAGE}),
            language_overrides=await language_overrides(session, NOW),
        )
        by_sql: dict[Verdict, set[UUID]] = {}
        for verdict, condition in (
            (Verdict.FINDING, RULE.finding(query)),
            (Verdict.UNDECIDED, RULE.undecided(query)),
        ):
            found = await session.scalars(select(Title.id).where(condition))
            by_sql[verdict] = set(found)
        by_function = {
            verdict: {
                facts.id
                for facts, _ in written
                if RULE.judge(facts, policy, NOW).verdict is verdict
            }
            for verdict in by_sql
        }
        assert by_sql == by_function
        relevant = set(
            await session.scalars(select(MediaItem.id).where(RULE.relevant(query)))
        )
        _reasons_need_no_other_leaves(written, policy, relevant)


def _reasons_need_no_other_leaves(
    written: Sequence[tuple[TitleFacts, Any]], policy: Policy, relevant: set[UUID]
) -> None:
    for facts, _ in written:
        leaves = [each for each in facts.leaves if each.item_id in relevant]
        fewer = TitleFacts(
            **{
                name: getattr(facts, name)
                for name in TitleFacts.__struct_fields__
                if name != "leaves"
            },
            leaves=leaves,
        )
        assert RULE.judge(fewer, policy, NOW) == RULE.judge(facts, policy, NOW)

"""Loads the facts of titles, in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import or_, true

from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import NEVER, Title, TitleKind
from zondarr.catalogue.schemas import Copy
from zondarr.core.database import Session
from zondarr.insights.context import Context
from zondarr.insights.facts import (
    AccountFacts,
    Activity,
    LeafFacts,
    LibraryFacts,
    SizeFacts,
    TitleFacts,
    UndatedPlay,
    sizes_of,
)
from zondarr.insights.repository import FactRepository, ServerState
from zondarr.insights.rules import Need, Rule
from zondarr.media.catalogue import WatchDetail
from zondarr.media.registry import ClientRegistry
from zondarr.protections.models import Protection
from zondarr.protections.repository import ProtectionRepository, exempt
from zondarr.protections.rules import is_exempt, language_override


class Loaded(Struct, frozen=True, kw_only=True):
    """The facts of titles, and the active protections that may concern them."""

    facts: Mapping[UUID, TitleFacts]
    protections: Sequence[Protection]


class _Plays(Struct, frozen=True, kw_only=True):
    finished: set[UUID] | None = None
    undated: Mapping[UUID, Sequence[UndatedPlay]] = {}


class FactLoader:
    def __init__(self, session: Session, registry: ClientRegistry) -> None:
        self.registry = registry
        self.facts = FactRepository(session)
        self.protections = ProtectionRepository(session)

    async def load(
        self,
        titles: Sequence[Title],
        copies: Mapping[UUID, Sequence[Copy]],
        rules: Sequence[Rule],
        context: Context,
    ) -> Loaded:
        """The facts of a page of titles, as far as the rules need them; `copies` are
        the listed ones.
        """
        query, ids = context.query, [each.id for each in titles]
        needs = {need for rule in rules for need in rule.needs}
        sizes: Mapping[UUID, Sequence[SizeFacts]] = {}
        leaves: Mapping[UUID, Sequence[LeafFacts]] = {}
        if titles and Need.SIZES in needs:
            large = Insight.LARGE
            left_out = None
            if large in query.exempting:
                left_out = exempt(large, query.now, query.workspace_id)
            sizes = await self.facts.sizes(ids, left_out)
        if titles and Need.LEAVES in needs:
            relevant = or_(*(rule.relevant(query) for rule in rules))
            leaves = await self.facts.leaves(ids, relevant)
        return await self._complete(titles, copies, context, needs, sizes, leaves)

    async def load_whole(
        self,
        titles: Sequence[Title],
        copies: Mapping[UUID, Sequence[Copy]],
        context: Context,
    ) -> Loaded:
        """All facts of some titles: the sizes are summed up here, from all files."""
        ids = [each.id for each in titles]
        leaves = await self.facts.leaves(ids, true())
        return await self._complete(titles, copies, context, set(Need), None, leaves)

    async def _complete(
        self,
        titles: Sequence[Title],
        copies: Mapping[UUID, Sequence[Copy]],
        context: Context,
        needs: set[Need],
        sizes: Mapping[UUID, Sequence[SizeFacts]] | None,
        leaves: Mapping[UUID, Sequence[LeafFacts]],
    ) -> Loaded:
        if not titles:
            return Loaded(facts={}, protections=())
        now = context.query.now
        played = {e.id: e.active_at for e in titles if e.active_at > NEVER}
        activity = await self.facts.activity(played)
        plays = await self._plays(titles) if Need.PLAYS in needs else _Plays()
        libraries = self._libraries(copies, context.surroundings.servers)
        protections: Sequence[Protection] = ()
        if context.revision.protections:
            protections = await self.protections.concerning(
                [each.id for each in titles], now=now
            )
        facts: dict[UUID, TitleFacts] = {}
        for title in titles:
            mine = [
                replace(each, exempt=_exempting(protections, title.id, each, context))
                for each in leaves.get(title.id, ())
            ]
            here = [libraries[each.id] for each in copies.get(title.id, ())]
            facts[title.id] = TitleFacts(
                id=title.id,
                kind=title.kind,
                name=title.name,
                size=title.size,
                added_at=title.added_at,
                arrived_at=title.arrived_at,
                last_activity=_activity(title, activity.get(title.id)),
                undated_play=title.undated_play,
                favourite=title.favourite,
                original_language=title.original_language,
                language_override=language_override(
                    protections, title_id=title.id, now=now
                ),
                finished=_finished(title, plays),
                undated_plays=plays.undated.get(title.id, ()),
                libraries=here,
                accounts=_accounts(context.unread, here),
                sizes=sizes_of(mine) if sizes is None else sizes.get(title.id, ()),
                leaves=mine,
            )
        return Loaded(facts=facts, protections=protections)

    async def _plays(self, titles: Sequence[Title]) -> _Plays:
        played = [
            each.id
            for each in titles
            if each.kind is TitleKind.MOVIE and each.active_at > NEVER
        ]
        undated = [each.id for each in titles if each.undated_play]
        return _Plays(
            finished=await self.facts.finished(played),
            undated=await self.facts.undated_plays(undated),
        )

    def _libraries(
        self,
        copies: Mapping[UUID, Sequence[Copy]],
        servers: Mapping[UUID, ServerState],
    ) -> Mapping[UUID, LibraryFacts]:
        """By the copy."""
        found: dict[UUID, LibraryFacts] = {}
        for copy in (each for some in copies.values() for each in some):
            server = servers[copy.server_id]
            details = self.registry.get_info(server.server_type).watch_details
            found[copy.id] = LibraryFacts(
                id=copy.library_id,
                name=copy.library,
                server_id=copy.server_id,
                server=copy.server,
                arrived_at=copy.arrived_at,
                sees_marks=WatchDetail.MARKED_BY_HAND in details,
                as_of=server.as_of,
            )
        return found


def _exempting(
    protections: Iterable[Protection],
    title_id: UUID,
    leaf: LeafFacts,
    context: Context,
) -> frozenset[Insight]:
    return frozenset(
        insight
        for insight in context.query.exempting
        if is_exempt(
            protections,
            insight,
            title_id=title_id,
            season=leaf.season,
            number=leaf.number,
            now=context.query.now,
        )
    )


def _activity(title: Title, found: Activity | None) -> Activity | None:
    """Of a server that was removed, only the time is known."""
    if title.active_at == NEVER or found is not None:
        return found
    return Activity(at=title.active_at)


def _finished(title: Title, plays: _Plays) -> bool | None:
    if plays.finished is None or title.kind is not TitleKind.MOVIE:
        return None
    return title.id in plays.finished


def _accounts(
    unread: Iterable[AccountFacts], libraries: Iterable[LibraryFacts]
) -> list[AccountFacts]:
    """Those that may see one of the libraries."""
    here = {each.id for each in libraries}
    return [each for each in unread if each.library_ids & here]

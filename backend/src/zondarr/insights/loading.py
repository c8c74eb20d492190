"""Loads the facts of titles: only what the given rules need."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import or_

from zondarr.catalogue.models import NEVER, Title
from zondarr.catalogue.schemas import Copy
from zondarr.core.database import Session
from zondarr.insights.facts import (
    Activity,
    LeafFacts,
    LibraryFacts,
    SizeFacts,
    TitleFacts,
)
from zondarr.insights.repository import FactRepository
from zondarr.insights.rules import Need, Rule, RuleQuery


class FactLoader:
    def __init__(self, session: Session) -> None:
        self.facts = FactRepository(session)

    async def load(
        self,
        titles: Sequence[Title],
        copies: Mapping[UUID, Sequence[Copy]],
        rules: Sequence[Rule],
        query: RuleQuery,
    ) -> Mapping[UUID, TitleFacts]:
        """The facts of these titles, whose listed copies are given."""
        if not titles:
            return {}
        ids = [each.id for each in titles]
        needs = {need for rule in rules for need in rule.needs}
        activity = await self.facts.activity(
            [each.id for each in titles if each.active_at > NEVER]
        )
        sizes: Mapping[UUID, Sequence[SizeFacts]] = {}
        leaves: Mapping[UUID, Sequence[LeafFacts]] = {}
        if Need.SIZES in needs:
            sizes = await self.facts.sizes(ids)
        if Need.LEAVES in needs:
            relevant = or_(*(rule.relevant(query) for rule in rules))
            leaves = await self.facts.leaves(ids, relevant, tracks=Need.TRACKS in needs)
        return {
            title.id: TitleFacts(
                id=title.id,
                kind=title.kind,
                name=title.name,
                size=title.size,
                added_at=title.added_at,
                arrived_at=title.arrived_at,
                last_activity=_activity(title, activity.get(title.id)),
                undated_play=title.undated_play,
                favourite=title.favourite,
                libraries=[_library(each) for each in copies.get(title.id, ())],
                sizes=sizes.get(title.id, ()),
                leaves=leaves.get(title.id, ()),
            )
            for title in titles
        }


def _activity(title: Title, found: Activity | None) -> Activity | None:
    """Of a server that was removed, only the time is known."""
    if title.active_at == NEVER or found is not None:
        return found
    return Activity(at=title.active_at, account=None, server_id=None, server=None)


def _library(copy: Copy) -> LibraryFacts:
    return LibraryFacts(
        id=copy.library_id,
        name=copy.library,
        server_id=copy.server_id,
        server=copy.server,
        arrived_at=copy.arrived_at,
        sees_marks=True,
    )

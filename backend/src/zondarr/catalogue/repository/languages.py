"""What titles offer: each distinct combination is stored once."""

from collections.abc import Collection, Iterable, Mapping
from itertools import batched
from uuid import UUID

from sqlalchemy import delete, exists, or_, select

from zondarr.catalogue.languages.combinations import LeafOffer, TitleOffer
from zondarr.catalogue.languages.models import (
    LeafLanguages,
    LeafVersion,
    TitleLanguages,
    TitleLeafLanguages,
)
from zondarr.catalogue.models import MediaItem, Title
from zondarr.core.database import Session, among

MANY = 1000
UNTRACKED = {"synchronize_session": False}


class LanguageRepository:
    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def add(self, titles: Collection[TitleOffer]) -> None:
        """Store the combinations that are not there yet."""
        sets = {each.id: {own for own, _ in each.leaves.values()} for each in titles}
        new = sets.keys() - await self._known(TitleLanguages, sets)
        if not new:
            return
        leaves = dict(pair for each in titles for pair in each.leaves.values())
        await self._add_leaves(leaves)
        rows = [{"id": each} for each in new]
        await self.session.upsert_rows(TitleLanguages, rows, key=("id",))
        pairs = [
            {"title_languages_id": own, "leaf_languages_id": leaf}
            for own in new
            for leaf in sets[own]
        ]
        key = ("title_languages_id", "leaf_languages_id")
        await self.session.upsert_rows(TitleLeafLanguages, pairs, key=key)

    async def _add_leaves(self, leaves: Mapping[UUID, LeafOffer]) -> None:
        new = leaves.keys() - await self._known(LeafLanguages, leaves)
        rows = [
            {
                "id": own,
                "special": leaves[own].special,
                "original": leaves[own].original,
            }
            for own in new
        ]
        await self.session.upsert_rows(LeafLanguages, rows, key=("id",))
        versions = [
            {"leaf_languages_id": own, "place": place, **version._asdict()}
            for own in new
            for place, version in enumerate(leaves[own].versions)
        ]
        key = ("leaf_languages_id", "place")
        await self.session.upsert_rows(LeafVersion, versions, key=key)

    async def _known(
        self, table: type[TitleLanguages | LeafLanguages], ids: Iterable[UUID]
    ) -> set[UUID]:
        found: set[UUID] = set()
        for some in batched(ids, MANY, strict=False):
            found |= set(
                await self.session.scalars(
                    select(table.id).where(among(table.id, some))
                )
            )
        return found

    async def assign(self, items: Mapping[UUID, UUID | None]) -> None:
        """Store what these items offer."""
        names = ("id", "languages_id")
        await self.session.update_rows(MediaItem, names, list(items.items()))

    async def remove_unused(self, ids: Iterable[UUID]) -> None:
        """Of these combinations of titles, and of the films and episodes in them."""
        named = [
            exists().where(
                Title.languages_id == TitleLanguages.id,
                listed,
                Title.workspace_id == self.session.workspace_id,
            )
            # Each has an index of its own.
            for listed in (Title.listed, ~Title.listed)
        ]
        for some in batched(ids, MANY, strict=False):
            gone = delete(TitleLanguages).where(among(TitleLanguages.id, some))
            await self.session.execute(
                gone.where(~or_(*named)), execution_options=UNTRACKED
            )
        used = exists().where(
            TitleLeafLanguages.leaf_languages_id == LeafLanguages.id,
            TitleLeafLanguages.workspace_id == self.session.workspace_id,
        )
        unused = delete(LeafLanguages).where(~used)
        await self.session.execute(unused, execution_options=UNTRACKED)

"""Keeps what titles offer in line with their files."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from zondarr.catalogue.languages.combinations import TitleOffer, title_offer
from zondarr.catalogue.repository.languages import LanguageRepository
from zondarr.catalogue.repository.titles import WorkedOut
from zondarr.catalogue.repository.totals import ItemPart
from zondarr.core.database import Session


class TitleLanguageWriter:
    """Writes what some titles offer; combinations that are not used any more are
    deleted by `clean`."""

    def __init__(self, session: Session) -> None:
        self.workspace_id = session.workspace_id
        self.languages = LanguageRepository(session)
        self._replaced: set[UUID] = set()

    async def write(
        self, titles: Mapping[UUID, WorkedOut], parts: Mapping[UUID, Sequence[ItemPart]]
    ) -> dict[UUID, UUID]:
        """Store the combinations and name them in the titles' items; returns the one of
        each title, to be stored with it."""
        offers = {
            own: title_offer(self.workspace_id, parts[own], title.original_language)
            for own, title in titles.items()
            if parts[own]
        }
        await self.languages.add(list(offers.values()))
        await self.languages.assign(
            {
                part.item_id: found
                for own, offer in offers.items()
                for part in parts[own]
                if (found := offer.of_item(part)) != part.languages_id
            }
        )
        self._note_replaced(titles, offers)
        return {own: offer.id for own, offer in offers.items()}

    def _note_replaced(
        self, titles: Mapping[UUID, WorkedOut], offers: Mapping[UUID, TitleOffer]
    ) -> None:
        for own, title in titles.items():
            before, offer = title.languages_id, offers.get(own)
            if before is not None and (offer is None or before != offer.id):
                self._replaced.add(before)

    async def clean(self) -> None:
        if self._replaced:
            await self.languages.remove_unused(self._replaced)

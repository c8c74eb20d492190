"""Reading a whole catalogue through a `CatalogueReader`."""

from zondarr.media.catalogue import CatalogueItem, CatalogueReader, WatchFact
from zondarr.media.types import LibraryInfo


async def stamps_of(
    client: CatalogueReader, library: LibraryInfo, *, details: bool = False
) -> tuple[dict[str, str], dict[str, CatalogueItem]]:
    """The stamps of all items, and the items that the lists told whole."""
    stamps: dict[str, str] = {}
    items: dict[str, CatalogueItem] = {}
    place: str | None = None
    while True:
        page = await client.library_page(library, place, details=details)
        stamps |= dict(page.stamps)
        items |= {each.id: each for each in page.items}
        place = page.next
        if place is None:
            assert page.total == page.done == len(stamps)
            return stamps, items


async def watched_by(
    client: CatalogueReader, account_id: str | None, place: str | None = None
) -> tuple[list[WatchFact], str | None]:
    """What was watched, and where a history goes on."""
    facts: list[WatchFact] = []
    while True:
        page = await client.watch_page(account_id, place)
        facts += page.facts
        place = page.next
        if place is None:
            return facts, page.resume

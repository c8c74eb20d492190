"""What is stored of a catalogue, without ids and times of ours: to be compared."""

from typing import Any

from sqlalchemy import select

from zondarr.catalogue.models import MediaFile, MediaItem, MediaTrack, Title, WatchFact
from zondarr.core.database import Database

OF_FILES = MediaFile.place, MediaFile.path, MediaFile.size, MediaFile.container
OF_TRACKS = MediaTrack.place, MediaTrack.kind, MediaTrack.language, MediaTrack.codec
OF_FACTS = (
    WatchFact.account_id,
    WatchFact.item_id,
    WatchFact.played,
    WatchFact.play_count,
    WatchFact.last_played_at,
    WatchFact.position,
    WatchFact.favourite,
)
OF_ITEMS = (
    MediaItem.external_id,
    MediaItem.kind,
    MediaItem.stamp,
    MediaItem.name,
    MediaItem.season,
    MediaItem.number,
    MediaItem.path_key,
)
OF_TITLES = (
    Title.name,
    Title.kind,
    Title.year,
    Title.imdb,
    Title.tmdb,
    Title.size,
    Title.largest,
    Title.active_at,
    Title.undated_play,
    Title.favourite,
)


async def snapshot(database: Database) -> dict[str, list[str]]:
    """The visible rows of the catalogue, and what was watched of them."""
    item = MediaItem.external_id
    files = select(item, *OF_FILES).join(MediaFile, MediaFile.item_id == MediaItem.id)
    tracks = (
        select(item, MediaFile.place, *OF_TRACKS)
        .join(MediaFile, MediaFile.item_id == MediaItem.id)
        .join(MediaTrack, MediaTrack.file_id == MediaFile.id)
    )
    facts = select(*OF_FACTS).join(MediaItem, item == WatchFact.item_id)
    queries: dict[str, Any] = {
        "titles": select(*OF_TITLES).where(Title.listed),
        "items": select(*OF_ITEMS).where(MediaItem.listed),
        "files": files.where(MediaItem.listed),
        "tracks": tracks.where(MediaItem.listed),
        "facts": facts.where(MediaItem.listed),
    }
    found: dict[str, list[str]] = {}
    async with database.unscoped("command line", reading=True) as session:
        for name, query in queries.items():
            rows = await session.execute(query)
            found[name] = sorted(repr(tuple(row)) for row in rows)
    return found

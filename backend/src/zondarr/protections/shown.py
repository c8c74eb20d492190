"""Protections as they are shown, with the names of what they protect."""

from collections.abc import Sequence
from datetime import datetime

from zondarr.catalogue.repository import TitleRepository
from zondarr.core.database import Session
from zondarr.protections.models import Protection
from zondarr.protections.repository import TargetRepository
from zondarr.protections.schemas import ProtectionResponse


async def show_protections(
    session: Session, rows: Sequence[Protection], *, now: datetime
) -> list[ProtectionResponse]:
    """Two queries at most, however many they are."""
    title_ids = {each.title_id for each in rows if each.title_id is not None}
    library_ids = {each.library_id for each in rows if each.library_id is not None}
    found = await TitleRepository(session).get_by_ids(title_ids)
    titles = {title.id: title for title in found}
    libraries = await TargetRepository(session).libraries(library_ids)
    return [
        ProtectionResponse.of(
            each,
            title=titles.get(each.title_id) if each.title_id else None,
            library=libraries.get(each.library_id) if each.library_id else None,
            now=now,
        )
        for each in rows
    ]

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
    """Three queries at most, however many they are."""
    title_ids = {each.title_id for each in rows if each.title_id is not None}
    library_ids = {each.library_id for each in rows if each.library_id is not None}
    request_ids = {each.request_id for each in rows if each.request_id is not None}
    found = await TitleRepository(session).get_by_ids(title_ids)
    titles = {title.id: title for title in found}
    targets = TargetRepository(session)
    libraries = await targets.libraries(library_ids)
    requests = await targets.shown_requests(request_ids)
    return [
        ProtectionResponse.of(
            each,
            title=titles.get(each.title_id) if each.title_id else None,
            library=libraries.get(each.library_id) if each.library_id else None,
            request=requests.get(each.request_id) if each.request_id else None,
            now=now,
        )
        for each in rows
    ]

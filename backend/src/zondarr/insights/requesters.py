"""Who requested the titles of a list."""

from collections.abc import Sequence

from msgspec.structs import replace

from zondarr.core.database import Session
from zondarr.insights.schemas import FindingRow
from zondarr.requests.repository import RequestRepository
from zondarr.requests.schemas import RequesterReference


async def with_requesters(
    session: Session, rows: Sequence[FindingRow]
) -> list[FindingRow]:
    ids = [row.title.id for row in rows]
    found = await RequestRepository(session).requesters_of(ids)
    return [
        replace(
            row,
            requesters=[
                RequesterReference.from_row(each)
                for each in found.get(row.title.id, ())
            ],
        )
        for row in rows
    ]

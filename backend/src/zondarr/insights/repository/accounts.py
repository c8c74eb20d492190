"""Accounts, and when each was read last."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from zondarr.catalogue.models import WatchAccount
from zondarr.core.database import Session
from zondarr.insights.facts import AccountFacts
from zondarr.servers.models import Library, MediaServer


class AccountRepository:
    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def present(self) -> list[AccountFacts]:
        """Without those that a server removed. One that was never read counts from its
        first sight on.
        """
        rows = (
            select(WatchAccount, MediaServer.name)
            .join(MediaServer, MediaServer.id == WatchAccount.media_server_id)
            .where(WatchAccount.removed_since.is_(None))
            .order_by(WatchAccount.name, WatchAccount.id)
        )
        found = (await self.session.execute(rows)).all()
        libraries = await self.libraries()
        return [
            _account(row, server, libraries.get(row.media_server_id, {}))
            for row, server in found
        ]

    async def libraries(self) -> Mapping[UUID, Mapping[str, UUID]]:
        """Our ids of all libraries, by server and the server's ids."""
        rows = select(Library.media_server_id, Library.external_id, Library.id)
        found: defaultdict[UUID, dict[str, UUID]] = defaultdict(dict)
        for server_id, external_id, own in await self.session.execute(rows):
            found[server_id][external_id] = own
        return found


def _account(
    row: WatchAccount, server: str, libraries: Mapping[str, UUID]
) -> AccountFacts:
    seen = libraries if row.library_ids is None else row.library_ids
    return AccountFacts(
        name=row.name,
        server=server,
        as_of=row.as_of or row.created_at,
        read=row.as_of is not None,
        library_ids=frozenset(libraries[own] for own in seen if own in libraries),
    )

"""Accounts that were not read for a while."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select

from zondarr.catalogue.models import WatchAccount
from zondarr.core.database import Session
from zondarr.insights.facts import AccountFacts
from zondarr.servers.models import Library, MediaServer


class AccountRepository:
    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def not_read_since(self, moment: datetime) -> Sequence[AccountFacts]:
        """The accounts whose watch data is older; those that a server removed are left
        out. An account that was never read counts from its first sight on.
        """
        as_of = func.coalesce(WatchAccount.as_of, WatchAccount.created_at)
        rows = (
            select(WatchAccount, MediaServer.name)
            .join(MediaServer, MediaServer.id == WatchAccount.media_server_id)
            .where(and_(WatchAccount.removed_since.is_(None), as_of < moment))
            .order_by(WatchAccount.name, WatchAccount.id)
        )
        found = (await self.session.execute(rows)).all()
        if not found:
            return []
        libraries = await self.libraries()
        accounts: list[AccountFacts] = []
        for row, server in found:
            mine = libraries.get(row.media_server_id, {})
            seen = mine if row.library_ids is None else row.library_ids
            accounts.append(
                AccountFacts(
                    name=row.name,
                    server=server,
                    as_of=row.as_of or row.created_at,
                    read=row.as_of is not None,
                    library_ids=frozenset(mine[own] for own in seen if own in mine),
                )
            )
        return accounts

    async def libraries(self) -> Mapping[UUID, Mapping[str, UUID]]:
        """Our ids of all libraries, by server and the server's ids."""
        rows = select(Library.media_server_id, Library.external_id, Library.id)
        found: defaultdict[UUID, dict[str, UUID]] = defaultdict(dict)
        for server_id, external_id, own in await self.session.execute(rows):
            found[server_id][external_id] = own
        return found

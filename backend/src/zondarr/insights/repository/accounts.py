"""Accounts that were not read for a while."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from zondarr.catalogue.models import WatchAccount
from zondarr.core.database import Session
from zondarr.insights.facts import AccountFacts
from zondarr.insights.policy import LEFT_OUT_AFTER, STALE_AFTER
from zondarr.servers.models import Library, MediaServer


class Unread(NamedTuple):
    """Accounts that were not read for a while, and the libraries that those of them may
    see whose data is stale."""

    accounts: Sequence[AccountFacts]
    stale_libraries: frozenset[UUID]


class AccountRepository:
    def __init__(self, session: Session, /) -> None:
        self.session = session

    async def unread(self, now: datetime) -> Unread:
        """Accounts that a server removed are left out. One that was never read counts
        from its first sight on.
        """
        as_of = func.coalesce(WatchAccount.as_of, WatchAccount.created_at)
        rows = (
            select(WatchAccount, MediaServer.name, as_of >= now - LEFT_OUT_AFTER)
            .join(MediaServer, MediaServer.id == WatchAccount.media_server_id)
            .where(WatchAccount.removed_since.is_(None), as_of < now - STALE_AFTER)
            .order_by(WatchAccount.name, WatchAccount.id)
        )
        found = (await self.session.execute(rows)).all()
        if not found:
            return Unread((), frozenset())
        libraries = await self.libraries()
        accounts: list[AccountFacts] = []
        stale: set[UUID] = set()
        for row, server, is_stale in found:
            account = _account(row, server, libraries.get(row.media_server_id, {}))
            accounts.append(account)
            stale |= account.library_ids if is_stale else set()
        return Unread(accounts, frozenset(stale))

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

"""Writes what a sync read, in the transaction of its caller. Rows that did not change
are not written.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid7

from zondarr.catalogue.models import TitleKind
from zondarr.core.database import Session
from zondarr.media.presence import is_doubtful
from zondarr.media.requests import ExternalRequest, ExternalRequester, RequestStatus
from zondarr.requests.exceptions import RequestsShrunkenError
from zondarr.requests.models import MediaRequest, Requester
from zondarr.requests.repository.holdings import refresh_holdings
from zondarr.requests.sync.linking import link_people, plain_id
from zondarr.requests.sync.repository import SnapshotRepository
from zondarr.requests.sync.staged import Sweep
from zondarr.requests.sync.tasks import Published

APPROVED = (RequestStatus.APPROVED, RequestStatus.FAILED, RequestStatus.COMPLETED)
"""A request that failed or was completed had been approved."""
REQUEST_FIELDS = (
    *("kind", "tmdb", "tvdb", "imdb", "is_4k", "request_status", "media_status"),
    *("requester_id", "modified_at", "approved_at", "can_remove", "missing_since"),
)
REQUESTER_FIELDS = (
    *("name", "email", "jellyfin_user_id", "plex_id", "request_count"),
    "missing_since",
)


class SnapshotWriter:
    """`whole`: the sweep has all requests, so those that it lacks are gone."""

    def __init__(self, session: Session, server_id: UUID, now: datetime) -> None:
        self.snapshot = SnapshotRepository(session)
        self.own = {"workspace_id": session.workspace_id, "server_id": server_id}
        self.now = now

    async def write(
        self,
        sweep: Sweep,
        users: Sweep,
        *,
        whole: bool,
        accept_missing: bool,
        label: str,
    ) -> Published:
        known = {each.external_id: each for each in await self.snapshot.known()}
        replaced = {
            own: row
            for own, row in known.items()
            if own in sweep.requests
            and sweep.requests[own].requested_at != row.requested_at
        }
        lost = self._lost(sweep, known, replaced) if whole else {}
        if not accept_missing:
            _check_shrunken(sweep, known, lost, label)
        # Another request has the number: protections of the old one are not its own.
        await self.snapshot.remove([row.id for row in replaced.values()])
        for own in replaced:
            del known[own]
        people = await self._write_requesters(sweep, users)
        new, changed = await self._write_requests(sweep, known, people)
        gone = [
            row.id
            for own, row in lost.items()
            if own not in replaced and row.missing_since is None
        ]
        await self.snapshot.lose(gone, self.now)
        await self.link()
        return Published(new=new, changed=changed, gone=len(gone) + len(replaced))

    async def link(self) -> None:
        await self.snapshot.link_titles()
        await refresh_holdings(self.snapshot.session)
        await link_people(self.snapshot)

    def _lost(
        self,
        sweep: Sweep,
        known: Mapping[int, MediaRequest],
        replaced: Mapping[int, MediaRequest],
    ) -> dict[int, MediaRequest]:
        return {
            own: row
            for own, row in known.items()
            if row.missing_since is None
            and own not in sweep.unread
            and (own not in sweep.requests or own in replaced)
        }

    async def _write_requesters(self, sweep: Sweep, users: Sweep) -> Mapping[int, UUID]:
        """Returns the ids of all requesters by Seerr's."""
        known = {each.external_id: each for each in await self.snapshot.requesters()}
        listed = {
            own.id: own
            for each in sweep.requests.values()
            if (own := each.requester) is not None
        } | users.requesters
        rows: list[Mapping[str, Any]] = []
        for own, user in listed.items():
            row = self._requester(user, known.get(own))
            if row is not None:
                rows.append(row)
        await self.snapshot.write_requesters(rows)
        if users.whole:
            for own, requester in known.items():
                if own not in listed and requester.missing_since is None:
                    requester.missing_since = self.now
        ids = {own: requester.id for own, requester in known.items()}
        return ids | {row["external_id"]: row["id"] for row in rows}

    def _requester(
        self, user: ExternalRequester, known: Requester | None
    ) -> Mapping[str, Any] | None:
        values = {
            "name": user.name,
            "email": user.email,
            "jellyfin_user_id": user.jellyfin_user_id
            and plain_id(user.jellyfin_user_id),
            "plex_id": user.plex_id,
            "request_count": user.request_count,
            "missing_since": None,
        }
        if known is not None and _is_same(known, values, REQUESTER_FIELDS):
            return None
        own = uuid7() if known is None else known.id
        return {**self.own, "id": own, "external_id": user.id, **values}

    async def _write_requests(
        self,
        sweep: Sweep,
        known: Mapping[int, MediaRequest],
        people: Mapping[int, UUID],
    ) -> tuple[int, int]:
        seasons = await self.snapshot.seasons()
        rows: list[Mapping[str, Any]] = []
        parts: list[Mapping[str, Any]] = []
        new = 0
        for own, request in sweep.requests.items():
            row = known.get(own)
            values = self._values(request, row, people)
            wanted = {each.number: each.status for each in request.seasons}
            if (
                row is not None
                and _is_same(row, values, REQUEST_FIELDS)
                and seasons.get(row.id, {}) == wanted
            ):
                continue
            new += row is None
            uuid = uuid7() if row is None else row.id
            title_id = None if row is None else row.title_id
            kept = {"id": uuid, "external_id": own, "title_id": title_id}
            rows.append({**self.own, **kept, **values})
            parts += [
                {"request_id": uuid, "number": number, "status": status}
                for number, status in wanted.items()
            ]
        await self.snapshot.write(rows, parts)
        return new, len(rows) - new

    def _values(
        self,
        request: ExternalRequest,
        known: MediaRequest | None,
        people: Mapping[int, UUID],
    ) -> dict[str, Any]:
        requester = request.requester
        return {
            "kind": TitleKind(request.kind),
            "tmdb": request.tmdb,
            "tvdb": request.tvdb,
            "imdb": request.imdb,
            "is_4k": request.is_4k,
            "request_status": request.request_status,
            "media_status": request.media_status,
            "requester_id": None if requester is None else people.get(requester.id),
            "requested_at": request.requested_at,
            "modified_at": request.modified_at,
            "approved_at": self._approved_at(request, known),
            "can_remove": request.can_remove,
            "missing_since": None,
        }

    def _approved_at(
        self, request: ExternalRequest, known: MediaRequest | None
    ) -> datetime | None:
        """When it was approved, as far as that can be known: see
        `MediaRequest.approved_at`.
        """
        if request.request_status not in APPROVED:
            return None
        if known is None:
            return request.modified_at
        if known.approved_at is not None:
            return known.approved_at
        if request.modified_at > known.modified_at:
            return request.modified_at
        return self.now


def _check_shrunken(
    sweep: Sweep,
    known: Mapping[int, MediaRequest],
    lost: Mapping[int, MediaRequest],
    label: str,
) -> None:
    listed = sum(each.missing_since is None for each in known.values())
    if lost and is_doubtful(
        listed=len(sweep.requests), known=listed, still_listed=listed - len(lost)
    ):
        raise RequestsShrunkenError(label, lost=len(lost), known=listed)


def _is_same(row: object, values: Mapping[str, Any], fields: Sequence[str]) -> bool:
    return all(getattr(row, name) == values[name] for name in fields)

"""Tells from Seerr's own counts whether all changes were seen.

Some versions never change a request's `updatedAt`, and none does when the title arrives
or a request is deleted. So a short sync reads what was modified last, and Seerr's
counts; if the counts changed by more than what was read explains, all are read.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

from zondarr.media.requests import ExternalRequest, MediaStatus, RequestStatus
from zondarr.requests.sync.tasks import Counts


class Counted(NamedTuple):
    """What a request counts as."""

    kind: str
    request_status: int
    media_status: int

    @classmethod
    def of(cls, request: ExternalRequest) -> Self:
        return cls(request.kind, request.request_status, request.media_status)


def count(requests: Iterable[Counted]) -> Mapping[str, int]:
    """As `GET /request/count` does it."""
    return Counter(name for each in requests for name in _names(each))


def _names(request: Counted) -> Iterable[str]:
    yield "total"
    yield "movie" if request.kind == "movie" else "tv"
    match request.request_status:
        case RequestStatus.PENDING:
            yield "pending"
        case RequestStatus.APPROVED:
            there = request.media_status == MediaStatus.AVAILABLE
            yield "approved"
            yield "available" if there else "processing"
        case RequestStatus.DECLINED:
            yield "declined"
        case RequestStatus.COMPLETED:
            yield "completed"
        case _:
            pass


def explains(
    before: Counts,
    now: Counts,
    known: Mapping[int, Counted],
    read: Mapping[int, Counted],
) -> bool:
    """Whether the requests that were read are all that changed since `before`."""
    unread = set(now.unread) - set(before.unread)
    new = len(read.keys() - known.keys()) + len(unread)
    if now.total != before.total + new:
        return False
    if before.by_status is None or now.by_status is None:
        return before.by_status == now.by_status
    if before.by_status.keys() != now.by_status.keys() or unread:
        return False
    ours_before, ours_now = count(known.values()), count({**known, **read}.values())
    return all(
        now.by_status[name] - number == ours_now.get(name, 0) - ours_before.get(name, 0)
        for name, number in before.by_status.items()
    )

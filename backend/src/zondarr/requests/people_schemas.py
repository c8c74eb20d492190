"""The bodies of what one person requested."""

from collections.abc import Sequence
from datetime import datetime

from zondarr.core.schemas import Page, ResponseBody
from zondarr.requests.schemas import RequestResponse


class PersonRequest(ResponseBody, kw_only=True, frozen=True):
    """`watched` is null if nobody can tell: the title is on none of our servers, or no
    account of the person was read."""

    request: RequestResponse
    watched: bool | None
    last_watched_at: datetime | None


class OnlyForThem(ResponseBody, kw_only=True, frozen=True):
    """What is kept for this person only: titles that are here, that nobody else
    requested, and that nobody else ever played."""

    titles: int
    bytes: int


class PersonRequestPage(Page[PersonRequest], kw_only=True, frozen=True):
    """`asked` is how many requests the person made, `got` how many of them are
    available, `watched` and `not_watched` how many of those they played at all; of the
    rest nobody can tell."""

    items: Sequence[PersonRequest]
    asked: int
    got: int
    watched: int
    not_watched: int
    only_for_them: OnlyForThem
    as_of: datetime | None

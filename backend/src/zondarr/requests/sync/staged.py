"""The pages that a sync read, as they are stored until it ends."""

import zlib
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from zondarr.media.requests import ExternalRequest, ExternalRequester


class StagedPage(Struct, frozen=True, kw_only=True):
    """`total` is how many there were in all when the page was read."""

    total: int
    requests: Sequence[ExternalRequest] = ()
    unread: Sequence[int] = ()
    requesters: Sequence[ExternalRequester] = ()


class Sweep(Struct, frozen=True, kw_only=True):
    """What several pages contain, each row once: a list moves while it is read."""

    requests: dict[int, ExternalRequest]
    requesters: dict[int, ExternalRequester]
    unread: set[int]
    totals: set[int]

    @property
    def whole(self) -> bool:
        """Whether the number of rows agrees with what Seerr said on every page."""
        found = len(self.requests.keys() | self.unread) or len(self.requesters)
        return self.totals == {found}

    @property
    def total(self) -> int:
        return max(self.totals, default=0)


_decoder = msgspec.msgpack.Decoder(StagedPage)


def pack(page: StagedPage) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(page), 1)


def unpack(pages: Iterable[bytes]) -> Sweep:
    sweep = Sweep(requests={}, requesters={}, unread=set(), totals=set())
    for packed in pages:
        page = _decoder.decode(zlib.decompress(packed))
        sweep.totals.add(page.total)
        sweep.unread.update(page.unread)
        sweep.requests.update({each.id: each for each in page.requests})
        sweep.requesters.update({each.id: each for each in page.requesters})
    return sweep

"""`take` and `skip`, and what is said of the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from media_server_simulators.seerr.call import Call
from media_server_simulators.seerr.errors import message
from media_server_simulators.wire import Json, JsonObject


@dataclass(frozen=True, slots=True)
class Page:
    take: int
    skip: int

    @classmethod
    def of(cls, call: Call, size: int = 10) -> Page:
        """`take=0` is the default, and the database refuses negative numbers."""
        take, skip = call.query.get("take"), call.query.get("skip")
        page = cls(
            int(take) if isinstance(take, (int, float)) and take else size,
            int(skip) if isinstance(skip, (int, float)) else 0,
        )
        if page.take < 0:
            raise message(500, "LIMIT must not be negative")
        if page.skip < 0:
            raise message(500, "OFFSET must not be negative")
        return page

    def info(self, total: int) -> JsonObject:
        return {
            "pages": -(-total // self.take),
            "pageSize": self.take,
            "results": total,
            "page": -(-self.skip // self.take) + 1,
        }

    def of_rows[T](self, rows: Sequence[T], shape: Callable[[T], Json]) -> JsonObject:
        here = rows[self.skip : self.skip + self.take]
        return {
            "pageInfo": self.info(len(rows)),
            "results": [shape(each) for each in here],
        }

"""Every request a simulator got, for assertions."""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime

from media_server_simulators.wire import Json, JsonObject, Request

KEPT = 100_000  # so that a demo that runs for weeks does not eat the memory


@dataclass(slots=True)
class Entry:
    at: datetime
    request: Request
    status: int | None = None  # None: cut without an answer, or not answered yet
    fault: str | None = None

    def as_json(self) -> JsonObject:
        query: dict[str, list[Json]] = {}
        for name, value in self.request.query:
            query.setdefault(name, []).append(value)
        return {
            "at": self.at.isoformat().replace("+00:00", "Z"),
            "method": self.request.method,
            "path": self.request.path,
            "query": {k: v[0] if len(v) == 1 else v for k, v in query.items()},
            "headers": dict(self.request.headers),
            "body": self.request.body.decode(errors="replace"),
            "status": self.status,
            "fault": self.fault,
        }


class Journal:
    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)

    def add(self, request: Request) -> Entry:
        entry = Entry(datetime.now(UTC), request)
        self._entries.append(entry)
        return entry

    def clear(self) -> None:
        self._entries.clear()

    @property
    def entries(self) -> list[Entry]:
        return list(self._entries)

    def as_json(self) -> list[Json]:
        return [entry.as_json() for entry in self._entries]

"""Random requests around every limit of a policy, as rows of the tables."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid7

from zondarr.catalogue.models import Title, TitleKind
from zondarr.core.database import Session
from zondarr.media.requests import RequestProduct
from zondarr.requests.models import (
    MediaRequest,
    RequestedSeason,
    RequestServer,
    RequestTitle,
    RequestTitleSeason,
)
from zondarr.requests.policy import RequestPolicy

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 29, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
TABLES = (
    (RequestServer, ("id",)),
    (Title, ("id",)),
    (RequestTitle, ("id",)),
    (MediaRequest, ("id",)),
    (RequestTitleSeason, ("title_id", "number")),
    (RequestedSeason, ("request_id", "number")),
)

type Row = dict[str, Any]


class Draw:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311
        self.policy = RequestPolicy(stuck_after_days=self.one((0, 90)))
        self.now = self.one((NOW, NOW, MIDNIGHT))
        self.rows: dict[type[Any], list[Row]] = {table: [] for table, _ in TABLES}
        limit = self.now - self.policy.stuck_after_days * DAY
        self.moments = [
            around + aside
            for around in (limit, self.now)
            for aside in (-DAY, -SECOND, timedelta(), SECOND, DAY)
        ] + [self.now - 500 * DAY]
        self.server = self.add(
            RequestServer,
            url="http://seerr",
            api_key="sealed",
            product=self.one(tuple(RequestProduct)),
        )

    def one[T](self, choices: Sequence[T]) -> T:
        return self.random.choice(choices)

    def yes(self, one_in: int = 2) -> bool:
        return self.random.randrange(one_in) == 0

    def add(self, table: type[Any], **values: Any) -> UUID:
        own = uuid7()
        self.rows[table].append({"id": own, **values})
        return own

    def day(self) -> date | None:
        return self.one((None, self.one(self.moments).date()))

    def when(self) -> datetime | None:
        return self.one((None, self.one(self.moments)))

    def request(self, number: int) -> None:
        kind = self.one(tuple(TitleKind))
        title_id = self._title(kind) if self.yes() else None
        if title_id is None and self.yes(4):
            title_id = uuid7()  # a title that is not there any more
        own = self.add(
            MediaRequest,
            server_id=self.server,
            external_id=number,
            kind=kind,
            tmdb=str(number),
            is_4k=self.yes(4),
            # The limits of both enums, and beyond them.
            request_status=self.one((0, 1, 2, 2, 2, 3, 4, 5, 5, 6)),
            media_status=self.one((0, 1, 2, 3, 3, 4, 4, 5, 6, 7, 8)),
            requested_at=self.one(self.moments),
            modified_at=self.now,
            approved_at=self.when(),
            title_id=title_id,
        )
        seerr_title = None if self.yes(8) else self._known(kind, number)
        # A film has no seasons; if a row says otherwise, they mean nothing.
        seasons = self.one((0, 1, 2, 3)) if kind == "series" or self.yes(8) else 0
        for each in range(1, seasons + 1):
            self._season(own, seerr_title, each)

    def _title(self, kind: TitleKind) -> UUID:
        listed = self.yes()
        return self.add(
            Title,
            kind=kind,
            name="Title",
            listed=listed,
            missing_since=None if listed and self.yes() else self.when(),
        )

    def _known(self, kind: TitleKind, number: int) -> UUID:
        fields = ("digital_on", "physical_on", "theatrical_on", "released_on")
        return self.add(
            RequestTitle,
            server_id=self.server,
            kind=kind,
            tmdb=str(number),
            name="Title",
            looked_up_at=self.now,
            **{name: self.day() for name in fields},
        )

    def _season(self, request: UUID, title: UUID | None, number: int) -> None:
        self.rows[RequestedSeason].append(
            {
                "request_id": request,
                "number": number,
                "status": self.one((1, 2, 2, 4, 5, 5)),
                "held": self.one((0, 0, 2, 3, 4)),
                "lost_at": self.when(),
            }
        )
        if title is not None and not self.yes(8):
            self.rows[RequestTitleSeason].append(
                {
                    "title_id": title,
                    "number": number,
                    "first_aired_on": self.day(),
                    "last_aired_on": self.day(),
                    "episodes": self.one((None, 0, 3, 3)),
                    "aired": self.one((None, 0, 2, 3)),
                }
            )

    async def store(self, session: Session) -> None:
        for table, key in TABLES:
            await session.upsert_rows(table, self.rows[table], key=key)

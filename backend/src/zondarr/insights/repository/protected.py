"""Which kinds of protection are active, so that queries without any stay simple."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from zondarr.catalogue.insight import Insight
from zondarr.core.database import Session
from zondarr.protections.models import ALL_INSIGHTS, Protection
from zondarr.protections.repository.criteria import active
from zondarr.protections.rules import BY_PART, WHOLE_TITLE


class ActiveKind(NamedTuple):
    insight: str
    of_part: bool

    def hides(self, insight: Insight) -> bool:
        """Whether such a protection hides titles from the insight."""
        mine = self.insight in {ALL_INSIGHTS, insight}
        return mine and (not self.of_part or insight in WHOLE_TITLE)

    def exempts(self, insight: Insight) -> bool:
        """Whether the insight leaves out parts because of it."""
        mine = self.insight in {ALL_INSIGHTS, insight}
        return mine and self.of_part and insight in BY_PART


async def active_kinds(session: Session, now: datetime) -> list[ActiveKind]:
    rows = select(Protection.insight, Protection.season.is_not(None)).distinct()
    rows = rows.where(
        active(now), Protection.audio.is_(None), Protection.subtitles.is_(None)
    )
    return [ActiveKind(row[0], bool(row[1])) for row in await session.execute(rows)]

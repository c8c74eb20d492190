"""The list of stuck requests."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from zondarr.catalogue.copies import CopyReader
from zondarr.catalogue.insight import Insight
from zondarr.catalogue.models import NEVER, Title
from zondarr.catalogue.repository import ItemRepository, TitleRepository
from zondarr.core.clock import utc_now
from zondarr.core.database import Session
from zondarr.core.database.cache import AtRevision
from zondarr.core.repository import PageRequest
from zondarr.insights.facts import Activity, Verdict
from zondarr.insights.policy import Policy
from zondarr.insights.schemas import (
    InsightAmount,
    LastActivity,
    PolicyResponse,
    RowProtection,
    TitleVerdict,
    TitleVerdictPage,
)
from zondarr.insights.service import Clock
from zondarr.insights.service import Listed as Shown
from zondarr.insights.stuck.rule import verdict_of
from zondarr.insights.stuck.schemas import StuckPage, StuckRow
from zondarr.protections.of_requests import protections_of_requests
from zondarr.protections.repository import quieting_requests
from zondarr.requests.connection.service import is_stale
from zondarr.requests.policy import RequestPolicy
from zondarr.requests.reader import RequestReader, counts_of
from zondarr.requests.repository import Listed, RequestFilter
from zondarr.requests.schemas import RequestResponse, StateCounts
from zondarr.settings.repository import SettingRepository

ORDER = (Verdict.FINDING, Verdict.UNDECIDED, Verdict.CLEAR)

type Lists = Mapping[Shown, Sequence[Listed]]


class StuckService:
    def __init__(
        self, session: Session, requests: AtRevision, *, clock: Clock = utc_now
    ) -> None:
        self.session = session
        self.requests = requests
        self.clock = clock

    async def find(
        self,
        request: PageRequest,
        wanted: RequestFilter,
        *,
        listed: Shown,
        overrides: Mapping[str, Any],
    ) -> StuckPage:
        stored = await SettingRepository(self.session).values()
        policy = Policy.of(stored, overrides)
        reader = self._reader(policy, self.clock())
        lists = await self._lists(reader, wanted, request.sort)
        found = reader.page(lists[listed], request)
        server = await reader.requests.server()
        rows = await reader.shown([each.id for each in found.items], server)
        undecided = listed is Shown.UNDECIDED
        return StuckPage(
            items=await self._rows(
                rows, Verdict.UNDECIDED if undecided else Verdict.FINDING
            ),
            next_cursor=found.next_cursor,
            total=found.total,
            undecided=len(lists[Shown.UNDECIDED]),
            bytes=0,
            states=StateCounts.of(counts_of(lists[listed])),
            as_of=server and server.synced_at,
            stale=server is not None and is_stale(server, reader.now),
            error_code=server and server.error_code,
            policy=PolicyResponse.of(policy),
        )

    async def add_to(
        self, page: TitleVerdictPage, title_id: UUID, overrides: Mapping[str, Any]
    ) -> TitleVerdictPage:
        """With the verdict on the title's requests, if it has any: that of the one that
        tells most."""
        stored = await SettingRepository(self.session).values()
        reader = self._reader(Policy.of(stored, overrides), self.clock())
        listed = await reader.ordered(RequestFilter(title_id=title_id), "requested")
        verdicts = {
            each.id: verdict_of(each, reader.policy, reader.now) for each in listed
        }
        first = min(verdicts, key=lambda own: ORDER.index(verdicts[own]), default=None)
        if first is None:
            return page
        server = await reader.requests.server()
        (request,) = await reader.shown([first], server)
        verdict = TitleVerdict(
            insight=Insight.STUCK,
            verdict=verdicts[first],
            reason=request.reason,
            parts=(),
            protection=request.protection
            and RowProtection.from_row(request.protection),
        )
        return TitleVerdictPage.whole([*page.items, verdict])

    async def amount(
        self, policy: RequestPolicy, now: datetime
    ) -> tuple[InsightAmount, Mapping[UUID, int]]:
        """The numbers of the whole list, and its findings by library. Requests take no
        space."""
        lists = await self._lists(self._reader(policy, now), RequestFilter(), None)
        titles = [each.title_id for each in lists[Shown.FINDING] if each.title_id]
        libraries = await ItemRepository(self.session).libraries_of(set(titles))
        by_library = Counter(own for each in titles for own in libraries.get(each, ()))
        amount = InsightAmount(
            insight=Insight.STUCK,
            findings=len(lists[Shown.FINDING]),
            finding_bytes=0,
            undecided=len(lists[Shown.UNDECIDED]),
            protected=len(lists[Shown.PROTECTED]),
            protected_bytes=0,
        )
        return amount, by_library

    def _reader(self, policy: RequestPolicy, now: datetime) -> RequestReader:
        return RequestReader(
            self.session,
            self.requests,
            policy.of_requests,
            now,
            protections_of=protections_of_requests,
        )

    async def _lists(
        self, reader: RequestReader, wanted: RequestFilter, sort: str | None
    ) -> Lists:
        found: dict[Shown, list[Listed]] = {each: [] for each in Shown}
        everything = await reader.ordered(wanted, sort)
        rows = await quieting_requests(self.session, None, (), reader.now)
        protected = {row.request_id or row.title_id for row in rows}
        for each in everything:
            verdict = verdict_of(each, reader.policy, reader.now)
            quiet = each.id in protected or (
                each.title_id is not None and each.title_id in protected
            )
            if verdict is Verdict.FINDING:
                found[Shown.PROTECTED if quiet else Shown.FINDING].append(each)
            elif verdict is Verdict.UNDECIDED and not quiet:
                found[Shown.UNDECIDED].append(each)
        return found

    async def _rows(
        self, requests: Sequence[RequestResponse], verdict: Verdict
    ) -> list[StuckRow]:
        ids = {each.title.id for each in requests if each.title.id is not None}
        titles = await TitleRepository(self.session).some(ids)
        copies = await CopyReader(self.session).of_titles(ids)
        rows: list[StuckRow] = []
        for each in requests:
            title = titles.get(each.title.id or UUID(int=0))
            rows.append(
                StuckRow(
                    title=each.title,
                    copies=copies.get(title.id, ()) if title else (),
                    size=title.size if title and title.listed else 0,
                    added_at=title and title.added_at,
                    last_activity=_activity(title),
                    verdict=verdict,
                    reason=each.reason,
                    parts=(),
                    protection=each.protection,
                    request=each,
                )
            )
        return rows


def _activity(title: Title | None) -> LastActivity | None:
    if title is None or title.active_at == NEVER:
        return None
    return LastActivity.of(Activity(at=title.active_at))

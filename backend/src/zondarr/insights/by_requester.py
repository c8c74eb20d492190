"""What is new, grouped by who requested it: to tell people about it."""

from collections.abc import Mapping, Sequence
from typing import Any

from zondarr.catalogue.insight import Insight
from zondarr.core.repository import PageRequest
from zondarr.insights.repository import FindingFilter
from zondarr.insights.schemas import (
    FindingRow,
    RequesterGroup,
    RequesterGroups,
    TitleReference,
)
from zondarr.insights.service import InsightService, Listed
from zondarr.requests.schemas import RequesterReference

PAGE, MOST = 200, 1000
NOBODY = "Not requested"


class ByRequester:
    """Of at most the 1,000 newest titles."""

    def __init__(self, insights: InsightService) -> None:
        self.insights = insights

    async def show(self, overrides: Mapping[str, Any]) -> RequesterGroups:
        groups: dict[str, tuple[RequesterReference | None, list[FindingRow]]] = {}
        for row in await self._rows(overrides):
            for requester in row.requesters or (None,):
                name = _name(requester)
                groups.setdefault(name, (requester, []))[1].append(row)
        shown = [
            _group(name, requester, rows)
            for name, (requester, rows) in sorted(groups.items(), key=_order)
        ]
        text = "\n\n".join(each.text for each in shown)
        return RequesterGroups(
            items=shown, next_cursor=None, total=len(shown), text=text
        )

    async def _rows(self, overrides: Mapping[str, Any]) -> Sequence[FindingRow]:
        rows: list[FindingRow] = []
        cursor: str | None = None
        while len(rows) < MOST:
            page = await self.insights.find(
                Insight.RECENT,
                PageRequest(limit=PAGE, cursor=cursor, sort="-arrived"),
                FindingFilter(),
                listed=Listed.FINDING,
                overrides=overrides,
            )
            rows += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        return rows


def _name(requester: RequesterReference | None) -> str:
    """People have the names that we know them by."""
    return NOBODY if requester is None else requester.identity or requester.name


def _order(
    group: tuple[str, tuple[RequesterReference | None, Sequence[FindingRow]]],
) -> tuple[bool, str]:
    name, (requester, _) = group
    return requester is None, name.casefold()


def _group(
    name: str, requester: RequesterReference | None, rows: Sequence[FindingRow]
) -> RequesterGroup:
    lines = [f"- {_line(row)}" for row in rows]
    return RequesterGroup(
        requester=requester,
        name=name,
        titles=[row.title for row in rows],
        text="\n".join([f"{name}:", *lines]),
    )


def _line(row: FindingRow) -> str:
    """ "Alien (1979)", "Arcane: S2E5–E8"."""  # noqa: RUF002
    title: TitleReference = row.title
    name = f"{title.name} ({title.year})" if title.year else title.name
    parts = ", ".join(each.label for each in row.parts)
    return f"{name}: {parts}" if parts else name

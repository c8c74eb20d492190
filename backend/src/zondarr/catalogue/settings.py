"""The settings of a workspace: each with its default, its range and its unit."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from zondarr.catalogue.repository import SettingRepository
from zondarr.catalogue.schemas import SettingPage, SettingResponse, SettingsUpdate
from zondarr.core.database import Session
from zondarr.core.exceptions import InvalidError, Problem

SYNC_HOUR = "sync_hour"
DEFAULT_SYNC_HOUR = 4
SETTINGS: Mapping[str, SettingResponse] = {
    SYNC_HOUR: SettingResponse(
        name=SYNC_HOUR,
        description="The hour of the day (UTC) in which the catalogue is read; null:"
        " only when somebody asks for it.",
        value=DEFAULT_SYNC_HOUR,
        default=DEFAULT_SYNC_HOUR,
        minimum=0,
        maximum=23,
        unit="hour",
    )
}


class SettingService:
    """The settings of one workspace."""

    def __init__(self, session: Session) -> None:
        self.settings = SettingRepository(session)

    async def list_all(self) -> SettingPage:
        changed = await self.settings.values()
        return SettingPage.whole([each.with_value(changed) for each in _all()])

    async def change(self, data: SettingsUpdate, *, reset: str | None) -> SettingPage:
        """Change what was sent; a setting may be reset to its default."""
        for name in SETTINGS:
            value: Any = getattr(data, name)
            if value is not UNSET:
                await self.settings.change(name, value)
        if reset is not None:
            if reset not in SETTINGS:
                known = ", ".join(SETTINGS)
                problem = Problem(f"is one of {known}", "unknown")
                raise InvalidError("There is no such setting.", reset=problem)
            await self.settings.reset(reset)
        return await self.list_all()


def _all() -> list[SettingResponse]:
    return list(SETTINGS.values())

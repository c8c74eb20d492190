"""Reads and changes the settings of a workspace."""

from collections.abc import Iterable
from typing import Any

import msgspec

from zondarr.core.database import Session
from zondarr.core.exceptions import InvalidError, Problem
from zondarr.core.schemas import RequestBody
from zondarr.settings.definitions import SettingDefinition
from zondarr.settings.repository import SettingRepository
from zondarr.settings.schemas import SettingPage, SettingResponse


class SettingService:
    """The settings of one workspace."""

    def __init__(
        self, session: Session, definitions: Iterable[SettingDefinition]
    ) -> None:
        self.settings = SettingRepository(session)
        self.definitions = {each.name: each for each in definitions}

    async def list_all(self) -> SettingPage:
        changed = await self.settings.values()
        return SettingPage.whole(
            [
                SettingResponse.from_row(
                    each, value=changed.get(each.name, each.default)
                )
                for each in self.definitions.values()
            ]
        )

    async def change(self, data: RequestBody, *, reset: str | None) -> SettingPage:
        """Change what was sent; a setting may be reset to its default."""
        for name, value in data.sent().items():
            await self.settings.change(name, _stored(value))
        if reset is not None:
            if reset not in self.definitions:
                known = ", ".join(self.definitions)
                problem = Problem(f"is one of {known}", "unknown")
                raise InvalidError("There is no such setting.", reset=problem)
            await self.settings.reset(reset)
        return await self.list_all()


def _stored(value: Any) -> Any:
    return msgspec.to_builtins(value)

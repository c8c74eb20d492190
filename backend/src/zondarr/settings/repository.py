"""Settings that a workspace changed."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, select

from zondarr.core.repository import Repository
from zondarr.settings.models import WorkspaceSetting


class SettingRepository(Repository[WorkspaceSetting]):
    entity = WorkspaceSetting

    async def values(self) -> dict[str, Any]:
        """What was changed, by name."""
        return {row.name: _value(row) for row in await self.get_all()}

    async def change(self, name: str, value: object) -> None:
        rows = select(WorkspaceSetting).where(WorkspaceSetting.name == name)
        row = await self.session.scalar(rows)
        if row is None:
            await self.create(WorkspaceSetting(name=name, value={"value": value}))
        else:
            row.value = {"value": value}
            await self.update(row)

    async def reset(self, name: str) -> None:
        gone = delete(WorkspaceSetting).where(WorkspaceSetting.name == name)
        await self.session.execute(gone)

    async def everywhere(self, name: str) -> dict[UUID, Any]:
        """One setting in every workspace that the session sees and that changed it."""
        rows = select(WorkspaceSetting).where(WorkspaceSetting.name == name)
        found: Sequence[WorkspaceSetting] = (await self.session.scalars(rows)).all()
        return {row.workspace_id: _value(row) for row in found}


def _value(row: WorkspaceSetting) -> Any:
    return cast("Any", row.value).get("value")

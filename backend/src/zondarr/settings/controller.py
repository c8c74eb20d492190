"""Settings over HTTP."""

from collections.abc import Iterable
from typing import Any, cast

from litestar import Controller, get, patch
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody

from zondarr.accounts.guards import requires_role, signed_in
from zondarr.accounts.models import Role
from zondarr.core.schemas import RequestBody
from zondarr.settings.definitions import SettingDefinition
from zondarr.settings.schemas import SettingPage, update_body
from zondarr.settings.service import SettingService


def setting_controller(definitions: Iterable[SettingDefinition]) -> type[Controller]:
    """The routes, with a body that has a field for each of these settings."""
    body: Any = update_body(definitions)

    class SettingController(Controller):
        path = "/api/v1/settings"
        tags = ["Settings"]
        guards = [signed_in]

        @get(operation_id="listSettings")
        async def list_all(
            self, workspace_settings: NamedDependency[SettingService]
        ) -> SettingPage:
            """The settings of the workspace, with the default, range and unit of
            each."""
            return await workspace_settings.list_all()

        @patch(operation_id="updateSettings", guards=[requires_role(Role.ADMIN)])
        async def update(
            self,
            data: JSONBody[body],  # pyright: ignore
            workspace_settings: NamedDependency[SettingService],
            reset: FromQuery[str | None] = None,
        ) -> SettingPage:
            """Change what is sent; `reset` names one that gets its default back."""
            return await workspace_settings.change(
                cast("RequestBody", data), reset=reset
            )

    return SettingController

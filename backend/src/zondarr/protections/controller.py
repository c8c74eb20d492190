"""Protections over HTTP."""

from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_200_OK

from zondarr.accounts.guards import requires_role, signed_in
from zondarr.accounts.models import Role
from zondarr.catalogue.insight import Insight
from zondarr.core.repository import PageRequest
from zondarr.protections.import_schemas import ImportResponse, ProtectionImport
from zondarr.protections.importing import ProtectionImporter
from zondarr.protections.repository import ProtectionFilter
from zondarr.protections.schemas import (
    BulkResponse,
    PresetPage,
    ProtectionBulk,
    ProtectionCreate,
    ProtectionPage,
    ProtectionResponse,
    ProtectionUpdate,
)
from zondarr.protections.service import ProtectionService

ADMIN = [requires_role(Role.ADMIN)]


class ProtectionController(Controller):
    path = "/api/v1/protections"
    tags = ["Protections"]
    guards = [signed_in]

    @get(operation_id="listProtections")
    async def list_all(  # noqa: PLR0913, PLR0917 — each is a filter
        self,
        protections: NamedDependency[ProtectionService],
        page: NamedDependency[PageRequest],
        q: FromQuery[str | None] = None,
        insight: FromQuery[Insight | None] = None,
        active: FromQuery[bool | None] = None,
        preset: FromQuery[str | None] = None,
        author: FromQuery[str | None] = None,
        title_id: FromQuery[UUID | None] = None,
        library_id: FromQuery[UUID | None] = None,
    ) -> ProtectionPage:
        """List protections. `q` searches title, library, note and author; `active`
        false lists those that have lapsed; `insight` lists those from exactly this
        insight; `author` is a whole name. Sorts: created_at, expires_at, name."""
        wanted = ProtectionFilter(
            q=q,
            insight=insight,
            active=active,
            preset=preset,
            author=author,
            title_id=title_id,
            library_id=library_id,
        )
        return await protections.find(page, wanted)

    @post(operation_id="createProtection", guards=ADMIN)
    async def create(
        self,
        data: JSONBody[ProtectionCreate],
        protections: NamedDependency[ProtectionService],
    ) -> ProtectionResponse:
        """Protect a title, one of its seasons or episodes, or a library.

        It acts at once, and lapses when its expiry has come. While an active one of the
        same scope and insight exists, another one is refused (`already_protected`); one
        that has lapsed is renewed."""
        return await protections.create(data)

    @get("/presets", operation_id="listProtectionPresets")
    async def presets(
        self, protections: NamedDependency[ProtectionService]
    ) -> PresetPage:
        """Ready-made protections; those about languages are named after the language
        policy of the workspace."""
        return await protections.presets()

    @post(
        "/bulk",
        operation_id="createProtections",
        guards=ADMIN,
        status_code=HTTP_200_OK,
    )
    async def create_many(
        self,
        data: JSONBody[ProtectionBulk],
        protections: NamedDependency[ProtectionService],
    ) -> BulkResponse:
        """Protect up to 1,000 titles on the same terms. The answer has an item for
        each title; one that is unknown or protected already does not stop the others.
        """
        return await protections.create_many(data)

    @post(
        "/import",
        operation_id="importProtections",
        guards=ADMIN,
        status_code=HTTP_200_OK,
    )
    async def import_list(
        self,
        data: JSONBody[ProtectionImport],
        protection_importer: NamedDependency[ProtectionImporter],
        dry_run: FromQuery[bool] = False,
    ) -> ImportResponse:
        """Protect the titles of a list. With `dry_run`, it only says which entries
        match a title, which match several, and which none."""
        return await protection_importer.run(data, dry_run=dry_run)

    @patch("/{id:uuid}", operation_id="updateProtection", guards=ADMIN)
    async def update(
        self,
        id: FromPath[UUID],
        data: JSONBody[ProtectionUpdate],
        protections: NamedDependency[ProtectionService],
    ) -> ProtectionResponse:
        """Change the fields that are sent: `expires_at` in the past ends it now."""
        return await protections.update(id, data)

    @delete("/{id:uuid}", operation_id="deleteProtection", guards=ADMIN)
    async def remove(
        self, id: FromPath[UUID], protections: NamedDependency[ProtectionService]
    ) -> None:
        """End the protection and forget it."""
        await protections.delete(id)

"""Indexes that the list of people is read by: in the order of names and of ends."""

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BY_NAME = sa.func.lower(sa.column("display_name"))
MOMENT = sa.DateTime(timezone=True)
FOREVER = sa.literal(datetime(9999, 12, 31, tzinfo=UTC), MOMENT)
BY_END = sa.func.coalesce(sa.column("expires_at", MOMENT), FOREVER)


def upgrade() -> None:
    op.create_index(
        "ix_identities_by_name",
        "identities",
        ["workspace_id", BY_NAME, "id", "display_name", "email"],
    )
    op.create_index(
        "ix_identities_by_end", "identities", ["workspace_id", BY_END, "id"]
    )
    op.drop_index(
        op.f("ix_identities_workspace_id_display_name_id"), table_name="identities"
    )
    op.create_index(
        op.f("ix_users_workspace_id_identity_id_username"),
        "users",
        ["workspace_id", "identity_id", "username"],
    )
    op.drop_index(op.f("ix_users_workspace_id_identity_id"), table_name="users")


def downgrade() -> None:
    op.create_index(
        op.f("ix_users_workspace_id_identity_id"),
        "users",
        ["workspace_id", "identity_id"],
    )
    op.drop_index(
        op.f("ix_users_workspace_id_identity_id_username"), table_name="users"
    )
    op.create_index(
        op.f("ix_identities_workspace_id_display_name_id"),
        "identities",
        ["workspace_id", "display_name", "id"],
    )
    op.drop_index("ix_identities_by_end", table_name="identities")
    op.drop_index("ix_identities_by_name", table_name="identities")

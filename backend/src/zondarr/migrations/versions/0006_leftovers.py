"""Accounts that ended redemptions may have left; libraries a guest did not get."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
WITHIN = "workspace_id = nullif(current_setting('zondarr.workspace', true), '')::uuid"
UNSCOPED = "current_setting('zondarr.unscoped', true) = 'on'"


def upgrade() -> None:
    missing = sa.Column(
        "missing_libraries", sa.JSON(), nullable=False, server_default="[]"
    )
    op.add_column("provisionings", missing)
    op.create_table(
        "leftovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("media_server_id", sa.Uuid(), nullable=False),
        sa.Column("guest_name", sa.String(100), nullable=False),
        sa.Column("external_user_id", sa.String(254)),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("tried_at", MOMENT),
        sa.Column("error_code", sa.String(50)),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["media_server_id"],
            ["media_servers.id"],
            name=op.f("fk_leftovers_media_server_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_leftovers_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leftovers")),
    )
    for columns in (
        ["media_server_id"],
        ["workspace_id"],
        ["workspace_id", "created_at", "id"],
    ):
        name = op.f(f"ix_leftovers_{'_'.join(columns)}")
        op.create_index(name, "leftovers", columns)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE leftovers ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE leftovers FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY workspace ON leftovers USING ({UNSCOPED} OR {WITHIN})"
        )


def downgrade() -> None:
    op.drop_table("leftovers")
    op.drop_column("provisionings", "missing_libraries")

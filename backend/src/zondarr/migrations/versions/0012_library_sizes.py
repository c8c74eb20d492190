"""How libraries grow, and the watch data that lists of items contain."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLE = "library_sizes"
WITHIN = "workspace_id = nullif(current_setting('zondarr.workspace', true), '')::uuid"
UNSCOPED = "current_setting('zondarr.unscoped', true) = 'on'"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("library_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("titles", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["library_id"],
            ["libraries.id"],
            name=op.f("fk_library_sizes_library_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_library_sizes_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("library_id", "day", name=op.f("pk_library_sizes")),
    )
    op.create_index(op.f("ix_library_sizes_workspace_id"), TABLE, ["workspace_id"])
    op.add_column(
        "sync_pages",
        sa.Column(
            "watched", sa.LargeBinary(), server_default=sa.text("''"), nullable=False
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY workspace ON {TABLE} USING ({UNSCOPED} OR {WITHIN})")


def downgrade() -> None:
    op.drop_column("sync_pages", "watched")
    op.drop_table(TABLE)

"""Indexes for the lists of insights."""

from collections.abc import Sequence

from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEXES = {
    "ix_titles_by_arrival": ("arrived_at", "id"),
    "ix_titles_by_largest": ("kind", "largest"),
    "ix_titles_by_gap": ("sizes_known",),
    "ix_titles_by_undated_play": ("undated_play",),
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.create_index(name, "titles", ["workspace_id", "listed", *columns])


def downgrade() -> None:
    for name in reversed(INDEXES):
        op.drop_index(name, table_name="titles")

"""Indexes for the lists of titles, without those that are hidden."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEXES = {
    "ix_titles_by_name": ("name_key", "id"),
    "ix_titles_by_year": ("year", "id"),
    "ix_titles_by_size": (
        *("size", "id", "kind", "added_at", "active_at", "arrived_at", "largest"),
        *("largest_sum", "sizes_known", "undated_play", "favourite", "languages_id"),
    ),
    "ix_titles_by_added": ("added_at", "id"),
    "ix_titles_by_arrival": ("arrived_at", "id"),
    "ix_titles_by_largest": ("kind", "largest"),
    "ix_titles_by_gap": ("sizes_known",),
    "ix_titles_by_undated_play": ("undated_play",),
    "ix_titles_by_activity": ("active_at", "id"),
    "ix_titles_by_languages": ("languages_id", "added_at", "size"),
}
HIDDEN = "ix_titles_hidden"


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.drop_index(name, table_name="titles")
        op.create_index(
            name,
            "titles",
            ["workspace_id", *columns],
            sqlite_where=sa.text("listed = 1"),
            postgresql_where=sa.text("listed"),
        )
    op.create_index(
        HIDDEN,
        "titles",
        ["workspace_id", "languages_id"],
        sqlite_where=sa.text("listed = 0"),
        postgresql_where=sa.text("NOT listed"),
    )


def downgrade() -> None:
    op.drop_index(HIDDEN, table_name="titles")
    for name, columns in INDEXES.items():
        op.drop_index(name, table_name="titles")
        op.create_index(name, "titles", ["workspace_id", "listed", *columns])

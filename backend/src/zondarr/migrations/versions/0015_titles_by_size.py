"""Indexes that have what the lists and sums of insights ask."""

from collections.abc import Sequence

from alembic import op

revision = "0015"
down_revision: str | Sequence[str] | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ix_titles_by_size"
BEFORE = ["workspace_id", "listed", "size", "id"]
NOW = [
    *BEFORE,
    *("kind", "added_at", "active_at", "arrived_at", "largest", "largest_sum"),
    *("sizes_known", "undated_play", "favourite", "languages_id"),
]


OF_TITLE, OF_TITLE_BEFORE = "ix_media_items_of_title", "ix_media_items_title_id"


def upgrade() -> None:
    op.drop_index(NAME, table_name="titles")
    op.create_index(NAME, "titles", NOW)
    op.drop_index(OF_TITLE_BEFORE, table_name="media_items")
    columns = ["title_id", "kind", "listed", "library_id"]
    op.create_index(OF_TITLE, "media_items", columns)


def downgrade() -> None:
    op.drop_index(OF_TITLE, table_name="media_items")
    op.create_index(OF_TITLE_BEFORE, "media_items", ["title_id"])
    op.drop_index(NAME, table_name="titles")
    op.create_index(NAME, "titles", BEFORE)

"""On SQLite people are searched in the index by name, and no row is read."""

from collections.abc import Sequence

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

PLAIN = "ix_identities_workspace_id_name_key_id"
COVERING = "ix_identities_by_name"
COLUMNS = ("workspace_id", "name_key", "id", "search_text")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index(PLAIN, table_name="identities")
        op.create_index(COVERING, "identities", COLUMNS)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index(COVERING, table_name="identities")
        op.create_index(PLAIN, "identities", COLUMNS[:3])

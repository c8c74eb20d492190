"""What the catalogue has of requested seasons, and the newest change of requests."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLE = "requested_seasons"
CHANGED = ("media_requests", "request_titles")


def upgrade() -> None:
    op.add_column(
        TABLE, sa.Column("held", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        TABLE, sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True)
    )
    for table in CHANGED:
        op.create_index(
            op.f(f"ix_{table}_workspace_id_updated_at"),
            table,
            ["workspace_id", "updated_at"],
        )


def downgrade() -> None:
    for table in CHANGED:
        op.drop_index(op.f(f"ix_{table}_workspace_id_updated_at"), table)
    op.drop_column(TABLE, "lost_at")
    op.drop_column(TABLE, "held")

"""The address of a server for guests, where it is another one than ours."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("media_servers", sa.Column("public_url", sa.String(length=500)))


def downgrade() -> None:
    op.drop_column("media_servers", "public_url")

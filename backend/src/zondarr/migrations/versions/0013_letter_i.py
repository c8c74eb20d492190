"""In what rows are found by, the Turkish letters I are alike."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = (
    "identities",
    "users",
    "media_servers",
    "libraries",
    "invitations",
    "titles",
    "protections",
)
DOTTED_I, DOTLESS_I = "i\u0307", "\u0131"


def upgrade() -> None:
    for name in TABLES:
        text: sa.ColumnClause[str] = sa.column("search_text", sa.Text())
        table = sa.table(name, text)
        for letter in DOTTED_I, DOTLESS_I:
            change = sa.update(table).where(text.contains(letter))
            op.execute(change.values(search_text=sa.func.replace(text, letter, "i")))


def downgrade() -> None:
    """The keys stay: what was found is found still."""

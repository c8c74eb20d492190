"""What rows are found by and sorted by, alike on both databases: stored keys."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

NAMES = {
    "identities": ("display_name", "email"),
    "users": ("username",),
    "media_servers": ("name", "url"),
    "libraries": ("name",),
    "invitations": ("code", "label"),
}
"""The columns that a row is found by; by the first it is sorted."""
NAMED = [table for table in NAMES if table != "invitations"]
BATCH = 1000

BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BY_NAME = sa.func.lower(sa.column("display_name"))
LETTERS = "æœøđðþħ\u0131łŋŧ"
PLAIN = ("ae", "oe", "o", "d", "d", "th", "h", "i", "l", "n", "t")
TO_PLAIN = str.maketrans(dict(zip(LETTERS, PLAIN, strict=True)))


def upgrade() -> None:
    for table in NAMES:
        text = sa.Column("search_text", sa.Text(), nullable=False, server_default="")
        op.add_column(table, text)
        if table in NAMED:
            key = sa.Column("name_key", BYTEWISE, nullable=False, server_default="")
            op.add_column(table, key)
        fill(table)
    op.drop_index("ix_identities_by_name", table_name="identities")
    op.create_index(
        op.f("ix_identities_workspace_id_name_key_id"),
        "identities",
        ["workspace_id", "name_key", "id"],
    )


def downgrade() -> None:
    op.drop_index(
        op.f("ix_identities_workspace_id_name_key_id"), table_name="identities"
    )
    op.create_index(
        "ix_identities_by_name",
        "identities",
        ["workspace_id", BY_NAME, "id", "display_name", "email"],
    )
    for table in NAMES:
        op.drop_column(table, "search_text")
        if table in NAMED:
            op.drop_column(table, "name_key")


def fill(table: str) -> None:
    columns: list[sa.ColumnClause[str]] = [sa.column(name) for name in NAMES[table]]
    keys: list[sa.ColumnClause[str]] = [sa.column("search_text"), sa.column("name_key")]
    rows = sa.table(table, sa.column("id", sa.Uuid()), *columns, *keys)
    change = sa.update(rows).where(rows.c.id == sa.bindparam("row"))
    change = change.values(search_text=sa.bindparam("text"))
    if table in NAMED:
        change = change.values(name_key=sa.bindparam("key"))
    connection = op.get_bind()
    accounts = usernames(connection) if table == "identities" else {}
    found: Sequence[Any] = connection.execute(sa.select(rows.c.id, *columns)).all()
    for begin in range(0, len(found), BATCH):
        batch = found[begin : begin + BATCH]
        keyed = [keys_of(*row, more=accounts.get(row[0], ())) for row in batch]
        if table not in NAMED:
            keyed = [{"row": one["row"], "text": one["text"]} for one in keyed]
        connection.execute(change, keyed)


def keys_of(
    row: UUID, name: str, *others: str | None, more: Iterable[str]
) -> dict[str, object]:
    text = search_text([name, *others, *more])
    return {"row": row, "text": text, "key": sort_key(name)}


def usernames(connection: sa.Connection) -> dict[UUID, list[str]]:
    """The names of each person's accounts."""
    person = sa.column("identity_id", sa.Uuid())
    name: sa.ColumnClause[str] = sa.column("username")
    users = sa.table("users", sa.column("id", sa.Uuid()), person, name)
    found: dict[UUID, list[str]] = {}
    asked = sa.select(users.c.identity_id, users.c.username).order_by(users.c.id)
    for row in connection.execute(asked):
        found.setdefault(row[0], []).append(row[1])
    return found


def search_text(names: Iterable[str | None]) -> str:
    return "\n".join(dict.fromkeys(folded(name) for name in names if name))


def folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


def sort_key(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in letters if not unicodedata.combining(one))
    written = unicodedata.normalize("NFC", text)
    return f"{plain.translate(TO_PLAIN)[:255]}\x01{written[:255]}"

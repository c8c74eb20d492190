"""Languages of tracks as tags, and what films, episodes and titles offer.

The languages of stored tracks are unknown until the next sync, which reads all items
again whose `languages_id` is null.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

WITHIN = "workspace_id = nullif(current_setting('zondarr.workspace', true), '')::uuid"
UNSCOPED = "current_setting('zondarr.unscoped', true) = 'on'"
TABLES = ("title_languages", "leaf_languages", "title_leaf_languages", "leaf_versions")
TAG = sa.String(length=100)
COLUMNS = (
    ("titles", "original_language", TAG),
    ("titles", "languages_id", sa.Uuid()),
    ("media_items", "languages_id", sa.Uuid()),
    ("media_files", "audio", sa.Text()),
    ("media_files", "subtitles", sa.Text()),
    ("media_tracks", "tag", TAG),
)
FLAGS = ("original", "commentary")


def upgrade() -> None:
    op.create_table(
        "title_languages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        _of_workspace("title_languages"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_title_languages")),
    )
    op.create_index(
        op.f("ix_title_languages_workspace_id"), "title_languages", ["workspace_id"]
    )
    op.create_table(
        "leaf_languages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("special", sa.Boolean(), nullable=False),
        sa.Column("original", sa.String(length=100), nullable=True),
        _of_workspace("leaf_languages"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaf_languages")),
    )
    op.create_index(
        op.f("ix_leaf_languages_workspace_id"), "leaf_languages", ["workspace_id"]
    )
    op.create_table(
        "title_leaf_languages",
        sa.Column("title_languages_id", sa.Uuid(), nullable=False),
        sa.Column("leaf_languages_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        _of("title_leaf_languages", "title_languages"),
        _of("title_leaf_languages", "leaf_languages"),
        _of_workspace("title_leaf_languages"),
        sa.PrimaryKeyConstraint(
            "title_languages_id",
            "leaf_languages_id",
            name=op.f("pk_title_leaf_languages"),
        ),
    )
    op.create_index(
        op.f("ix_title_leaf_languages_leaf_languages_id"),
        "title_leaf_languages",
        ["leaf_languages_id"],
    )
    op.create_table(
        "leaf_versions",
        sa.Column("leaf_languages_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("library_id", sa.Uuid(), nullable=False),
        sa.Column("audio", sa.Text(), nullable=False),
        sa.Column("audio_unknown", sa.Boolean(), nullable=False),
        sa.Column("subtitles", sa.Text(), nullable=False),
        sa.Column("subtitles_unknown", sa.Boolean(), nullable=False),
        _of("leaf_versions", "leaf_languages"),
        _of_workspace("leaf_versions"),
        sa.PrimaryKeyConstraint(
            "leaf_languages_id", "place", name=op.f("pk_leaf_versions")
        ),
    )
    for table, column, type_ in COLUMNS:
        op.add_column(table, sa.Column(column, type_, nullable=True))
    for flag in FLAGS:
        column = sa.Column(
            flag, sa.Boolean(), server_default=sa.false(), nullable=False
        )
        op.add_column("media_tracks", column)
    op.create_index(
        "ix_titles_by_languages",
        "titles",
        ["workspace_id", "listed", "languages_id", "added_at", "size"],
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(
                f"CREATE POLICY workspace ON {table} USING ({UNSCOPED} OR {WITHIN})"
            )


def downgrade() -> None:
    op.drop_index("ix_titles_by_languages", "titles")
    for flag in reversed(FLAGS):
        op.drop_column("media_tracks", flag)
    for table, column, _ in reversed(COLUMNS):
        op.drop_column(table, column)
    for table in reversed(TABLES):
        op.drop_table(table)


def _of_workspace(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_workspace_id")
    columns = ["workspace_id"], ["workspaces.id"]
    return sa.ForeignKeyConstraint(*columns, name=name, ondelete="CASCADE")


def _of(table: str, parent: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{parent}_id")
    columns = [f"{parent}_id"], [f"{parent}.id"]
    return sa.ForeignKeyConstraint(*columns, name=name, ondelete="CASCADE")

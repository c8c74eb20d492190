"""The catalogue: titles, what servers hold of them, who watched it, and its sync."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WITHIN = "workspace_id = nullif(current_setting('zondarr.workspace', true), '')::uuid"
UNSCOPED = "current_setting('zondarr.unscoped', true) = 'on'"
TABLES = (
    "titles",
    "workspace_settings",
    "catalogue_syncs",
    "watch_accounts",
    "watch_facts",
    "media_items",
    "sync_pages",
    "media_files",
    "media_tracks",
)


def upgrade() -> None:
    op.create_table(
        "titles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("imdb", sa.String(length=40), nullable=True),
        sa.Column("tmdb", sa.String(length=40), nullable=True),
        sa.Column("tvdb", sa.String(length=40), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("missing_since", MOMENT, nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("largest", sa.BigInteger(), nullable=False),
        sa.Column("largest_sum", sa.BigInteger(), nullable=False),
        sa.Column("sizes_known", sa.Boolean(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("active_at", MOMENT, nullable=False),
        sa.Column("undated_play", sa.Boolean(), nullable=False),
        sa.Column("favourite", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("name_key", BYTEWISE, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_titles_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_titles")),
    )
    op.create_index(
        "ix_titles_by_activity", "titles", ["workspace_id", "listed", "active_at", "id"]
    )
    op.create_index(
        "ix_titles_by_added", "titles", ["workspace_id", "listed", "added_at", "id"]
    )
    op.create_index(
        "ix_titles_by_name", "titles", ["workspace_id", "listed", "name_key", "id"]
    )
    op.create_index(
        "ix_titles_by_size", "titles", ["workspace_id", "listed", "size", "id"]
    )
    op.create_index(
        "ix_titles_by_year", "titles", ["workspace_id", "listed", "year", "id"]
    )
    op.create_index("ix_titles_imdb", "titles", ["workspace_id", "kind", "imdb"])
    op.create_index("ix_titles_tmdb", "titles", ["workspace_id", "kind", "tmdb"])
    op.create_index("ix_titles_tvdb", "titles", ["workspace_id", "kind", "tvdb"])
    op.create_table(
        "workspace_settings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_workspace_settings_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace_settings")),
        sa.UniqueConstraint(
            "workspace_id", "name", name=op.f("uq_workspace_settings_workspace_id_name")
        ),
    )
    op.create_table(
        "catalogue_syncs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("media_server_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("history_place", sa.Text(), nullable=True),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["media_server_id"],
            ["media_servers.id"],
            name=op.f("fk_catalogue_syncs_media_server_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_catalogue_syncs_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_syncs")),
        sa.UniqueConstraint(
            "media_server_id", name=op.f("uq_catalogue_syncs_media_server_id")
        ),
    )
    op.create_table(
        "watch_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("media_server_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("library_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("as_of", MOMENT, nullable=True),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("removed_since", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["media_server_id"],
            ["media_servers.id"],
            name=op.f("fk_watch_accounts_media_server_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_watch_accounts_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_accounts")),
        sa.UniqueConstraint(
            "media_server_id",
            "external_id",
            name=op.f("uq_watch_accounts_media_server_id_external_id"),
        ),
    )
    op.create_table(
        "watch_facts",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("media_server_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.String(length=100), nullable=False),
        sa.Column("item_id", sa.String(length=100), nullable=False),
        sa.Column("played", sa.Boolean(), nullable=True),
        sa.Column("play_count", sa.Integer(), nullable=True),
        sa.Column("last_played_at", MOMENT, nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("favourite", sa.Boolean(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["media_server_id"],
            ["media_servers.id"],
            name=op.f("fk_watch_facts_media_server_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_watch_facts_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "media_server_id", "account_id", "item_id", name=op.f("pk_watch_facts")
        ),
    )
    op.create_index(
        op.f("ix_watch_facts_media_server_id_item_id"),
        "watch_facts",
        ["media_server_id", "item_id"],
    )
    op.create_table(
        "media_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("media_server_id", sa.Uuid(), nullable=False),
        sa.Column("library_id", sa.Uuid(), nullable=False),
        sa.Column("title_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=False),
        sa.Column("stamp", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("season", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("path_key", sa.String(length=32), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("arrival", sa.String(20), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("missing_since", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["library_id"],
            ["libraries.id"],
            name=op.f("fk_media_items_library_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["media_server_id"],
            ["media_servers.id"],
            name=op.f("fk_media_items_media_server_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["title_id"],
            ["titles.id"],
            name=op.f("fk_media_items_title_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_media_items_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_items")),
        sa.UniqueConstraint(
            "library_id",
            "external_id",
            name=op.f("uq_media_items_library_id_external_id"),
        ),
    )
    op.create_index(
        op.f("ix_media_items_library_id_path_key"),
        "media_items",
        ["library_id", "path_key"],
    )
    op.create_index(
        op.f("ix_media_items_media_server_id_external_id"),
        "media_items",
        ["media_server_id", "external_id"],
    )
    op.create_index(op.f("ix_media_items_title_id"), "media_items", ["title_id"])
    op.create_table(
        "sync_pages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("media_server_id", sa.Uuid(), nullable=False),
        sa.Column("library_id", sa.Uuid(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("seen", sa.LargeBinary(), nullable=False),
        sa.Column("items", sa.LargeBinary(), nullable=False),
        sa.Column("has_items", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["library_id"],
            ["libraries.id"],
            name=op.f("fk_sync_pages_library_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["media_server_id"],
            ["media_servers.id"],
            name=op.f("fk_sync_pages_media_server_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_sync_pages_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_pages")),
        sa.UniqueConstraint("run_id", "key", name=op.f("uq_sync_pages_run_id_key")),
    )
    op.create_index(
        op.f("ix_sync_pages_media_server_id"), "sync_pages", ["media_server_id"]
    )
    op.create_table(
        "media_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("container", sa.String(length=40), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["media_items.id"],
            name=op.f("fk_media_files_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_media_files_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_files")),
        sa.UniqueConstraint(
            "item_id", "place", name=op.f("uq_media_files_item_id_place")
        ),
    )
    op.create_table(
        "media_tracks",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("language", sa.String(length=100), nullable=True),
        sa.Column("codec", sa.String(length=50), nullable=True),
        sa.Column("channels", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=True),
        sa.Column("default", sa.Boolean(), nullable=False),
        sa.Column("forced", sa.Boolean(), nullable=False),
        sa.Column("hearing_impaired", sa.Boolean(), nullable=False),
        sa.Column("external", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["media_files.id"],
            name=op.f("fk_media_tracks_file_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_media_tracks_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", "place", name=op.f("pk_media_tracks")),
    )
    op.add_column("runs", sa.Column("subject_id", sa.Uuid(), nullable=True))
    op.add_column("runs", sa.Column("subject", sa.String(length=100), nullable=True))
    op.add_column("runs", sa.Column("step", sa.String(length=64), nullable=True))
    op.add_column("runs", sa.Column("step_started_at", MOMENT, nullable=True))
    op.add_column(
        "runs", sa.Column("parts", sa.JSON(), server_default="[]", nullable=False)
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(
                f"CREATE POLICY workspace ON {table} USING ({UNSCOPED} OR {WITHIN})"
            )


def downgrade() -> None:
    for column in ("parts", "step_started_at", "step", "subject", "subject_id"):
        op.drop_column("runs", column)
    for table in reversed(TABLES):
        op.drop_table(table)

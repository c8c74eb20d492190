"""The requests of a connected Seerr."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = (
    "request_servers",
    "request_pages",
    "request_titles",
    "requesters",
    "media_requests",
    "request_title_seasons",
    "requested_seasons",
)
MOMENT = sa.DateTime(timezone=True)
BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WITHIN = "workspace_id = nullif(current_setting('zondarr.workspace', true), '')::uuid"
UNSCOPED = "current_setting('zondarr.unscoped', true) = 'on'"


def upgrade() -> None:
    op.create_table(
        "request_servers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("api_key", sa.String(), nullable=False),
        sa.Column("product", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=50), nullable=True),
        sa.Column("last_contact_at", MOMENT, nullable=True),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("synced_at", MOMENT, nullable=True),
        sa.Column("synced_through", MOMENT, nullable=True),
        sa.Column("full_synced_at", MOMENT, nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_request_servers_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_servers")),
        sa.UniqueConstraint(
            "workspace_id", name=op.f("uq_request_servers_workspace_id")
        ),
    )
    op.create_table(
        "request_pages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id"],
            ["request_servers.id"],
            name=op.f("fk_request_pages_server_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_request_pages_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_pages")),
        sa.UniqueConstraint(
            "workspace_id",
            "run_id",
            "key",
            name=op.f("uq_request_pages_workspace_id_run_id_key"),
        ),
    )
    op.create_table(
        "request_titles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("tmdb", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("name_language", sa.String(length=20), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("original_language", sa.String(length=20), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=True),
        sa.Column("digital_on", sa.Date(), nullable=True),
        sa.Column("physical_on", sa.Date(), nullable=True),
        sa.Column("theatrical_on", sa.Date(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("looked_up_at", MOMENT, nullable=True),
        sa.Column("failed_at", MOMENT, nullable=True),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("name_key", BYTEWISE, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id"],
            ["request_servers.id"],
            name=op.f("fk_request_titles_server_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_request_titles_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_titles")),
        sa.UniqueConstraint(
            "workspace_id",
            "kind",
            "tmdb",
            name=op.f("uq_request_titles_workspace_id_kind_tmdb"),
        ),
    )
    op.create_index(
        "ix_request_titles_by_name",
        "request_titles",
        ["workspace_id", "name_key", "id"],
        unique=False,
    )
    op.create_table(
        "requesters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("jellyfin_user_id", sa.String(length=100), nullable=True),
        sa.Column("plex_id", sa.String(length=40), nullable=True),
        sa.Column("identity_id", sa.Uuid(), nullable=True),
        sa.Column("link", sa.String(length=20), nullable=True),
        sa.Column("request_count", sa.Integer(), nullable=False),
        sa.Column("missing_since", MOMENT, nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("name_key", BYTEWISE, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["identities.id"],
            name=op.f("fk_requesters_identity_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["server_id"],
            ["request_servers.id"],
            name=op.f("fk_requesters_server_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_requesters_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requesters")),
        sa.UniqueConstraint(
            "workspace_id",
            "external_id",
            name=op.f("uq_requesters_workspace_id_external_id"),
        ),
    )
    op.create_index(
        "ix_requesters_by_name",
        "requesters",
        ["workspace_id", "name_key", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_requesters_workspace_id_identity_id"),
        "requesters",
        ["workspace_id", "identity_id"],
        unique=False,
    )
    op.create_table(
        "media_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("tmdb", sa.String(length=40), nullable=True),
        sa.Column("tvdb", sa.String(length=40), nullable=True),
        sa.Column("imdb", sa.String(length=40), nullable=True),
        sa.Column("is_4k", sa.Boolean(), nullable=False),
        sa.Column("request_status", sa.Integer(), nullable=False),
        sa.Column("media_status", sa.Integer(), nullable=False),
        sa.Column("requester_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("modified_at", MOMENT, nullable=False),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("can_remove", sa.Boolean(), nullable=False),
        sa.Column("title_id", sa.Uuid(), nullable=True),
        sa.Column("missing_since", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["requester_id"],
            ["requesters.id"],
            name=op.f("fk_media_requests_requester_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["server_id"],
            ["request_servers.id"],
            name=op.f("fk_media_requests_server_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_media_requests_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_requests")),
        sa.UniqueConstraint(
            "workspace_id",
            "external_id",
            name=op.f("uq_media_requests_workspace_id_external_id"),
        ),
    )
    op.create_index(
        "ix_media_requests_by_date",
        "media_requests",
        ["workspace_id", "requested_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_media_requests_workspace_id_kind_tmdb"),
        "media_requests",
        ["workspace_id", "kind", "tmdb"],
        unique=False,
    )
    op.create_index(
        op.f("ix_media_requests_workspace_id_requester_id"),
        "media_requests",
        ["workspace_id", "requester_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_media_requests_workspace_id_title_id"),
        "media_requests",
        ["workspace_id", "title_id"],
        unique=False,
    )
    op.create_table(
        "request_title_seasons",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("title_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_aired_on", sa.Date(), nullable=True),
        sa.Column("last_aired_on", sa.Date(), nullable=True),
        sa.Column("episodes", sa.Integer(), nullable=True),
        sa.Column("aired", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["title_id"],
            ["request_titles.id"],
            name=op.f("fk_request_title_seasons_title_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_request_title_seasons_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "title_id", "number", name=op.f("pk_request_title_seasons")
        ),
    )
    op.create_table(
        "requested_seasons",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["media_requests.id"],
            name=op.f("fk_requested_seasons_request_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_requested_seasons_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "request_id", "number", name=op.f("pk_requested_seasons")
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(
                f"CREATE POLICY workspace ON {table} USING ({UNSCOPED} OR {WITHIN})"
            )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)

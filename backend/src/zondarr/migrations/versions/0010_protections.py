"""Protections of titles, their parts, and libraries."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
WITHIN = "workspace_id = nullif(current_setting('zondarr.workspace', true), '')::uuid"
UNSCOPED = "current_setting('zondarr.unscoped', true) = 'on'"


def upgrade() -> None:
    op.create_table(
        "protections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("scope_key", sa.String(length=120), nullable=False),
        sa.Column("title_id", sa.Uuid(), nullable=True),
        sa.Column("season", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("library_id", sa.Uuid(), nullable=True),
        sa.Column("library_name", sa.String(length=300), nullable=True),
        sa.Column("library_location_key", sa.String(length=32), nullable=True),
        sa.Column("server_machine_id", sa.String(length=100), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("insight", sa.String(length=20), nullable=False),
        sa.Column("audio", sa.String(length=800), nullable=True),
        sa.Column("subtitles", sa.String(length=800), nullable=True),
        sa.Column("preset", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(length=254), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["accounts.id"],
            name=op.f("fk_protections_author_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["title_id"], ["titles.id"], name=op.f("fk_protections_title_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_protections_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protections")),
        sa.UniqueConstraint(
            "workspace_id",
            "scope_key",
            "insight",
            name=op.f("uq_protections_workspace_id_scope_key_insight"),
        ),
    )
    op.create_index(op.f("ix_protections_title_id"), "protections", ["title_id"])
    op.create_index(
        op.f("ix_protections_workspace_id_created_at_id"),
        "protections",
        ["workspace_id", "created_at", "id"],
    )
    op.create_index(
        op.f("ix_protections_workspace_id_library_id"),
        "protections",
        ["workspace_id", "library_id"],
    )
    op.add_column(
        "libraries", sa.Column("location_key", sa.String(length=32), nullable=True)
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE protections ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE protections FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY workspace ON protections USING ({UNSCOPED} OR {WITHIN})"
        )


def downgrade() -> None:
    op.drop_column("libraries", "location_key")
    op.drop_table("protections")

"""Plex: who signs in with it, how far a share has come, and what ending it took."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


NEW_COLUMNS: dict[str, dict[str, sa.types.TypeEngine[Any]]] = {
    "users": {
        "share_id": sa.String(50),
        "access_before": sa.JSON(),
        "access_taken": sa.JSON(),
    },
    "redemptions": {
        "guest_plex_id": sa.String(50),
        "guest_plex_token": sa.String(),
        "guest_home_pin": sa.String(),
        "retry_until": sa.DateTime(timezone=True),
    },
    "provisionings": {"share_id": sa.String(50), "access_before": sa.JSON()},
}


def upgrade() -> None:
    op.create_table(
        "plex_device",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_plex_device_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plex_device")),
    )
    op.create_table(
        "plex_sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("pin", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("token", sa.String()),
        sa.Column("plex_id", sa.String(50)),
        sa.Column("email", sa.String(254)),
        sa.Column("username", sa.String(254)),
        sa.Column("error", sa.String(20)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plex_sign_ins")),
    )
    op.create_index(
        op.f("ix_plex_sign_ins_expires_at"), "plex_sign_ins", ["expires_at"]
    )
    standing = sa.Column(
        "standing", sa.String(20), nullable=False, server_default="accepted"
    )
    op.add_column("users", standing)
    for table, columns in NEW_COLUMNS.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind))
    op.create_index(op.f("ix_redemptions_retry_until"), "redemptions", ["retry_until"])


def downgrade() -> None:
    op.drop_index(op.f("ix_redemptions_retry_until"), "redemptions")
    for table, columns in NEW_COLUMNS.items():
        for name in columns:
            op.drop_column(table, name)
    op.drop_column("users", "standing")
    op.drop_table("plex_sign_ins")
    op.drop_table("plex_device")

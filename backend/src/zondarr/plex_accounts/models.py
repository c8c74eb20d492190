"""Sign-ins with Plex, and the id of this installation on plex.tv."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from zondarr.core.models import Base, Entity


class PlexDevice(Base):
    """The id of this installation on plex.tv: one row, never changed.

    plex.tv throttles installations that share an id.
    """

    __tablename__ = "plex_device"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    client_id: Mapped[UUID]


class PlexSignIn(Entity):
    """A sign-in on Plex's page that was started and may be approved.

    It belongs to its `holder` (a fingerprint): a guest's browser or an account. `pin`
    is plex.tv's id and never leaves the server, `token` is sealed; `asked_at` is when
    plex.tv was last polled.
    """

    __tablename__ = "plex_sign_ins"

    holder: Mapped[str] = mapped_column(String(64))
    pin: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    asked_at: Mapped[datetime | None]
    token: Mapped[str | None] = mapped_column(info={"sealed": True})
    plex_id: Mapped[str | None] = mapped_column(String(50))
    email: Mapped[str | None] = mapped_column(String(254))
    username: Mapped[str | None] = mapped_column(String(254))
    error: Mapped[str | None] = mapped_column(String(20))

"""The table of rate limits."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from zondarr.core.models import Base


class RateLimit(Base):
    """The number of attempts since the window started. Belongs to no workspace."""

    __tablename__ = "rate_limits"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    tries: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)

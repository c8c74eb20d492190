"""What Alembic runs: inside the program on its connection, by hand on its own."""

import asyncio
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, Enum

from zondarr.config import load_settings
from zondarr.core.models import UTCDateTime
from zondarr.migrations import alone
from zondarr.tables import Base


def _render(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Revisions name plain types: they must still run when our classes have changed."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def _run(connection: Connection) -> None:
    def is_here(item: object, *_: object) -> bool:
        only_on = getattr(item, "info", {}).get("only_on")
        return only_on in {None, connection.dialect.name}

    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        render_item=_render,
        include_object=is_here,
    )
    context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is None:
    asyncio.run(alone(load_settings().database_url, _run))
else:
    _run(given)

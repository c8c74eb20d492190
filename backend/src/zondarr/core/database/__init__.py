"""The database: its engines, and sessions that see the rows of one workspace only.

`engine` opens it, `sqlite` prepares SQLite's connections, `scope` keeps workspaces
apart, `among` compares with many values, `bulk` writes many rows, `errors` translates
what SQLAlchemy raises.
"""

from zondarr.core.database.among import among, not_among
from zondarr.core.database.engine import Database, UnitOfWork, create_engine
from zondarr.core.database.errors import WorkspaceMissingError, is_duplicate
from zondarr.core.database.scope import Session, Unscoped

__all__ = [
    "Database",
    "Session",
    "UnitOfWork",
    "Unscoped",
    "WorkspaceMissingError",
    "among",
    "create_engine",
    "is_duplicate",
    "not_among",
]

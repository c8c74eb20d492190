"""What a start does not do: import what most starts do not need."""

import subprocess
import sys

from alembic.script import ScriptDirectory

from zondarr import migrations
from zondarr.migrations.history import configuration

BUILD = """
import sys
from pathlib import Path
from zondarr.app import create_app
from zondarr.config import Settings
create_app(Settings(secret_key="x" * 32, database_url="sqlite+aiosqlite:///nowhere"))
print(*{name.partition(".")[0] for name in sys.modules})
"""
"""The application, with nothing opened."""


def test_the_application_is_built_without_what_it_may_never_need() -> None:
    reported = subprocess.run(  # noqa: S603
        [sys.executable, "-c", BUILD], capture_output=True, text=True, check=True
    )
    imported = set(reported.stdout.split())
    assert "litestar" in imported
    assert not imported & {"alembic", "mako", "pydantic", "attr", "rich", "pygments"}


def test_the_newest_revision_is_the_one_alembic_calls_head() -> None:
    scripts = ScriptDirectory.from_config(configuration())
    assert scripts.get_heads() == [migrations.newest()]

"""What controllers may ask for by name.

session   the request's database session, in the workspace of whoever signed in; read
          only for GET. It is committed after the handler, before the answer is sent,
          and rolled back if either fails. The only generator here: Litestar runs the
          ends of several at once.
work      opens further sessions in that workspace, for what must not hold one open
actor     who signed in, where the route needs someone
"""

from typing import Any

from litestar.di import Provide

from zondarr.api.metrics import Metrics
from zondarr.wiring import Program


def dependencies(program: Program, metrics: Metrics) -> dict[str, Provide]:
    return {
        "program": _constant(program),
        "checks": _constant(program.checks),
        "metrics": _constant(metrics),
    }


def _constant(value: object) -> Provide:
    def provide() -> Any:
        return value

    return Provide(provide, sync_to_thread=False)

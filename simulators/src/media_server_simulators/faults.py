"""Faults that a test orders beforehand: which requests, what happens, how often."""

from dataclasses import dataclass
from enum import StrEnum

from media_server_simulators.wire import JsonObject, Request


class FaultKind(StrEnum):
    LATENCY = "latency"  # `value` milliseconds, then as usual
    STATUS = "status"  # `value` is the status; nothing is applied
    DROP = "drop"  # the connection is reset before anything is applied
    TRUNCATE = "truncate"  # applied, then half of the answer
    HTML = "html"  # a proxy's sign-in page with 200; nothing is applied
    LOST_RESPONSE = "lost_response"  # applied, then reset without an answer
    EMPTY = "empty"  # 200 with an empty list; nothing is applied
    SHRUNKEN = "shrunken"  # a list lacks entries; `value` selects which remain
    STARTING = "starting"  # as a server that starts; `value` chooses the phase


NAMING = {"path_prefix", "method", "kind"}


class FaultError(ValueError):
    """What is wrong with a fault that was ordered; the text is for its author."""


@dataclass(slots=True)
class Fault:
    """`times` counts down to none; 0 when ordered means until it is taken back."""

    path_prefix: str
    kind: FaultKind
    method: str | None = None
    value: int | str | None = None
    times: int = 1
    endless: bool = False

    def covers(self, method: str, path: str) -> bool:
        here = path.lower().startswith(self.path_prefix.lower())
        return here and (self.method is None or self.method.upper() == method)

    def as_json(self) -> JsonObject:
        return {
            "path_prefix": self.path_prefix,
            "method": self.method,
            "kind": self.kind.value,
            "value": self.value,
            "times": 0 if self.endless else self.times,
        }


def read_fault(order: JsonObject) -> Fault:
    """Raises FaultError for anything that is not a fault."""
    unknown = set(order) - {"path_prefix", "method", "kind", "value", "times"}
    if unknown:
        raise FaultError(f"unknown fields: {', '.join(sorted(unknown))}")
    prefix, method, value = (
        order.get("path_prefix", "/"),
        order.get("method"),
        order.get("value"),
    )
    if not isinstance(prefix, str) or not (method is None or isinstance(method, str)):
        raise FaultError("path_prefix and method are strings")
    if isinstance(value, (bool, float, list, dict)):
        raise FaultError("value is a number or a string")
    kind, times = _kind(order.get("kind")), _times(order.get("times", 1))
    _check_value(kind, value)
    return Fault(prefix, kind, method, value, times, endless=times == 0)


def _kind(kind: object) -> FaultKind:
    if not isinstance(kind, str) or kind not in set(FaultKind):
        raise FaultError(f"kind is one of {', '.join(FaultKind)}")
    return FaultKind(kind)


def _times(times: object) -> int:
    if times is None:
        return 1
    if not isinstance(times, int) or isinstance(times, bool) or times < 0:
        raise FaultError("times is a whole number; 0 means until it is deleted")
    return times


def _check_value(kind: FaultKind, value: int | str | None) -> None:
    needs_number = kind in {FaultKind.LATENCY, FaultKind.STATUS}
    if needs_number and not isinstance(value, int):
        raise FaultError(f"{kind} needs a number as value")
    if kind is FaultKind.SHRUNKEN and value is None:
        raise FaultError(f"{kind} needs as value how many entries stay, or a text")


class Faults:
    """Those in force, in the order in which they were ordered."""

    def __init__(self) -> None:
        self._active: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._active.append(fault)

    def remove(self, like: JsonObject | None = None) -> int:
        """Take back those with the same path, method and kind as given, or all."""
        wanted = {k: v for k, v in (like or {}).items() if k in NAMING}
        gone = [f for f in self._active if wanted.items() <= f.as_json().items()]
        self._active = [f for f in self._active if f not in gone]
        return len(gone)

    def take(self, request: Request, path: str) -> list[Fault]:
        """What happens to this request: any latencies, then at most one other fault."""
        taken: list[Fault] = []
        for fault in list(self._active):
            if not fault.covers(request.method, path):
                continue
            self._use(fault)
            taken.append(fault)
            if fault.kind is not FaultKind.LATENCY:
                break
        return taken

    def _use(self, fault: Fault) -> None:
        if fault.endless:
            return
        fault.times -= 1
        if fault.times <= 0:
            self._active.remove(fault)

    @property
    def active(self) -> list[Fault]:
        return list(self._active)

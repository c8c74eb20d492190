"""Reading the body of a control request."""

import json
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime

from media_server_simulators.wire import Json, JsonObject


class OrderError(ValueError):
    """Why an order cannot be carried out: 400, or 404 for what does not exist."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class Order:
    """The JSON object of a control request. Its methods raise OrderError."""

    fields: JsonObject

    @classmethod
    def read(cls, body: bytes) -> Order:
        try:
            value: Json = json.loads(body or b"{}")
        except ValueError as error:
            raise OrderError("the body is not JSON") from error
        return cls.of(value, "the body")

    @classmethod
    def of(cls, value: Json, name: str) -> Order:
        if not isinstance(value, dict):
            raise OrderError(f"{name} is an object")
        return cls(value)

    def has_only(self, known: AbstractSet[str]) -> None:
        unknown = set(self.fields) - known
        if unknown:
            raise OrderError(f"unknown fields: {', '.join(sorted(unknown))}")

    def __contains__(self, name: str) -> bool:
        return self.fields.get(name) is not None

    def text(self, name: str) -> str | None:
        value = self.fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if value is None or isinstance(value, str):
            return value
        raise OrderError(f"{name} is a string")

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise OrderError(f"{name} is missing")
        return value

    def number(self, name: str) -> float | None:
        value = self.fields.get(name)
        if value is None or (
            isinstance(value, (int, float)) and not isinstance(value, bool)
        ):
            return value
        raise OrderError(f"{name} is a number")

    def whole(self, name: str) -> int | None:
        value = self.number(name)
        return None if value is None else int(value)

    def flag(self, name: str, default: bool) -> bool:
        value = self.fields.get(name, default)
        if not isinstance(value, bool):
            raise OrderError(f"{name} is true or false")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.fields.get(name)
        values = value if isinstance(value, list) else [value]
        return tuple(str(each) for each in values if each is not None)

    def orders(self, name: str) -> list[Order]:
        value = self.fields.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise OrderError(f"{name} is a list")
        return [Order.of(each, name) for each in value]

    def moment(self, name: str) -> datetime | None:
        """ISO 8601; without a zone it is UTC."""
        value = self.text(name)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise OrderError(f"{name} is a time in ISO 8601") from error
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

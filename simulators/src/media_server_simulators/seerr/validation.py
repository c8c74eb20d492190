"""The request validator in front of Seerr's handlers, with its sentences."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from media_server_simulators.seerr.errors import message
from media_server_simulators.wire import Json, JsonObject, Request

TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What one field must be. `allowed` are the values of an enum."""

    type: str = "string"
    allowed: tuple[str, ...] = ()
    nullable: bool = False
    default: str | None = None

    def fault(self, value: Json) -> tuple[str, str] | None:
        """The sentence and the code of what is wrong with a value."""
        if self.nullable and value is None:
            return None
        known = TYPES[self.type]
        right = isinstance(value, known) and (
            self.type == "boolean" or not isinstance(value, bool)
        )
        if not right:
            return f"should be {self.type}{',null' if self.nullable else ''}", "type"
        if self.allowed and value not in self.allowed:
            values = ", ".join(self.allowed)
            return f"should be equal to one of the allowed values: {values}", "enum"
        return None


NUMBER = Rule("number")
PAGE_NUMBER = Rule("number", nullable=True)
TEXT = Rule()


@dataclass(frozen=True, slots=True)
class Body:
    """The JSON object that a route takes."""

    fields: Mapping[str, Rule]
    required: Sequence[str] = ()


type Fault = tuple[str, str, str]  # path, sentence, code


def check_fields(
    given: Mapping[str, str], rules: Mapping[str, Rule], where: str
) -> tuple[dict[str, Json], list[Fault]]:
    """Path and query are text; numbers among them are read as such."""
    found: dict[str, Json] = {}
    faults: list[Fault] = []
    for name, rule in rules.items():
        if name not in given:
            if rule.default is not None:
                found[name] = rule.default
            continue
        value = as_number(given[name]) if rule.type == "number" else given[name]
        fault = rule.fault(value)
        if fault is not None:
            faults.append((f".{where}.{name}", *fault))
        found[name] = value
    return found, faults


def as_number(text: str) -> Json:
    """The number that a text is, or the text."""
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    return int(number) if number.is_integer() else number


def check_body(body: JsonObject, wanted: Body) -> list[Fault]:
    faults: list[Fault] = []
    for name in wanted.required:
        if name not in body:
            sentence = f"should have required property '{name}'"
            faults.append((f".body.{name}", sentence, "required"))
    for name, rule in wanted.fields.items():
        fault = rule.fault(body[name]) if name in body else None
        if fault is not None:
            faults.append((f".body.{name}", *fault))
    return faults


def refuse(faults: Sequence[Fault]) -> None:
    """Raises 400 with all that is wrong, if anything is."""
    if not faults:
        return
    sentences: list[str] = []
    rows: list[Json] = []
    for path, sentence, code in faults:
        # A missing property is said of the object that lacks it.
        place = path.rsplit(".", 1)[0] if code == "required" else path
        sentences.append(f"request{place} {sentence}")
        named = f"{code}.openapi.validation"
        rows.append({"path": path, "message": sentence, "errorCode": named})
    raise message(400, ", ".join(sentences), rows)


def read_json(request: Request) -> JsonObject:
    """An empty body is an empty object; what is not JSON is 400."""
    text = request.body.decode("utf-8", "replace").strip()
    if not text:
        return {}
    try:
        value: Json = json.loads(text, parse_constant=_no_number)
    except ValueError as error:
        raise message(400, _sentence(text)) from error
    return value if isinstance(value, dict) else {}


def _no_number(text: str) -> Json:
    """Python reads NaN and Infinity; JSON has neither."""
    raise ValueError(text)


def _sentence(text: str) -> str:
    """What Node's parser says. Of most faults it says the character and its place."""
    if text == "{":
        return "Expected property name or '}' in JSON at position 1"
    if text[0] in "{[":
        return f"Unexpected end of JSON input at position {len(text)}"
    return f"Unexpected token {text[0]!r}, {json.dumps(text[:10])} is not valid JSON"

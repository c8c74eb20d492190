"""How texts of a path, a query or a body become values, or a refusal."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from media_server_simulators.jellyfin.http.errors import problem
from media_server_simulators.jellyfin.http.malformed import complaint
from media_server_simulators.jellyfin.http.shapes import Mismatch, Shape
from media_server_simulators.jellyfin.values import parse_guid
from media_server_simulators.wire import Json, JsonObject, Request

type Value = bool | int | float | str | datetime | list[str] | None
type Kind = Callable[[Sequence[str]], Value]
type Errors = dict[str, list[str]]


class NotValid(Exception):  # noqa: N818
    """The text is not a value of this type; may carry a sentence of its own."""

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def flag(texts: Sequence[str]) -> Value:
    word = texts[0].strip().lower()
    if word not in {"true", "false"}:
        raise NotValid
    return word == "true"


def whole(texts: Sequence[str]) -> Value:
    try:
        number = int(texts[0])
    except ValueError as error:
        raise NotValid from error
    if not -(2**31) <= number < 2**31:
        raise NotValid
    return number


def wide(texts: Sequence[str]) -> Value:
    try:
        return int(texts[0])
    except ValueError as error:
        raise NotValid from error


def real(texts: Sequence[str]) -> Value:
    try:
        return float(texts[0])
    except ValueError as error:
        raise NotValid from error


def text(texts: Sequence[str]) -> Value:
    return texts[0] or None


def guid(texts: Sequence[str]) -> Value:
    found = parse_guid(texts[0])
    if found is None:
        raise NotValid
    return found


def moment(texts: Sequence[str]) -> Value:
    try:
        found = datetime.fromisoformat(_shorter(texts[0]))
    except ValueError as error:
        raise NotValid from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _shorter(text: str) -> str:
    """Python reads six fractional digits, .NET seven."""
    head, dot, rest = text.partition(".")
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    return f"{head}{dot}{digits[:6]}{rest[len(digits) :]}" if dot else text


def words(texts: Sequence[str]) -> Value:
    """One text is split at its commas; several are taken as they are."""
    parts = texts[0].split(",") if len(texts) == 1 else texts
    return [part.strip() for part in parts if part.strip()]


def pipes(texts: Sequence[str]) -> Value:
    parts = texts[0].split("|") if len(texts) == 1 else texts
    return [part for part in parts if part]


def guids(texts: Sequence[str]) -> Value:
    """What is no id is dropped without a word."""
    found = words(texts)
    parts = found if isinstance(found, list) else []
    return [each for part in parts if (each := parse_guid(part)) is not None]


def one_of(*names: str) -> Kind:
    known = {name.lower(): name for name in names}

    def read(texts: Sequence[str]) -> Value:
        if texts[0].lower() not in known:
            raise NotValid
        return known[texts[0].lower()]

    return read


def some_of(*names: str) -> Kind:
    """Names of a comma list; unknown ones are dropped without a word."""
    known = {name.lower(): name for name in names}

    def read(texts: Sequence[str]) -> Value:
        found = words(texts)
        parts = found if isinstance(found, list) else []
        return [known[part.lower()] for part in parts if part.lower() in known]

    return read


@dataclass(frozen=True)
class Body:
    """What a handler wants as its body; `parameter` is the name in its signature."""

    shape: Shape
    parameter: str
    required: bool = True
    validated: bool = True


def bind(
    given: Mapping[str, Sequence[str]],
    kinds: Mapping[str, Kind],
    required: Sequence[str],
) -> tuple[dict[str, Value], Errors]:
    """Values by declared name; names of the query are compared without case."""
    lowered = {name.lower(): texts for name, texts in given.items()}
    values: dict[str, Value] = {}
    errors: Errors = {}
    for name, kind in kinds.items():
        texts = lowered.get(name.lower())
        if not texts or (len(texts) == 1 and not texts[0]):
            if name in required:
                errors[name] = [f"The {name} field is required."]
            continue
        try:
            values[name] = kind(texts)
        except NotValid as refused:
            errors[name] = [refused.sentence or f"The value '{texts[0]}' is not valid."]
    return values, errors


def read_body(request: Request, body: Body) -> tuple[JsonObject | None, Errors]:
    """The body's properties, or what is wrong with it. Raises the refusal of a 415."""
    missing = [f"The {body.parameter} field is required."]
    if (
        not request.body
        and request.header("content-type") is None
        and not body.required
    ):
        return None, {}
    if not _is_json(request.header("content-type")):
        raise problem(415)
    if not request.body.strip() or request.body.strip() == b"null":
        if not body.required:
            return None, {}
        return None, {
            "": ["A non-empty request body is required."],
            body.parameter: missing,
        }
    try:
        found = body.shape.read(_json(request.body), [])
    except Mismatch as refused:
        return None, {refused.name: [refused.sentence], body.parameter: missing}
    return found, body.shape.blanks(found) if body.validated else {}


def _json(raw: bytes) -> Json:
    text_ = raw.decode("utf-8", "replace")
    try:
        value: Json = json.loads(text_, parse_constant=_no_constant)
    except ValueError as error:
        raise Mismatch(*complaint(text_)) from error
    return value


def _no_constant(word: str) -> None:
    raise ValueError(word)


def _is_json(content_type: str | None) -> bool:
    media = (content_type or "").partition(";")[0].strip().lower()
    return media in {"application/json", "text/json"} or media.endswith("+json")

"""Request bodies as the server's JSON reader takes them: types, names, complaints."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from media_server_simulators.jellyfin.http.malformed import where
from media_server_simulators.jellyfin.values import parse_guid
from media_server_simulators.wire import Json, JsonObject


class Mismatch(Exception):  # noqa: N818
    """A value that the reader refuses, by the name under which it is reported."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name, self.sentence = name, sentence


def unreadable(dotnet: str, path: list[str]) -> Mismatch:
    place = where(path)
    sentence = (
        f"The JSON value could not be converted to {dotnet}. "
        f"Path: {place} | LineNumber: 0 | BytePositionInLine: 0."
    )
    return Mismatch(place, sentence)


type Reader = Callable[[Json, list[str]], Json]


def boolean(value: Json, path: list[str]) -> Json:
    """Numbers are taken for booleans, texts are not."""
    if isinstance(value, (bool, int, float)):
        return bool(value)
    raise unreadable("System.Boolean", path)


def integer(value: Json, path: list[str]) -> Json:
    """Numbers may come as text."""
    if isinstance(value, str) and value.lstrip("-").isdecimal():
        value = int(value)
    if (
        isinstance(value, int)
        and not isinstance(value, bool)
        and -(2**31) <= value < 2**31
    ):
        return value
    raise unreadable("System.Int32", path)


def long(value: Json, path: list[str]) -> Json:
    if isinstance(value, str) and value.lstrip("-").isdecimal():
        value = int(value)
    if (
        isinstance(value, int)
        and not isinstance(value, bool)
        and -(2**63) <= value < 2**63
    ):
        return value
    raise unreadable("System.Int64", path)


def double(value: Json, path: list[str]) -> Json:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    raise unreadable("System.Double", path)


def string(value: Json, path: list[str]) -> Json:
    """Anything that is one token is taken as its text."""
    if isinstance(value, (dict, list)):
        raise unreadable("System.String", path)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, str) else str(value)


def guid(value: Json, path: list[str]) -> Json:
    """A text that is no id is reported without its place."""
    if not isinstance(value, str):
        raise unreadable("System.Guid", path)
    found = parse_guid(value)
    if found is None:
        raise Mismatch("", "The supplied value is invalid.")
    return found


def anything(value: Json, path: list[str]) -> Json:  # noqa: ARG001
    return value


def optional(inner: Reader) -> Reader:
    return lambda value, path: None if value is None else inner(value, path)


def enum(dotnet: str, *names: str) -> Reader:
    known = {name.lower(): name for name in names}

    def read(value: Json, path: list[str]) -> Json:
        if isinstance(value, str) and value.lower() in known:
            return known[value.lower()]
        if (
            isinstance(value, int)
            and not isinstance(value, bool)
            and 0 <= value < len(names)
        ):
            return names[value]
        raise unreadable(dotnet, path)

    return read


def array(inner: Reader, dotnet: str) -> Reader:
    """Null passes; what it means is the handler's matter."""

    def read(value: Json, path: list[str]) -> Json:
        if value is None:
            return None
        if not isinstance(value, list):
            raise unreadable(dotnet, path)
        return [inner(each, [*path, f"[{place}]"]) for place, each in enumerate(value)]

    return read


@dataclass(frozen=True)
class Shape:
    """A class of the server's: its properties, what must be there, what must be filled.

    `needed` are properties that JSON must name (C# `required`); `filled` are those that
    model validation wants not to be blank ([Required]). `defaults` are what a missing
    one becomes; nested shapes are validated too.
    """

    dotnet: str
    properties: Mapping[str, Reader | Shape]
    needed: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    defaults: JsonObject = field(default_factory=dict)

    def read(self, value: Json, path: list[str]) -> JsonObject:
        if not isinstance(value, dict):
            raise unreadable(self.dotnet, path)
        names = {name.lower(): name for name in self.properties}
        found: JsonObject = dict(self.defaults)
        for key, each in value.items():
            name = names.get(key.lower())
            if name is not None:
                found[name] = self._property(name, each, [*path, name])
        missing = [name for name in self.needed if name not in found]
        if missing:
            raise self._missing(missing, path)
        return found

    def _property(self, name: str, value: Json, path: list[str]) -> Json:
        reader = self.properties[name]
        if isinstance(reader, Shape):
            return None if value is None else reader.read(value, path)
        return reader(value, path)

    def _missing(self, names: list[str], path: list[str]) -> Mismatch:
        quoted = ", ".join(f"'{name}'" for name in names)
        sentence = (
            f"JSON deserialization for type '{self.dotnet}' was missing "
            f"required properties including: {quoted}."
        )
        return Mismatch(where(path), sentence)

    def blanks(self, found: JsonObject, prefix: str = "") -> dict[str, list[str]]:
        """Model validation: what is required and blank, by its full name."""
        errors = {
            f"{prefix}{name}": [f"The {name} field is required."]
            for name in self.filled
            if not str(found.get(name) or "").strip()
        }
        for name, reader in self.properties.items():
            inner = found.get(name)
            if isinstance(reader, Shape) and isinstance(inner, dict):
                errors |= reader.blanks(inner, f"{prefix}{name}.")
        return errors

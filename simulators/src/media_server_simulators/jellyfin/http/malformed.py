"""The messages of System.Text.Json about text that is not JSON."""

import json
from dataclasses import dataclass, field

OPEN_END = (
    "Expected depth to be zero at the end of the JSON payload. "
    "There is an open JSON object or array that should be closed."
)
AFTER_END = "'{0}' is invalid after a single JSON value. Expected end of data."
BAD_START = "'{0}' is an invalid start of a value."
BAD_NAME = "'{0}' is an invalid start of a property name. Expected a '\"'."
AFTER_VALUE = "'{0}' is invalid after a value. Expected either ',', '}}', or ']'."
AFTER_NAME = "'{0}' is invalid after a property name. Expected a ':'."
OPEN_TEXT = "Expected end of string, but instead reached end of data."


@dataclass
class Scan:
    """Walks to the first mistake, remembering the path of the property it is in."""

    text: str
    at: int = 0
    path: list[str] = field(default_factory=list)

    def blanks(self) -> str:
        while self.at < len(self.text) and self.text[self.at] in " \t\r\n":
            self.at += 1
        return self.text[self.at : self.at + 1]

    def value(self) -> str | None:
        """The complaint about the value here, or None when it is sound."""
        match self.blanks():
            case "":
                return OPEN_END
            case "{":
                return self.members()
            case "[":
                return self.elements()
            case '"':
                return self.string()
            case first:
                return self.literal(first)

    def members(self) -> str | None:
        self.at += 1
        if self.blanks() == "}":
            self.at += 1
            return None
        while True:
            complaint = self.member()
            if complaint is not None:
                return complaint
            _ = self.path.pop()
            ended = self.separator("}")
            if ended is not None:
                return ended or None

    def member(self) -> str | None:
        first = self.blanks()
        self.path.append("")
        if first != '"':
            _ = self.path.pop()
            return BAD_NAME.format(first) if first else OPEN_END
        start = self.at
        complaint = self.string()
        if complaint is not None:
            return complaint
        self.path[-1] = self.text[start + 1 : self.at - 1]
        colon = self.blanks()
        if colon != ":":
            return AFTER_NAME.format(colon) if colon else OPEN_END
        self.at += 1
        return self.value()

    def elements(self) -> str | None:
        self.at += 1
        if self.blanks() == "]":
            self.at += 1
            return None
        place = 0
        while True:
            self.path.append(f"[{place}]")
            complaint = self.value()
            if complaint is not None:
                return complaint
            _ = self.path.pop()
            ended = self.separator("]")
            if ended is not None:
                return ended or None
            place += 1

    def separator(self, end: str) -> str | None:
        """None after a comma, "" at the end, else the complaint."""
        found = self.blanks()
        self.at += 1
        if found == ",":
            return None
        if found == end:
            return ""
        return AFTER_VALUE.format(found) if found else OPEN_END

    def string(self) -> str | None:
        self.at += 1
        while self.at < len(self.text):
            if self.text[self.at] == '"':
                self.at += 1
                return None
            self.at += 2 if self.text[self.at] == "\\" else 1
        return OPEN_TEXT

    def literal(self, first: str) -> str | None:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in ",]} \t\r\n":
            self.at += 1
        word = self.text[start : self.at]
        try:
            json.loads(word, parse_constant=_refuse)
        except ValueError:
            self.at = start
            return BAD_START.format(first)
        return None


def _refuse(word: str) -> None:
    raise ValueError(word)


def complaint(text: str) -> tuple[str, str]:
    """The path of the place and the sentence about it."""
    scan = Scan(text)
    found = scan.value()
    if found is None:
        found = AFTER_END.format(scan.blanks())
    line = text.count("\n", 0, scan.at)
    column = len(text[text.rfind("\n", 0, scan.at) + 1 : scan.at].encode())
    path = where(scan.path)
    return (
        path,
        f"{found} Path: {path} | LineNumber: {line} | BytePositionInLine: {column}.",
    )


def where(path: list[str]) -> str:
    return "$" + "".join(part if part.startswith("[") else f".{part}" for part in path)

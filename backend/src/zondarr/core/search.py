"""Stored keys for searching and sorting, the same on both databases.

SQLite folds the case of ASCII only, PostgreSQL by its locale. So both compare keys that
are computed here, byte by byte.
"""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from sqlalchemy import BindParameter, Boolean, ColumnElement, String, Text, literal
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

KEY_LENGTH = 255
"""Characters of each half of a key: PostgreSQL's index accepts 2,700 bytes."""

_DOTTED_I = "i\N{COMBINING DOT ABOVE}"
_DOTLESS_I = "\N{LATIN SMALL LETTER DOTLESS I}"

# Letters that Unicode does not decompose into a base letter and a mark.
_PLAIN = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "\u0131": "i",
        "ł": "l",
        "ŋ": "n",
        "ŧ": "t",
    }
)


def folded(text: str, /) -> str:
    """The searched form of a text: NFC, case-folded, any letter I alike.

    Turkish has an i with and one without a dot, in both cases, and a name does not tell
    its language: so `istanbul` finds İstanbul, and the other way round.
    """
    cased = unicodedata.normalize("NFD", text).casefold()
    for letter in _DOTTED_I, _DOTLESS_I:
        cased = cased.replace(letter, "i")
    return unicodedata.normalize("NFC", cased)


def sort_key(text: str, /) -> str:
    """First without diacritics, so that Ö sorts beside O; then as written."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in letters if not unicodedata.combining(one))
    written = unicodedata.normalize("NFC", text)
    halves = plain.translate(_PLAIN)[:KEY_LENGTH], written[:KEY_LENGTH]
    return "\x01".join(halves)


BYTEWISE = Text().with_variant(Text(collation="C"), "postgresql")
"""A text that PostgreSQL compares as SQLite does by default."""


class Searched:
    """A row with one text in which all its names are searched.

    `search_fields` are the columns with names. The text is updated by the session
    (`core.database.scope`), and by bulk inserts.
    """

    search_fields: ClassVar[tuple[str, ...]]

    @declared_attr
    def search_text(self) -> Mapped[str]:
        return mapped_column(
            Text, default=_from_row(self.search_fields, search_text_of), sort_order=80
        )

    def search_names(self) -> Iterable[str | None]:
        return (getattr(self, name) for name in self.search_fields)

    def refresh_keys(self) -> None:
        """Bring the keys in line with the names; what is right is not touched."""
        text = search_text_of(self.search_names())
        if self.search_text != text:
            self.search_text = text


class Named(Searched):
    """A row that is also sorted by the first of its names."""

    @declared_attr
    def name_key(self) -> Mapped[str]:
        fields = self.search_fields[:1]
        return mapped_column(
            BYTEWISE, default=_from_row(fields, name_key_of), sort_order=81
        )

    def refresh_keys(self) -> None:
        super().refresh_keys()
        key = name_key_of([getattr(self, self.search_fields[0])])
        if self.name_key != key:
            self.name_key = key


def search_text_of(names: Iterable[str | None]) -> str:
    """All names, each once, on separate lines: no match spans two names."""
    return "\n".join(dict.fromkeys(folded(name) for name in names if name))


def name_key_of(names: Iterable[str | None]) -> str:
    return sort_key(next(iter(names), None) or "")


def _from_row(
    fields: tuple[str, ...], key_of: Callable[[Iterable[str | None]], str]
) -> Callable[[DefaultExecutionContext], str]:
    def default(context: DefaultExecutionContext) -> str:
        row = context.get_current_parameters()
        return key_of(row.get(name) for name in fields)

    return default


class _Contains(FunctionElement[bool]):
    """A column and the searched text."""

    inherit_cache = True
    type = Boolean()


def contains(column: Any, text: str | BindParameter[str], /) -> ColumnElement[bool]:
    """Whether a `search_text` contains the text, ignoring case.

    For a statement that is built before the text is known: its parameter takes the
    `folded` text.
    """
    sought = literal(folded(text)) if isinstance(text, str) else text
    return _Contains(column, sought)


@compiles(_Contains)
def _by_strpos(element: _Contains, compiler: SQLCompiler, **options: Any) -> str:
    return _written("strpos", element, compiler, options)


@compiles(_Contains, "sqlite")
def _by_instr(element: _Contains, compiler: SQLCompiler, **options: Any) -> str:
    return _written("instr", element, compiler, options)


def _written(
    function: str, element: _Contains, compiler: SQLCompiler, options: dict[str, Any]
) -> str:
    column, sought = (compiler.process(one, **options) for one in element.clauses)
    return f"({function}({column}, {sought}) > 0)"


class Bytewise(FunctionElement[str]):
    """A column of another collation, compared bytewise as in SQLite."""

    inherit_cache = True
    type = String()


@compiles(Bytewise)
def _collated(element: Bytewise, compiler: SQLCompiler, **options: Any) -> str:
    return f'{compiler.process(element.clauses, **options)} COLLATE "C"'


@compiles(Bytewise, "sqlite")
def _as_it_is(element: Bytewise, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)

"""What import-linter cannot see: nothing is left out, nobody commits by himself."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from litestar import Controller
from litestar.handlers import BaseRouteHandler
from msgspec.inspect import IntType, StrType, StructType, UnionType, type_info

import zondarr
from zondarr import tables
from zondarr.api.routes import ROUTES
from zondarr.core.models import Entity
from zondarr.core.schemas import RequestBody

SOURCES = Path(zondarr.__file__).parent
# Importing these does something, or they are no part of the program.
NOT_IMPORTED = ("zondarr.migrations", "zondarr.__main__")


def modules() -> Iterator[str]:
    for found in pkgutil.walk_packages([str(SOURCES)], "zondarr."):
        if not found.name.startswith(NOT_IMPORTED):
            yield found.name


@pytest.fixture(scope="module", autouse=True)
def _everything_is_imported() -> None:
    for name in modules():
        importlib.import_module(name)


def descendants(parent: type[Any]) -> Iterator[type[Any]]:
    for child in parent.__subclasses__():
        yield child
        yield from descendants(child)


def ours(parent: type[Any]) -> list[type[Any]]:
    return [
        each for each in descendants(parent) if each.__module__.startswith("zondarr.")
    ]


def test_every_table_is_in_the_index() -> None:
    classes = {each for each in ours(Entity) if "__tablename__" in each.__dict__}
    assert {each.__name__ for each in classes} <= set(tables.__all__)
    named = {each.__tablename__ for each in classes}
    assert named <= set(tables.Base.metadata.tables)


def test_every_controller_has_its_route() -> None:
    assert set(ours(Controller)) <= set(ROUTES)


def test_every_route_function_has_its_route() -> None:
    routed = {id(route) for route in ROUTES}
    for name in modules():
        if ".docs" in name:
            continue
        for word, value in vars(importlib.import_module(name)).items():
            if isinstance(value, BaseRouteHandler):
                assert id(value) in routed, f"{name}.{word}"


def python_files(*, outside: tuple[str, ...] = ()) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCES.rglob("*.py")):
        if not path.relative_to(SOURCES).as_posix().startswith(outside):
            yield path, ast.parse(path.read_text())


def test_only_the_core_commits() -> None:
    found = [
        f"{path.relative_to(SOURCES)}:{node.lineno}"
        for path, tree in python_files(outside=("core/",))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    ]
    assert found == []


def test_only_repositories_and_models_write_sql() -> None:
    verbs = {"select", "insert", "update", "delete", "text"}
    allowed = ("core/", "migrations/", "cli/")
    found = [
        f"{path.relative_to(SOURCES)}:{node.lineno}"
        for path, tree in python_files(outside=allowed)
        if path.stem not in {"repository", "models"}
        and path.parent.name != "repository"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("sqlalchemy")
        and verbs & {alias.name for alias in node.names}
    ]
    assert found == []


def test_files_fit_in_a_head() -> None:
    long = {
        str(path.relative_to(SOURCES)): lines
        for path, _ in python_files(outside=("migrations/versions/",))
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def constraints(kind: Any) -> Iterator[StrType | IntType]:
    if isinstance(kind, UnionType):
        for inner in kind.types:
            yield from constraints(inner)
    elif isinstance(kind, StrType | IntType):
        yield kind
    for name in ("item_type", "key_type", "value_type"):
        if (inner := getattr(kind, name, None)) is not None:
            yield from constraints(inner)


def unbounded(body: type[msgspec.Struct]) -> Iterator[str]:
    shape = cast("StructType", type_info(body))
    for field in shape.fields:
        for kind in constraints(field.type):
            if isinstance(kind, StrType):
                bounded = kind.max_length is not None or kind.pattern is not None
            else:
                bounded = kind.le is not None or kind.lt is not None
            if not bounded:
                yield f"{body.__name__}.{field.name}"


def test_every_text_and_number_that_is_sent_to_us_has_a_limit() -> None:
    """A column has an end, and PostgreSQL's integers do: beyond it lies a 500."""
    found = [name for body in ours(RequestBody) for name in unbounded(body)]
    assert found == []

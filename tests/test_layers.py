"""Imports point one way, and what belongs to one place stays there."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import graphql
import pytest

ROOT = Path(__file__).parents[1]

MAY_KNOW: dict[str, tuple[str, ...]] = {
    "models": (),
    "auth": ("models",),
    "subscriptions": ("models",),
    "search": ("models", "subscriptions", "auth.viewer"),
    "execution": (),
    "resolvers": ("models", "auth", "subscriptions", "search", "execution"),
    "schema": (
        "resolvers",
        "execution",
        "auth.policies",
        "auth.conditions",
        "auth.viewer",
        "models",
        "subscriptions.events",
        "subscriptions.presence",
    ),
    "atrium": ("models", "auth", "subscriptions", "search", "execution", "resolvers", "schema"),
    "bench": ("models", "auth", "subscriptions", "search", "execution", "resolvers", "schema", "atrium"),
}
"""What each folder may import besides itself. `tests` may import all, and nothing may import `tests`."""

MUST_NOT_KNOW: dict[str, tuple[str, ...]] = {
    "models": ("graphql", "strawberry", "starlette"),
    "auth": ("graphql", "strawberry", "starlette"),
    "subscriptions": ("graphql", "strawberry", "starlette"),
    "search": ("graphql", "strawberry", "starlette"),
    "execution": ("tortoise", "asyncpg", "starlette"),
    "resolvers": ("strawberry", "starlette"),
    "schema": ("starlette", "tortoise", "models.log", "models.migrate"),
}
"""What a folder must not import, of libraries and of what the table above would allow."""

OF_THE_ENVIRONMENT = ("atrium/settings.py", "atrium/embedded/")
"""Who may look up a variable of the environment. Handing all of it on to a child is no looking up."""

FOLDERS = [*MAY_KNOW, "tests"]


@cache
def imports(path: Path) -> frozenset[str]:
    """The modules that a file imports, at whatever depth; `from a import b` is `a.b` where that is a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                found.update(alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                found.update(_imported(module, alias.name) for alias in names)
            case _:
                continue
    return frozenset(found)


def _imported(module: str, name: str) -> str:
    folder = ROOT.joinpath(*module.split("."))
    is_module = (folder / f"{name}.py").is_file() or (folder / name).is_dir()
    return f"{module}.{name}" if is_module else module


def modules(folder: str) -> list[Path]:
    """All modules of a folder."""
    return sorted((ROOT / folder).rglob("*.py"))


def within(module: str, allowed: tuple[str, ...]) -> bool:
    """Whether a module is one of these, or lies in one of them."""
    return any(module == one or module.startswith(f"{one}.") for one in allowed)


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("folder", MAY_KNOW)
def test_imports_point_one_way(folder: str) -> None:
    ours = {
        (shown(path), module)
        for path in modules(folder)
        for module in imports(path)
        if module.split(".")[0] in FOLDERS and not within(module, (folder, *MAY_KNOW[folder]))
    }

    assert ours == set()


@pytest.mark.parametrize("folder", MUST_NOT_KNOW)
def test_what_is_another_folders_business_is_not_imported(folder: str) -> None:
    known = {
        (shown(path), module)
        for path in modules(folder)
        for module in imports(path)
        if within(module, MUST_NOT_KNOW[folder])
    }

    assert known == set()


def test_every_folder_has_its_place_in_the_table() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert packages - {"tests"} == set(MAY_KNOW)


def test_the_folder_of_documents_does_not_hide_the_library() -> None:
    assert list((ROOT / "graphql").rglob("*.py")) == []
    assert graphql.__file__ is not None and not Path(graphql.__file__).is_relative_to(ROOT / "graphql")
    assert importlib.util.find_spec("graphql.language") is not None


def test_only_the_settings_look_into_the_environment() -> None:
    lookers = {
        (shown(path), line)
        for folder in MAY_KNOW
        for path in modules(folder)
        for line in looked_up(path)
        if not shown(path).startswith(OF_THE_ENVIRONMENT)
    }

    assert lookers == set()


def looked_up(path: Path) -> Iterator[int]:
    """The lines that read a variable of the environment."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Attribute(value=ast.Name(id="os"), attr="getenv" | "environb"):
                yield node.lineno
            case (
                ast.Subscript(value=ast.Attribute(attr="environ")) | ast.Attribute(value=ast.Attribute(attr="environ"))
            ):
                yield node.lineno
            case ast.Compare(comparators=[ast.Attribute(attr="environ")]):
                yield node.lineno
            case ast.ImportFrom(module="os", names=names) if {"environ", "getenv"} & {alias.name for alias in names}:
                yield node.lineno
            case _:
                continue

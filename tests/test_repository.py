"""The repository stands alone, is readable throughout, and keeps its documents in step with its schema."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    parse,
    specified_scalar_types,
    validate,
)

from execution.documents import core_schema
from schema.build import Schema

ROOT = Path(__file__).parents[1]
LINES_MAX = 400

# Written in parts, or this file would be the first to mention them.
REGISTRIES = ("pypi org", "pythonhosted org", "npmjs org", "npmjs com", "docker io", "ghcr io", "quay io", "crates io")
HOSTS = [".".join(parts.split()) for parts in REGISTRIES]
PLACES = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/\w|\bshared[/]|--(?:extra-)?index-url[\s=]")

GENERATED = "models/migrations/"
NO_MOCKS = {"unittest.mock", "mock", "pytest_mock", "respx", "responses", "freezegun"}
PATCHES = {"monkeypatch", "mocker", "MonkeyPatch"}


def ignored() -> list[str]:
    """The names that .gitignore speaks of."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    return [".git", *(line.strip().rstrip("/") for line in lines if line.strip() and not line.startswith("#"))]


def files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file that is, or could be, part of the repository."""
    names = ignored()
    for path in sorted(folder.iterdir()):
        if any(fnmatch(path.name, name) for name in names):
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


PYTHON = [path for path in files() if path.suffix == ".py"]
TESTS = [path for path in PYTHON if shown(path).startswith("tests/")]


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine() -> None:
    found = {
        (shown(path), line.strip()[:120])
        for path in files()
        for line in text(path).splitlines()
        if PLACES.search(line) or any(host in line for host in HOSTS)
    }

    assert found == set()


def test_no_module_is_too_long_to_be_read_at_a_sitting() -> None:
    sizes = {shown(path): text(path).count("\n") for path in PYTHON if not shown(path).startswith(GENERATED)}

    assert {path: lines for path, lines in sizes.items() if lines > LINES_MAX} == {}


def test_every_module_says_what_it_is_about() -> None:
    silent = [
        shown(path)
        for path in PYTHON
        if not shown(path).startswith(GENERATED) and not ast.get_docstring(ast.parse(text(path)))
    ]

    assert silent == []


def test_nothing_in_the_tests_is_mocked_or_patched() -> None:
    found = {(shown(path), name) for path in TESTS for name in stand_ins(ast.parse(text(path)))}

    assert found == set()


def stand_ins(tree: ast.Module) -> Iterator[str]:
    """What a test uses in the place of the real thing."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names if alias.name in NO_MOCKS)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{a.name}" for a in names if {module, f"{module}.{a.name}"} & NO_MOCKS)
            case ast.arg(arg=name) | ast.Attribute(attr=name) | ast.Name(id=name) if name in PATCHES:
                yield name
            case _:
                continue


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt", "requirements-uv.txt"])
def test_requirements_are_pinned_by_hash(name: str) -> None:
    pins = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())

    loose = [pin for pin in pins if not re.match(r"[\w.\[\]-]+==\S+", pin) or "--hash=sha256:" not in pin]
    assert loose == []
    assert all("://" not in pin for pin in pins)


def test_the_tests_run_with_the_versions_that_are_served() -> None:
    assert versions("requirements.txt").items() <= versions("requirements-test.txt").items()


def versions(name: str) -> dict[str, str]:
    """The pinned version of each package; one with several by platform has the last."""
    return dict(re.findall(r"^([\w.\[\]-]+)==([^\s;]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))


def test_everything_in_the_schema_is_described(schema: Schema) -> None:
    types = core_schema(schema).type_map.values()

    silent = [place for named in types if is_ours(named) for place, told in described(named) if not told]
    assert silent == []


def is_ours(named: GraphQLNamedType) -> bool:
    """Not GraphQL's own, nor the federation's."""
    return named.name not in specified_scalar_types and not named.name.startswith("_") and "__" not in named.name


def described(named: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    """Each place of a type that wants a description, with the one it has."""
    yield named.name, named.description
    if isinstance(named, GraphQLEnumType):
        yield from ((f"{named.name}.{name}", value.description) for name, value in named.values.items())
    if isinstance(named, GraphQLInputObjectType):
        yield from ((f"{named.name}.{name}", part.description) for name, part in named.fields.items())
    if isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
        for name, part in named.fields.items():
            if not name.startswith("_"):
                yield f"{named.name}.{name}", part.description
                yield from _arguments(f"{named.name}.{name}", part.args)


def _arguments(place: str, arguments: dict[str, GraphQLArgument]) -> Iterator[tuple[str, str | None]]:
    # A mutation's one `input` is told by the description of its type.
    return ((f"{place}({name})", a.description) for name, a in arguments.items() if name != "input")


def test_the_schema_file_is_the_schema(schema: Schema) -> None:
    assert (ROOT / "graphql" / "schema.graphql").read_text(encoding="utf-8") == schema.as_str().strip() + "\n"


OPERATIONS = sorted((ROOT / "graphql" / "operations").rglob("*.graphql"))


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_operation_fits_the_schema_and_says_what_it_is_for(path: Path, schema: Schema) -> None:
    document = path.read_text(encoding="utf-8")

    assert validate(core_schema(schema), parse(document)) == []
    assert document.startswith("# ")


def test_every_domain_of_the_schema_has_operations() -> None:
    domains = {path.stem for path in (ROOT / "schema").glob("*.py")} & {
        p.stem for p in (ROOT / "resolvers").glob("*.py")
    }
    named = {path.parent.name for path in OPERATIONS}

    # Streams are followed, and days looked at, within the domain that they tell of.
    assert domains - {"__init__", "streams", "days"} <= named


def test_the_licence_is_whole() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert "Version 2.0, January 2004" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
    assert all(f"\n   {number}. " in licence for number in range(1, 10))

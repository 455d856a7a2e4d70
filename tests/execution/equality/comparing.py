"""Comparing: two answers to the same operation, equal in their data and, as far as GraphQL fixes them, in their errors.

A null stands for one error. Where it is a parent's, because a field that may not be null failed below, several may have
failed there: which of them is told is left to the executor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson
from graphql import DocumentNode, FieldNode, parse, visit
from graphql.language import Visitor

Path: TypeAlias = tuple[str | int, ...]
Told: TypeAlias = tuple[str, Path, tuple[tuple[int, int], ...], str]
"""An error's message, path, locations and extensions."""


@dataclass(frozen=True)
class Answer:
    """Data and errors of one execution, as clients get them."""

    data: Any
    errors: Sequence[Mapping[str, Any]]


def differences(text: str, reference: Answer, other: Answer) -> list[str]:
    """What is not as it should be in the other answer; empty where all is."""
    if orjson.dumps(reference.data) != orjson.dumps(other.data):
        return [f"data: {orjson.dumps(reference.data).decode()}\n  not {orjson.dumps(other.data).decode()}"]
    expected, found = _by_null(reference), _by_null(other)
    if expected.keys() != found.keys():
        return [f"nulls with errors: {sorted(expected.items())}\n  not {sorted(found.items())}"]
    named = _names(parse(text))
    return [
        f"errors at {list(place)}: {expected[place]}\n  not {found[place]}"
        for place in expected
        if expected[place] != found[place] and not _is_free(place, expected[place], found[place], named)
    ]


def are_same(reference: Answer, other: Answer) -> bool:
    """Whether even those errors are the same that need not be."""
    return _by_null(reference) == _by_null(other)


def _is_free(place: Path, expected: list[Told], found: list[Told], named: dict[tuple[int, int], str]) -> bool:
    """Whether these errors may stand in each other's place: all happened below, and each is where it says."""
    below = all(len(path) > len(place) for _, path, _, _ in [*expected, *found])
    return below and all(
        named[location] == [step for step in path if isinstance(step, str)][-1]
        for _, path, locations, _ in found
        for location in locations
    )


def _by_null(answer: Answer) -> dict[Path, list[Told]]:
    """The errors by the null that a client sees for them."""
    found: dict[Path, list[Told]] = {}
    for error in answer.errors:
        path = tuple(error.get("path", ()))
        locations = tuple((one["line"], one["column"]) for one in error.get("locations", ()))
        # How many keys meet in a batch is the executor's own affair.
        message = re.sub(r"for \d+ keys", "for some keys", error["message"])
        told = (message, path, locations, repr(error.get("extensions")))
        found.setdefault(_null(answer.data, path), []).append(told)
    return {place: sorted(errors) for place, errors in found.items()}


def _null(data: Any, path: Path) -> Path:
    for i, step in enumerate(path):
        if data is None:
            return path[:i]
        data = data[step]
    assert data is None, f"There is an error of {list(path)}, which is not null."
    return path


class _Names(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[tuple[int, int], str] = {}

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        assert node.loc is not None
        line, column = node.loc.start_token.line, node.loc.start_token.column
        self.found[line, column] = (node.alias or node.name).value


def _names(document: DocumentNode) -> dict[tuple[int, int], str]:
    """Under which name the field at a location is told."""
    names = _Names()
    visit(document, names)
    return names.found

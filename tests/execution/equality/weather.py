"""Weather: what goes wrong in a run, by seed and place, whoever gets there first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar
from zlib import crc32

from graphql import GraphQLError, Undefined

T = TypeVar("T")

STORM = 0.03  # of the places are struck


class Thing:
    """Something of no use to anybody, which looks the same in every run."""

    def __repr__(self) -> str:
        return "a thing"


THING = Thing()


def chance(*place: object) -> float:
    """0 to 1, always the same for the same place."""
    return crc32(":".join(map(str, place)).encode()) / 2**32


def choice(among: Sequence[T], *place: object) -> T:
    """One of these, always the same for the same place."""
    return among[int(chance("choice", *place) * len(among))]


@dataclass
class Weather:
    """Which places are struck: in a storm one in many, otherwise those `struck` alone. All visited are noted."""

    seed: int
    storm: float = 0.0
    struck: frozenset[str] = frozenset()
    visited: dict[str, None] = field(default_factory=dict[str, None])

    def strikes(self, place: str) -> bool:
        """Whether something goes wrong there."""
        self.visited[place] = None
        return place in self.struck or chance(self.seed, place) < self.storm

    def resolver(self, place: str) -> None:
        """Raises something where it strikes."""
        if self.strikes(place):
            raise error(self.seed, place)

    def given(self, place: str, value: Any) -> Any:
        """What a resolver gives: the value, or something else where it strikes."""
        if not self.strikes(place):
            return value
        return choice(_WRONG, self.seed, place)(place)


def error(seed: int, place: str) -> Exception:
    """An exception of some kind that names the place."""
    kind: Literal["plain", "graphql", "key"] = choice(("plain", "graphql", "key"), "error", seed, place)
    if kind == "graphql":
        return GraphQLError(f"{place} is refused", extensions={"code": "REFUSED", "place": place})
    return KeyError(place) if kind == "key" else ValueError(f"{place} broke")


_WRONG: Sequence[Callable[[str], Any]] = (
    lambda _: None,
    lambda _: None,
    lambda _: Undefined,
    lambda place: ValueError(f"{place} is an error"),
    lambda place: GraphQLError(f"{place} is refused", extensions={"code": "REFUSED"}),
    lambda _: THING,
    lambda _: [],
    lambda _: [None, THING],
    lambda _: {"kind": "Stone", "id": "s1"},
    lambda _: {"kind": "Nobody"},
    lambda _: {"kind": "Query"},
    lambda _: {"kind": 7},
    lambda _: "a text",
    lambda _: 2**40,
    lambda _: 0.5,
    lambda _: float("nan"),
    lambda _: True,
)

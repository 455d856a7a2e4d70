"""Things: rows of a world that is made up by seed, of three classes, mixed as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from execution.declared_loaders import Loaders, by_id, count_by, many_by
from execution.loaders import Loader
from tests.execution.equality.weather import Weather, chance, choice, error

KINDS = {"p": "Person", "r": "Robot", "s": "Stone"}
PEOPLE, ROBOTS = 8, 4


class Color(Enum):
    RED = "red"
    GREEN = "green"
    BLUE = 3


class Loose:
    """An object that has what it was given as attributes."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)

    def __repr__(self) -> str:
        return "a loose object"


class Record:
    """As a database gives it: neither a mapping nor an object of attributes."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def keys(self) -> Iterator[str]:
        return iter(self._values)

    def __repr__(self) -> str:
        return "a record"


class Row(dict[str, Any]):
    """A dict that looks the same however it was filled."""

    def __repr__(self) -> str:
        return "a row"


class World:
    """All rows of a run, each made when it is first met; `log` tells what was done, in its order."""

    def __init__(self, weather: Weather) -> None:
        self.weather = weather
        self.log: list[str] = []
        self._rows: dict[str, Any] = {}
        self.loaders = Loaders(
            self,
            {
                "beings": by_id(some),
                "people": by_id(some),
                "stones": many_by(stones, key="owner_id"),
                "counts": count_by(counts),
                "fragile": Fragile,
                "broken": Broken,
            },
        )

    def ids(self, place: str, most: int = 4) -> list[str]:
        """Ids of some beings."""
        seed = self.weather.seed
        return [choice(BEINGS, seed, place, i) for i in range(int(chance(seed, place) * (most + 1)))]

    def row(self, id: object) -> Any:
        """The row of this id: a dict, a record or an object; None where there is none."""
        if not isinstance(id, str) or id[0] not in KINDS:
            return None
        if id not in self._rows:
            self._rows[id] = self._made(id)
        return self._rows[id]

    def _made(self, id: str) -> Any:
        seed, values = self.weather.seed, Row()
        for name, value in _values(seed, id).items():
            place = f"{id}.{name}"
            if name in {"kind", "id"} or not self.weather.strikes(place):
                values[name] = value
            elif name.endswith("_id"):
                values[name] = choice((None, "nobody", ["unhashable"]), place)
            elif chance("lost", seed, place) > 0.2:
                values[name] = self.weather.given(place, value)
        made: Any = choice((Row, Loose, Record), seed, id)
        return made(values)


BEINGS = [*(f"p{i}" for i in range(PEOPLE)), *(f"r{i}" for i in range(ROBOTS))]


def _values(seed: int, id: str) -> dict[str, Any]:
    def one(*among: Any) -> Any:
        return choice(among, seed, id, among)

    return {
        "id": id,
        "kind": KINDS[id[0]],
        "name": one(f"name of {id}", "", "Ünï", None),
        "title": f"title of {id}",
        "age": int(chance(seed, id, "age") * 90),
        "height": one(1.5, 2, 0.0),
        "is_old": chance(seed, id, "old") < 0.5,
        "mood": one(*Color, None),
        "moods": [one(*Color), Color.RED, "red"],
        "born": datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=int(chance(seed, id, "born") * 9_000)),
        "token": ("t", id),
        "friend_id": one(None, *BEINGS),
        "boss_id": one(*BEINGS[:PEOPLE]),
        "maker_id": one(None, *BEINGS[:PEOPLE]),
        "owner_id": one(*BEINGS),
        "odd_id": one("p1", ["unhashable"]),
        "grid": [[1, 2], [], [len(id)]],
        "sparse": one(None, [None, [1, None], []], (None, (2,)), []),
        "words": one((), ["a"], ("b", "c"), {"d": 1}.keys()),
        "as_of": one(None, None, None, "yesterday") if id[0] == "p" else None,
    }


async def some(world: World, keys: list[str]) -> list[Any]:
    """The rows of these ids, in another order and without those that nobody has."""
    world.weather.resolver("loader of beings")
    return [row for row in map(world.row, reversed(keys)) if row is not None]


async def stones(world: World, keys: list[str]) -> list[Any]:
    await asyncio.sleep(0)
    world.weather.resolver("loader of stones")
    seed = world.weather.seed
    owned = ((key, i) for key in keys for i in range(int(chance(seed, key, "stones") * 4)))
    return [Row(_values(seed, f"s{i}"), id=f"s{key}{i}", owner_id=key) for key, i in owned]


async def counts(world: World, keys: list[str]) -> dict[str, int]:
    return {key: len(key) for key in keys if key != "p0"}


class Fragile(Loader[World, str, Any]):
    """Rows, some of which cannot be loaded."""

    async def batch_load_fn(self, keys: list[str]) -> list[Any]:
        return [self._one(self.ctx.weather, key) for key in keys]

    def _one(self, weather: Weather, key: str) -> Any:
        if weather.strikes(f"key {key}"):
            return error(weather.seed, key)
        return weather.given(f"row {key}", self.ctx.row(key))


class Broken(Loader[World, str, Any]):
    """Gives too little, always."""

    async def batch_load_fn(self, keys: list[str]) -> list[Any]:
        return []

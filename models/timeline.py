"""Facts in time: the only writer of rows that hold from one day to another.

A change from a day on replaces what held on that day, for as long as that would have held; what was to come after it
stays. So facts about one thing never overlap, and what is known of later days does not depend on when it was told.
Whoever changes facts of the org chart holds the lock of the stream `ORG`, so that nobody else does meanwhile.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg
import orjson

from models import db

ORG = "org"
"""The stream of what happens to the org chart; its lock lets one writer at a time."""


@dataclass(frozen=True)
class Fact:
    """A table of facts: what they are about (`key`) and what they say (`value`), columns with their SQL types."""

    table: str
    key: Mapping[str, str]
    value: Mapping[str, str]

    @property
    def columns(self) -> dict[str, str]:
        return {**self.key, **self.value}

    def same_key(self, one: str, other: str) -> str:
        """A condition: the rows of both aliases are about the same thing."""
        first, *rest = self.key
        return " AND ".join(
            [f"{one}.{first} = {other}.{first}", *(f"{one}.{c} IS NOT DISTINCT FROM {other}.{c}" for c in rest)]
        )

    def differs(self, one: str, other: str) -> str:
        """A condition: the rows of both aliases say different things."""
        if not self.value:
            return "FALSE"
        return f"ROW({_of(one, self.value)}) IS DISTINCT FROM ROW({_of(other, self.value)})"

    def given(self, place: str, *, between: bool = False) -> str:
        """A relation of the changes in the JSON array at a parameter such as $1; with `between` they have `until`."""
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        days = "day date, until date" if between else "day date"
        return f"(SELECT * FROM jsonb_to_recordset({place}::jsonb) AS x({columns}, {days}, gone boolean))"


MEMBERS = Fact("person_term", {"person_id": "uuid"}, {"name": "text"})
UNITS = Fact(
    "unit_term", {"unit_id": "uuid"}, {"name": "text", "parent_id": "uuid", "head_id": "uuid", "deputy_id": "uuid"}
)
POSITIONS = Fact("position_term", {"position_id": "uuid"}, {"title": "text", "grade": "text", "unit_id": "uuid"})
HOLDINGS = Fact("holding", {"position_id": "uuid", "person_id": "uuid"}, {})
SOLID_LINES = Fact("reporting_line", {"position_id": "uuid", "kind": "text"}, {"manager_id": "uuid"})
OTHER_LINES = Fact("reporting_line", {"position_id": "uuid", "kind": "text", "manager_id": "uuid"}, {})


async def change(fact: Fact, changes: Sequence[Mapping[str, object]]) -> list[asyncpg.Record]:
    """Write changes, of one thing at most one each; those that change anything, in their order.

    A change has the fact's columns and `day`, from which on it holds; `gone` true: nothing holds from then on. Its
    record has the key, `day`, `gone`, and `old_…` and `new_…` for each value, and `held` whether anything held before.
    """
    if not changes:
        return []
    told = as_given(changes)
    different = await db.rows(differences(fact, fact.given("$1")), told)
    if different:
        await put(fact, fact.given("$1"), told)
    return different


def as_given(changes: Sequence[Mapping[str, object]]) -> str:
    """The parameter of `Fact.given` for some changes."""
    return orjson.dumps([{"gone": False, **change} for change in changes], default=str).decode()


def differences(fact: Fact, source: str) -> str:
    """A statement for those of the changes in a relation that change anything."""
    values = "".join(f", c.{name} AS old_{name}, s.{name} AS new_{name}" for name in fact.value)
    return f"""
SELECT {_of("s", fact.key)}, s.day, s.gone, c.id IS NOT NULL AS held{values}
FROM {source} s LEFT JOIN {fact.table} c
  ON {fact.same_key("c", "s")} AND c.valid_from <= s.day AND s.day < c.valid_to
WHERE CASE WHEN s.gone THEN c.id IS NOT NULL ELSE c.id IS NULL OR {fact.differs("c", "s")} END
"""


async def put(fact: Fact, source: str, *args: object) -> None:
    """Write the changes in a relation (`args` are its parameters): key, values, `day`, `gone`; one a thing at most."""
    for statement in (_cut(fact), _correct(fact), _end(fact), _begin(fact), _join(fact)):
        if statement:
            await db.execute(statement.replace("{source}", source), *args)


async def cease(fact: Fact, column: str, ids: Sequence[uuid.UUID], day: date) -> int:
    """From a day on nothing holds for good of the facts whose `column` is one of `ids`; how many rows that touched."""
    cut = (
        f"UPDATE {fact.table} SET valid_to = $2 WHERE {column} = ANY($1::uuid[]) AND valid_from < $2 AND $2 < valid_to"
    )
    gone = f"DELETE FROM {fact.table} WHERE {column} = ANY($1::uuid[]) AND valid_from >= $2"
    return await db.execute(cut, ids, day) + await db.execute(gone, ids, day)


def _of(alias: str, columns: Mapping[str, str]) -> str:
    return ", ".join(f"{alias}.{column}" for column in columns)


def _cut(fact: Fact) -> str:
    """What began before the day ends on it, and what is new takes the days that were left to it."""
    names = ", ".join(fact.columns)
    return f"""
WITH cut AS (
    UPDATE {fact.table} t SET valid_to = s.day FROM {{source}} s
    WHERE {fact.same_key("t", "s")} AND t.valid_from < s.day AND s.day < t.valid_to
      AND (s.gone OR {fact.differs("t", "s")})
    RETURNING {_of("s", fact.columns)}, s.day, s.gone, old.valid_to AS until
)
INSERT INTO {fact.table} (id, {names}, valid_from, valid_to)
SELECT uuidv7(), {names}, day, until FROM cut WHERE NOT gone
"""


def _correct(fact: Fact) -> str:
    if not fact.value:
        return ""
    new = ", ".join(f"{column} = s.{column}" for column in fact.value)
    return f"""
UPDATE {fact.table} t SET {new} FROM {{source}} s
WHERE {fact.same_key("t", "s")} AND t.valid_from = s.day AND NOT s.gone AND {fact.differs("t", "s")}
"""


def _end(fact: Fact) -> str:
    return f"""
DELETE FROM {fact.table} t USING {{source}} s WHERE {fact.same_key("t", "s")} AND t.valid_from = s.day AND s.gone
"""


def _begin(fact: Fact) -> str:
    """Where nothing held, it holds until something is known to begin."""
    return f"""
INSERT INTO {fact.table} (id, {", ".join(fact.columns)}, valid_from, valid_to)
SELECT uuidv7(), {_of("s", fact.columns)}, s.day, coalesce(
    (SELECT min(n.valid_from) FROM {fact.table} n WHERE {fact.same_key("n", "s")} AND n.valid_from > s.day), 'infinity')
FROM {{source}} s
WHERE NOT s.gone AND NOT EXISTS (
    SELECT 1 FROM {fact.table} c WHERE {fact.same_key("c", "s")} AND c.valid_from <= s.day AND s.day < c.valid_to)
"""


def _join(fact: Fact) -> str:
    """Neighbours that say the same are one row."""
    keys, before = ", ".join(fact.key), "WINDOW w AS (PARTITION BY {keys} ORDER BY valid_from)"
    same = "".join(f" AND {c} IS NOT DISTINCT FROM lag({c}) OVER w" for c in fact.value)
    return f"""
WITH facts AS (
    SELECT t.* FROM {fact.table} t
    WHERE EXISTS (SELECT 1 FROM {{source}} s WHERE {fact.same_key("t", "s")})
), neighbours AS (
    SELECT *, lag(valid_to) OVER w = valid_from{same} AS goes_on FROM facts {before.format(keys=keys)}
), runs AS (
    SELECT *, count(*) FILTER (WHERE goes_on IS NOT TRUE) OVER w AS run FROM neighbours {before.format(keys=keys)}
), joined AS (
    SELECT (array_agg(id ORDER BY valid_from))[1] AS id, max(valid_to) AS valid_to, array_agg(id) AS ids
    FROM runs GROUP BY {keys}, run HAVING count(*) > 1
), dropped AS (
    DELETE FROM {fact.table} t USING joined j WHERE t.id = ANY(j.ids) AND t.id <> j.id
)
UPDATE {fact.table} t SET valid_to = j.valid_to FROM joined j WHERE t.id = j.id
"""

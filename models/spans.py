"""Facts of which both days are told: they replace what held between them, and nothing else.

Beside `models.timeline`, which writes what holds from a day on. Whoever changes facts holds the lock of the stream
`ORG`.
"""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg

from models import db
from models.timeline import Fact, as_given, differences


async def change_between(fact: Fact, change: Mapping[str, object]) -> list[asyncpg.Record]:
    """As `timeline.change` for one change that also has `until`, which is not beyond the end of what it replaces."""
    told, source = as_given([change]), fact.given("$1", between=True)
    different = await db.rows(differences(fact, source), told)
    if different:
        await put_between(fact, source, told)
    return different


async def put_between(fact: Fact, source: str, *args: object) -> None:
    """Write the facts in a relation (`args` are its parameters): key, values, `day`, `until`, `gone`.

    Each holds, or where it is gone nothing does, from its day up to but not including `until`. Those of one thing must
    not overlap.
    """
    await db.execute(_put(fact, source), *args)


def differs_between(fact: Fact, alias: str) -> str:
    """A condition: writing the fact `alias` between its days would change anything."""
    same = f"{fact.same_key('o', alias)} AND o.valid_from"
    return f"""CASE WHEN {alias}.gone
    THEN EXISTS (SELECT 1 FROM {fact.table} o WHERE {same} < {alias}.until AND {alias}.day < o.valid_to)
    ELSE NOT EXISTS (SELECT 1 FROM {fact.table} o WHERE {same} <= {alias}.day AND {alias}.until <= o.valid_to
                     AND NOT {fact.differs("o", alias)})
    END"""


def _put(fact: Fact, source: str) -> str:
    keys, columns = ", ".join(fact.key), ", ".join(fact.columns)
    whole = ", ".join(f"s.{column}" for column in fact.columns)
    unchanged = (
        f"{fact.same_key('w', 's')} AND NOT {fact.differs('w', 's')}"
        " AND lower(w.days) = s.valid_from AND upper(w.days) = s.valid_to"
    )
    return f"""
WITH given AS MATERIALIZED (
    SELECT {columns}, daterange(day, until) AS days, gone FROM {source} x
), taken AS (
    SELECT {keys}, range_agg(days) AS days FROM given GROUP BY {keys}
), stored AS MATERIALIZED (
    SELECT s.*, g.days AS taken FROM taken g JOIN {fact.table} s ON {fact.same_key("s", "g")}
), wanted AS MATERIALIZED (
    SELECT {columns}, unnest(range_agg(days)) AS days
    FROM (
        SELECT {whole}, unnest(datemultirange(daterange(s.valid_from, s.valid_to)) - s.taken) AS days FROM stored s
        UNION ALL
        SELECT {columns}, days FROM given WHERE NOT gone
    ) x
    GROUP BY {columns}
), dropped AS (
    DELETE FROM {fact.table} t USING stored s
    WHERE t.id = s.id AND NOT EXISTS (SELECT 1 FROM wanted w WHERE {unchanged})
    RETURNING t.id
)
INSERT INTO {fact.table} (id, {columns}, valid_from, valid_to)
SELECT uuidv7(), {columns}, lower(w.days), upper(w.days)
FROM wanted w CROSS JOIN (SELECT count(*) FROM dropped) first  -- so that what it replaces is gone by then
WHERE NOT EXISTS (SELECT 1 FROM stored s WHERE {unchanged})
"""

"""Finding and sorting people by what their custom fields say: never by what the viewer does not see."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

import asyncpg

from auth.conditions import Params
from auth.policies.profiles import SEEN_BY
from execution.paging import Order
from models.errors import Invalid, NotFound, Path
from models.profiles import FieldKind, FieldVisibility
from resolvers.context import Context
from resolvers.profile_values import MEMBER, Given, exact
from resolvers.sight import own_fields

FILTERS_MAX = 10  # of one list

SORTED_BY = {
    FieldKind.TEXT: ("left(lower(v.text), 200)", "''"),
    FieldKind.CHOICE: ("lower(v.text)", "''"),
    FieldKind.LINK: ("left(lower(v.text), 200)", "''"),
    FieldKind.NUMBER: ("v.number::float8", "0::float8"),
    FieldKind.DATE: ("v.day", "'1970-01-01'::date"),
}
"""What each kind is sorted by, and what stands in for nothing: never the first or last day, which mean infinity."""


@dataclass(frozen=True)
class FieldFilter:
    """What a custom field must say: texts hold `value` somewhere, whatever its case; all else is `value`."""

    field: uuid.UUID
    value: Given


async def having(ctx: Context, filters: Sequence[FieldFilter], params: Params, alias: str = "r") -> str:
    """A condition over the people `alias`: all filters hold, of what the viewer sees. Values are added to `params`.

    A hidden value is as none. Raises `NotFound` for a field or person that the viewer cannot see, `Invalid` for a value
    of another kind.
    """
    if len(filters) > FILTERS_MAX:
        raise Invalid(f"Filter by at most {FILTERS_MAX} fields at a time.", ["filterBy", "fields"])
    known = {row["id"]: row for row in await own_fields(ctx)} if filters else {}
    parts: list[str] = []
    for i, one in enumerate(filters):
        path = ["filterBy", "fields", i]
        row = known.get(one.field)
        if row is None:
            raise NotFound(path=[*path, "fieldId"])
        says = await _says(ctx, row, one.value, params, path)
        parts.append(
            f"EXISTS (SELECT 1 FROM profile_value v WHERE v.person_id = {alias}.id"
            f" AND v.field_id = {params.add(row['id'])}::uuid AND {says}) AND {_seen(ctx, row, params, alias)}"
        )
    return " AND ".join(parts) or "TRUE"


async def by_field(ctx: Context, field: uuid.UUID) -> Order:
    """The order of people by what a field says to the viewer, and by name; those of whom it says nothing come last.

    Raises `NotFound`, or `Invalid` for a field of people.
    """
    row = next((row for row in await own_fields(ctx) if row["id"] == field), None)
    if row is None:
        raise NotFound(path=["orderBy", "fieldId"])
    if (kind := FieldKind(row["kind"])) not in SORTED_BY:
        raise Invalid("Lists cannot be sorted by a field of people.", ["orderBy", "fieldId"])
    expression, nothing = SORTED_BY[kind]
    # An order has no parameters of its own: its cursors are bound to its text.
    params = Params([field])
    seen = _seen(ctx, row, params, "{}")
    said = _literally(
        f"(SELECT {expression} FROM profile_value v WHERE v.person_id = {{}}.id AND v.field_id = $1 AND {seen})", params
    )
    return Order(
        "people:field",
        (
            f"CASE WHEN {said} IS NULL THEN 1 ELSE 0 END AS field_unset",
            f"coalesce({said}, {nothing}) AS field_key",
            "lower({}.name) AS name_key",
            "id",
        ),
    )


def _seen(ctx: Context, row: asyncpg.Record, params: Params, alias: str) -> str:
    return SEEN_BY[FieldVisibility(row["visibility"])].sql(ctx.me, params, alias)


async def _says(ctx: Context, row: asyncpg.Record, value: Given, params: Params, path: Path) -> str:
    kind, path = FieldKind(row["kind"]), [*path, "value", MEMBER[FieldKind(row["kind"])]]
    match kind, value:
        case FieldKind.TEXT, Given(text=str(text)):
            return f"position(lower({params.add(text)}::text) in lower(v.text)) > 0"
        case FieldKind.CHOICE, Given(text=str(text)):
            return f"v.text = {params.add(text)}::text"
        case FieldKind.LINK, Given(link=str(link)):
            return f"v.text = {params.add(link)}::text"
        case FieldKind.NUMBER, Given(number=number) if number is not None:
            return f"v.number = {params.add(exact(number, path, row['name']))}::numeric"
        case FieldKind.DATE, Given(day=date() as day):
            return f"v.day = {params.add(day)}::date"
        case FieldKind.PERSON, Given(person=uuid.UUID() as person):
            if await ctx.loaders["people"].load(person) is None:
                raise NotFound(path=path)
            return f"v.person_ref_id = {params.add(person)}::uuid"
        case _:
            raise Invalid(f"{row['name']} is a field of the kind {kind}: give `{MEMBER[kind]}`.", path)


def _literally(sql: str, params: Params) -> str:
    """A fragment with its parameters written out: ids and days alone, which hold nothing that could be SQL."""
    return re.sub(r"\$(\d+)", lambda found: _literal(params[int(found[1]) - 1]), sql)


def _literal(value: object) -> str:
    if isinstance(value, uuid.UUID):
        return f"'{value}'::uuid"
    if isinstance(value, date):
        return f"'{value.isoformat()}'::date"
    if isinstance(value, list):
        return f"ARRAY[{', '.join(map(_literal, cast('list[object]', value)))}]::uuid[]"
    raise TypeError(f"{value!r} is not to be written into a statement.")

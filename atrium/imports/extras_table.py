"""Types of records beside the org chart, declared: which table they go to, and which field becomes which column."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from atrium.imports.report import Report

PERSON = ("person", "guest")  # types whose ids are those of people
TABLES: Mapping[str, str] = {"guest": "person", "profile": "person", "role": "role_grant"}
"""The tables of types that are called otherwise."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and the field of the record that it comes from: as text of the SQL type `kind`, or a reference.

    `needed`: a row that does not have it is left out; `strict`: so is one whose reference leads nowhere. Of a `one_of`
    no other value is taken. `sql` computes the column from the staged row `e` instead.
    """

    name: str
    kind: str = "text"
    field: str = ""
    to: tuple[str, ...] = ()
    needed: bool = False
    strict: bool = False
    one_of: tuple[str, ...] = ()
    default: str = "NULL"
    sql: str = ""

    @property
    def given(self) -> str:
        """The field's name."""
        return self.field or self.name

    @property
    def is_list(self) -> bool:
        return self.kind.endswith("[]")

    @property
    def value(self) -> str:
        """An expression of what the staged row `e` says."""
        if self.sql:
            return self.sql
        if self.to:
            return f"e.ref_{self.given}"
        if self.is_list:
            return f"ARRAY(SELECT jsonb_array_elements_text(e.f->'{self.given}'))"
        return f"(e.f->>'{self.given}')::{self.kind}"

    @property
    def wrong(self) -> str:
        """A condition: what the staged row `e` says does not fit."""
        if self.sql:
            return "false"
        text = f"e.f->>'{self.given}'"
        if self.to:
            return f"e.ref_{self.given} IS NULL AND {text} IS NOT NULL"
        if self.is_list:
            return f"jsonb_typeof(e.f->'{self.given}') NOT IN ('array', 'null')"
        allowed = ", ".join(f"'{value}'" for value in self.one_of)
        outside = f" OR {text} NOT IN ({allowed})" if self.one_of else ""
        if self.kind in ("date", "timestamptz"):  # PostgreSQL knows words such as yesterday, too
            outside += f" OR {text} !~ '^\\d{{4}}-'"
        return f"{text} IS NOT NULL AND (NOT pg_input_is_valid({text}, '{self.kind}'){outside})"


def ref(name: str, field: str, *types: str, needed: bool = False, strict: bool = False) -> Column:
    """A column that holds the key of what the field names by its id."""
    return Column(name, "uuid", field, types, needed, strict or needed)


@dataclass(frozen=True, slots=True)
class Given:
    """The import that a type is written by. `is_own`: the file's ids are our own keys; `is_dry`: nothing is written."""

    run: uuid.UUID
    source: str
    is_own: bool
    is_dry: bool
    now: datetime
    report: Report


Step = Callable[[Given], Awaitable[None]]


@dataclass(frozen=True)
class Extra:
    """A type: its table's columns, and what else must be done.

    `natural` columns tell which row it is where the id does not; all must be there, unless `null_is_value`. `before`
    may complete the staged rows, `after` sees what was written. `own_only`: of our own exports alone; `updates_only`:
    of rows that are there. `end` is what a tombstone sets; empty: the row goes. `refuse` is a condition on which a row
    is left out: that people do to themselves what one does to others.
    """

    type: str
    columns: Sequence[Column]
    natural: Sequence[str] = ()
    null_is_value: bool = False
    own_only: bool = False
    updates_only: bool = False
    before: Step | None = None
    after: Step | None = None
    end: str = ""
    refuse: str = ""

    @property
    def table(self) -> str:
        return TABLES.get(self.type, self.type)

    @property
    def refs(self) -> list[Column]:
        return [column for column in self.columns if column.to]


def found(id: str, *types: str) -> str:
    """An expression for the key of the thing that `id` (an expression) names in the source $1, or as `other:7`."""
    of = ", ".join(f"'{type}'" for type in types)
    return f"""coalesce(
    (SELECT r.subject_id FROM import_map r
     WHERE r.source = $1 AND r.type IN ({of}) AND r.external_id = {id} LIMIT 1),
    (SELECT k.id FROM extra_key k WHERE k.type IN ({of}) AND k.external_id = {id} LIMIT 1),
    (SELECT r.subject_id FROM import_map r
     WHERE {id} LIKE '%:%' AND r.source = split_part({id}, ':', 1) AND r.type IN ({of})
       AND r.external_id = substr({id}, strpos({id}, ':') + 1) LIMIT 1))"""

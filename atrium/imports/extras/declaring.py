"""Types of records beside the org chart, declared: which table they go to, and which field becomes which column."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from atrium.exports.sql import handle
from atrium.imports.report import Report

PERSON = ("person", "guest")  # types whose ids are those of people


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


CREATED = Column("created_at", "timestamptz", default="e.now")


def text(name: str, most: int, *, needed: bool = False, default: str = "NULL") -> Column:
    """A column of text, at most so many characters long."""
    return Column(name, f"varchar({most})", needed=needed, default=default)


def listed(name: str) -> Column:
    """A column that holds a list of texts; of a new row it is empty."""
    return Column(name, "text[]", default="'{}'")


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
    is left out: that people do to themselves what one does to others. `kept_in` names the table where it is called
    otherwise than the type.

    `key` is an expression of the row's key, where that is another row's. A `keyless` one is known by its `natural`
    columns alone: its key is a number that nobody has seen. `ready` comes between: keys are known, nothing is written.
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
    kept_in: str = ""
    key: str = ""
    keyless: bool = False
    ready: Step | None = None

    @property
    def same(self) -> str:
        """A condition: the table's row `t` is what the staged row `e` is about."""
        if not self.keyless:
            return "t.id = e.id"
        return " AND ".join(f"t.{column.name} = {column.value}" for column in self._natural)

    @property
    def given_key(self) -> str:
        """An expression of the key of the staged row `e`, where the row itself tells it; else empty."""
        return handle(*(column.value for column in self._natural)) if self.keyless else self.key

    @property
    def gone(self) -> str:
        """A condition: the table's row `t` is what the tombstone `e` ends, which may hold nothing but its id."""
        return f"{handle(*(f't.{name}' for name in self.natural))} = e.id" if self.keyless else "t.id = e.id"

    @property
    def _natural(self) -> list[Column]:
        columns = {column.name: column for column in self.columns}
        return [columns[name] for name in self.natural]

    @property
    def table(self) -> str:
        return self.kept_in or self.type

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

"""What every reader of files yields and the engine takes: records, named by the ids of the system they come from.

A field that a record does not have says nothing: what is stored stays. None clears it, or makes it the default.

org_unit  name, parent, head, deputy, created_at, history
person    name, email, employee_id, title, grade, manager, org_unit, location, skills, pronouns, bio, links, languages,
          interests, phone, photo, time_zone, active, start_date, end_date (the last day), history
position  title, grade, org_unit, reports_to, created_at, history
holding   position, person (None: held, but undisclosed), valid_from, valid_to
line      position, manager, kind (solid, dotted or project), valid_from, valid_to

`manager`, `head`, `deputy` and `person` are ids of people, `org_unit` and `parent` of units, `position` and
`reports_to` of positions; in a line `position` and `manager` are both positions. `other:7` is the id 7 of the source
`other`. `title`, `grade`, `org_unit` and `manager` of a person shape their own position, whose id is `person:` and
theirs, unless a holding gives them others. Where a manager is not known by id, `manager_name` stands for `manager`: an
id all the same, else an e-mail address, else a name that only one person has. Days are ISO texts or dates; `valid_to`
is the first day on which a fact holds no more, None for good. `history` is a list of objects with `valid_from`,
`valid_to` and what held between, in the place of the record's own such fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

VERSION = 1  # of the format
ID_MAX = 200  # characters
OWN_POSITION = "person:"  # before a person's id: the id of the position that is their own


class Type(StrEnum):
    """What a record is about, in the order in which they are written."""

    ORG_UNIT = "org_unit"
    PERSON = "person"
    POSITION = "position"
    HOLDING = "holding"
    LINE = "line"


class Mode(StrEnum):
    """What it means that something of the source is not in the file: nothing, or that it has ended."""

    PARTIAL = "partial"
    FULL = "full"


FIELDS: Mapping[Type, frozenset[str]] = {
    Type.ORG_UNIT: frozenset({"name", "parent", "head", "deputy", "created_at", "history"}),
    Type.PERSON: frozenset(
        {
            *("name", "email", "employee_id", "title", "grade", "manager", "manager_name", "org_unit", "location"),
            *("skills", "pronouns", "bio", "links", "languages", "interests", "phone", "photo", "time_zone"),
            *("active", "start_date", "end_date", "history"),
        }
    ),
    Type.POSITION: frozenset({"title", "grade", "org_unit", "reports_to", "created_at", "history"}),
    Type.HOLDING: frozenset({"position", "person", "valid_from", "valid_to"}),
    Type.LINE: frozenset({"position", "manager", "kind", "valid_from", "valid_to"}),
}
"""The fields that each type may have; others are warned of."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing as a file has it. `line` is where it stands, from 1; holdings and lines need no `id` of their own."""

    type: Type | str  # a str is of a type beside the org chart
    line: int
    id: str
    fields: Mapping[str, object]
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself; None: nothing."""

    version: int = VERSION
    source: str | None = None
    mode: Mode | None = None
    effective: date | None = None
    is_own: bool = False  # an export of ours: its ids are our keys

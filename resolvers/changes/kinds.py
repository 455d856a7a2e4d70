"""The changes of the org chart as values: what is to be, without its day. A draft is a list of them."""

from __future__ import annotations

import dataclasses
import types
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from functools import cache
from typing import Any, ClassVar, Literal, get_args, get_type_hints

from models.positions import LineKind


class Keep(Enum):
    """Stands for what a change leaves as it is: None would clear it."""

    KEEP = "KEEP"


KEEP: Literal[Keep.KEEP] = Keep.KEEP


class ChangeKind(StrEnum):
    """The kinds of changes, as they are stored: by the names of their classes."""

    CREATE_PERSON = "CreatePerson"
    MOVE_PERSON = "MovePerson"
    SET_MANAGER = "SetManager"
    PROMOTE_PERSON = "Promote"
    RENAME_PERSON = "RenamePerson"
    RECORD_LEAVE = "Leave"
    REHIRE_PERSON = "Rehire"
    ASSIGN_POSITION = "AssignPosition"
    VACATE_POSITION = "VacatePosition"
    CREATE_POSITION = "CreatePosition"
    END_POSITION = "EndPosition"
    ADD_REPORTING_LINE = "AddLine"
    END_REPORTING_LINE = "EndLine"
    CREATE_UNIT = "CreateUnit"
    RENAME_UNIT = "RenameUnit"
    MOVE_UNIT = "MoveUnit"
    SET_UNIT_HEAD = "SetHead"
    MERGE_UNITS = "MergeUnits"
    DISSOLVE_UNIT = "DissolveUnit"


KINDS: dict[str, type[OrgChange]] = {}
"""Every kind of change by its name, as drafts and the audit trail know it."""


@dataclass(frozen=True, slots=True)
class OrgChange:
    """Something to be changed from a day on. A `subject` or `manager` is a person or a position, all else is named."""

    kind: ClassVar[str]

    def __init_subclass__(cls) -> None:
        cls.kind = cls.__name__
        KINDS[cls.__name__] = cls

    @property
    def about(self) -> uuid.UUID:
        """What is changed: the first that each kind names."""
        return getattr(self, fields(self.kind)[0])


@dataclass(frozen=True, slots=True)
class CreatePerson(OrgChange):
    """Somebody joins, on a position of their own."""

    id: uuid.UUID
    name: str
    email: str | None = None
    employee_id: str | None = None
    title: str = ""
    grade: str | None = None
    unit: uuid.UUID | None = None
    manager: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class MovePerson(OrgChange):
    """Somebody goes to another unit with their position; out of one that is shared, with a new one like it."""

    person: uuid.UUID
    unit: uuid.UUID | None
    manager: uuid.UUID | Keep | None = KEEP


@dataclass(frozen=True, slots=True)
class SetManager(OrgChange):
    """Somebody, or a position, reports to another one; to nobody where that is None."""

    subject: uuid.UUID
    manager: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Promote(OrgChange):
    """Somebody's position is called otherwise, or graded otherwise."""

    person: uuid.UUID
    title: str | Keep = KEEP
    grade: str | Keep | None = KEEP


@dataclass(frozen=True, slots=True)
class RenamePerson(OrgChange):
    """Somebody goes by another name; what was before keeps the old one."""

    person: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Leave(OrgChange):
    """Somebody leaves: from that day on they do not belong to the company any more."""

    person: uuid.UUID


@dataclass(frozen=True, slots=True)
class Rehire(OrgChange):
    """Somebody who has left comes back, on a new position."""

    person: uuid.UUID
    title: str = ""
    grade: str | None = None
    unit: uuid.UUID | None = None
    manager: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class AssignPosition(OrgChange):
    """Somebody takes a position, beside those who hold it; whoever it is stays undisclosed where `person` is None."""

    position: uuid.UUID
    person: uuid.UUID | None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class VacatePosition(OrgChange):
    """Somebody, or whoever is undisclosed, gives a position up."""

    position: uuid.UUID
    person: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class CreatePosition(OrgChange):
    """A position that nobody holds yet."""

    id: uuid.UUID
    title: str = ""
    grade: str | None = None
    unit: uuid.UUID | None = None
    manager: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class EndPosition(OrgChange):
    """A position is no more: nobody may hold it or report to it by then."""

    position: uuid.UUID


@dataclass(frozen=True, slots=True)
class AddLine(OrgChange):
    """A line beside those there are, up to but not including `until`."""

    subject: uuid.UUID
    manager: uuid.UUID
    line: LineKind
    until: date | None = None


@dataclass(frozen=True, slots=True)
class EndLine(OrgChange):
    """A line is no more."""

    line: uuid.UUID


@dataclass(frozen=True, slots=True)
class CreateUnit(OrgChange):
    """A unit below another one, or a root."""

    id: uuid.UUID
    name: str
    parent: uuid.UUID | None = None
    head: uuid.UUID | None = None
    deputy: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class RenameUnit(OrgChange):
    """A unit is called otherwise."""

    unit: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class MoveUnit(OrgChange):
    """A unit goes below another one with all that is below it, or becomes a root."""

    unit: uuid.UUID
    parent: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class SetHead(OrgChange):
    """Others lead a unit; nobody does where that is None."""

    unit: uuid.UUID
    head: uuid.UUID | Keep | None = KEEP
    deputy: uuid.UUID | Keep | None = KEEP


@dataclass(frozen=True, slots=True)
class MergeUnits(OrgChange):
    """A unit's positions and sub-units go into another one, and it is dissolved."""

    unit: uuid.UUID
    into: uuid.UUID


@dataclass(frozen=True, slots=True)
class DissolveUnit(OrgChange):
    """A unit is no more. It must be empty by then, unless what is in it goes `into` another one."""

    unit: uuid.UUID
    into: uuid.UUID | None = None


def fields(kind: str) -> list[str]:
    """What a kind of change says, in order: what it changes or makes comes first."""
    return [field.name for field in dataclasses.fields(KINDS[kind])]


def stored(change: OrgChange) -> dict[str, object]:
    """A change's content as JSON can hold it; what it keeps is left out."""
    given = {name: getattr(change, name) for name in fields(change.kind)}
    return {name: _plain(value) for name, value in given.items() if value is not KEEP}


def restored(kind: str, content: Mapping[str, object]) -> OrgChange:
    """The change that was `stored`."""
    of = KINDS[kind]
    return of(**{name: _typed(_types(of)[name], value) for name, value in content.items()})


def _plain(value: Any) -> Any:
    match value:
        case uuid.UUID():
            return str(value)
        case date():
            return value.isoformat()
        case StrEnum():
            return value.value
        case _:
            return value


def _typed(of: type, value: Any) -> Any:
    if value is None:
        return None
    if of is uuid.UUID:
        return uuid.UUID(value)
    if of is date:
        return date.fromisoformat(value)
    return LineKind(value) if of is LineKind else value


@cache
def _types(of: type[OrgChange]) -> dict[str, type]:
    """What each field holds where it holds anything."""
    hints = get_type_hints(of)
    return {name: _main(hints[name]) for name in fields(of.kind)}


def _main(hint: Any) -> type:
    return next(one for one in get_args(hint) if one not in (types.NoneType, Keep)) if get_args(hint) else hint

"""What clients say to change the org chart: inputs of mutations and, one of them at a time, of drafts."""

from __future__ import annotations

import uuid
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from typing import Any, Protocol, TypeVar

import strawberry

from execution.ids import decode_id
from execution.scalars import EmailAddress
from models.errors import DomainError, Invalid, NotFound, Path
from models.positions import LineKind
from resolvers.changes import kinds
from resolvers.changes.kinds import KEEP, Keep, OrgChange
from resolvers.changes.making import made_id
from resolvers.context import Context
from schema.nodes import key, optional_key

ChangeT_co = TypeVar("ChangeT_co", bound=OrgChange, covariant=True)


class ChangeInput(Protocol[ChangeT_co]):
    """What the inputs of all kinds of changes have in common."""

    valid_from: date | None

    def change(self, ctx: Context) -> ChangeT_co: ...


def _day() -> Any:
    return strawberry.field(
        default=None,
        description="The day from which it holds; absent: today. From 1900 on, at most five years ahead.",
    )


def _version(of: str) -> Any:
    return strawberry.field(default=None, description=f"Refuse if the {of} is at another version.")


def _client_id() -> Any:
    return strawberry.field(
        default=None,
        description="Makes a repetition harmless: the same id again is the same thing. At most 100 characters.",
    )


def _optional(description: str) -> Any:
    return strawberry.field(default=None, description=description)


def _given(description: str) -> Any:
    return strawberry.field(description=description)


MANAGER = "Whom the position reports to: a person or a position; absent or null: nobody."
TITLE = "What the position is called; at most 200 characters."
GRADE = "The grade or level; at most 50 characters."


@strawberry.input(description="Somebody who joins the company, on a position of their own.")
class CreatePersonInput:
    name: str = _given("The name they go by; at most 200 characters.")
    email: EmailAddress | None = _optional("To sign in with; nobody else may have it.")
    employee_id: str | None = _optional("To sign in with for those without an address; at most 100 characters.")
    title: str | None = _optional(TITLE)
    grade: str | None = _optional(GRADE)
    org_unit_id: strawberry.ID | None = _optional("Their unit; absent or null: none.")
    manager_id: strawberry.ID | None = _optional(MANAGER)
    valid_from: date | None = _day()
    client_id: str | None = _client_id()

    def change(self, ctx: Context) -> kinds.CreatePerson:
        return kinds.CreatePerson(
            made_id(ctx, kinds.CreatePerson.kind, self.client_id),
            self.name,
            self.email,
            self.employee_id,
            self.title or "",
            self.grade,
            _unit(self.org_unit_id),
            _manager(self.manager_id),
        )


@strawberry.input(description="Somebody who goes to another unit.")
class MovePersonInput:
    person_id: strawberry.ID = _given("Who. Out of a position that is shared they go with a new one like it.")
    org_unit_id: strawberry.ID = _given("The unit to be.")
    manager_id: strawberry.Maybe[strawberry.ID | None] = _given(
        "Whom they report to from then on: a person or a position; null: nobody; absent: as before."
    )
    valid_from: date | None = _day()
    expected_version: int | None = _version("person")

    def change(self, ctx: Context) -> kinds.MovePerson:
        manager = KEEP if self.manager_id is None else _manager(self.manager_id.value)
        return kinds.MovePerson(_person(self.person_id), _unit(self.org_unit_id), manager)


@strawberry.input(description="To whom somebody, or a position, reports. Give `personId` or `positionId`.")
class SetManagerInput:
    person_id: strawberry.ID | None = _optional("Who reports, with the position that they have held longest.")
    position_id: strawberry.ID | None = _optional("Which position reports.")
    manager_id: strawberry.Maybe[strawberry.ID | None] = _given(
        "To whom: a person or a position; null, which must be said: to nobody."
    )
    valid_from: date | None = _day()
    expected_version: int | None = _version("person")

    def change(self, ctx: Context) -> kinds.SetManager:
        subject = _subject(self.person_id, self.position_id)
        return kinds.SetManager(subject, _manager(_said(self.manager_id, "managerId", "nobody")))


@strawberry.input(description="What somebody is from now on; what is absent stays.")
class PromotePersonInput:
    person_id: strawberry.ID = _given("Who. Out of a position that is shared they go with a new one like it.")
    title: strawberry.Maybe[str | None] = _given(f"{TITLE[:-1]}; null clears it.")
    grade: strawberry.Maybe[str | None] = _given(f"{GRADE[:-1]}; null clears it.")
    valid_from: date | None = _day()
    expected_version: int | None = _version("person")

    def change(self, ctx: Context) -> kinds.Promote:
        title = KEEP if self.title is None else self.title.value or ""
        return kinds.Promote(_person(self.person_id), title, KEEP if self.grade is None else self.grade.value)


@strawberry.input(description="Another name of somebody.")
class RenamePersonInput:
    person_id: strawberry.ID = _given("Who.")
    name: str = _given("The name they go by: 1 to 200 characters in one line.")
    valid_from: date | None = _day()
    expected_version: int | None = _version("person")

    def change(self, ctx: Context) -> kinds.RenamePerson:
        return kinds.RenamePerson(_person(self.person_id), self.name)


@strawberry.input(description="Somebody who leaves the company.")
class RecordLeaveInput:
    person_id: strawberry.ID = _given("Who.")
    valid_from: date | None = strawberry.field(
        default=None, description="The first day on which they do not belong to the company any more; absent: today."
    )
    expected_version: int | None = _version("person")

    def change(self, ctx: Context) -> kinds.Leave:
        return kinds.Leave(_person(self.person_id))


@strawberry.input(description="Somebody who has left and comes back, on a new position.")
class RehirePersonInput:
    person_id: strawberry.ID = _given("Who.")
    title: str | None = _optional(TITLE)
    grade: str | None = _optional(GRADE)
    org_unit_id: strawberry.ID | None = _optional("Their unit; absent or null: none.")
    manager_id: strawberry.ID | None = _optional(MANAGER)
    valid_from: date | None = _day()
    expected_version: int | None = _version("person")

    def change(self, ctx: Context) -> kinds.Rehire:
        unit, manager = _unit(self.org_unit_id), _manager(self.manager_id)
        return kinds.Rehire(_person(self.person_id), self.title or "", self.grade, unit, manager)


@strawberry.input(description="Who takes a position, beside those who hold it.")
class AssignPositionInput:
    position_id: strawberry.ID = _given("Which position.")
    person_id: strawberry.Maybe[strawberry.ID | None] = _given(
        "Who; null, which must be said: somebody whose name is not given."
    )
    valid_from: date | None = _day()
    valid_to: date | None = _optional("The day after the last one; absent or null: for good.")

    def change(self, ctx: Context) -> kinds.AssignPosition:
        person = _said(self.person_id, "personId", "somebody whose name is not given")
        return kinds.AssignPosition(_position(self.position_id), _holder(person), self.valid_to)


@strawberry.input(description="Who gives a position up.")
class VacatePositionInput:
    position_id: strawberry.ID = _given("Which position.")
    person_id: strawberry.Maybe[strawberry.ID | None] = _given(
        "Who; null, which must be said: the holder whose name is not given."
    )
    valid_from: date | None = _day()

    def change(self, ctx: Context) -> kinds.VacatePosition:
        person = _said(self.person_id, "personId", "the holder whose name is not given")
        return kinds.VacatePosition(_position(self.position_id), _holder(person))


@strawberry.input(description="A position that nobody holds yet.")
class CreatePositionInput:
    title: str | None = _optional(TITLE)
    grade: str | None = _optional(GRADE)
    org_unit_id: strawberry.ID | None = _optional("Its unit; absent or null: none.")
    manager_id: strawberry.ID | None = _optional(MANAGER)
    valid_from: date | None = _day()
    client_id: str | None = _client_id()

    def change(self, ctx: Context) -> kinds.CreatePosition:
        id = made_id(ctx, kinds.CreatePosition.kind, self.client_id)
        unit, manager = _unit(self.org_unit_id), _manager(self.manager_id)
        return kinds.CreatePosition(id, self.title or "", self.grade, unit, manager)


@strawberry.input(description="A position that is to end.")
class EndPositionInput:
    position_id: strawberry.ID = _given("Which. Nobody may report to it by then, or hold no other one.")
    valid_from: date | None = strawberry.field(
        default=None, description="The first day on which it is not there any more; absent: today."
    )

    def change(self, ctx: Context) -> kinds.EndPosition:
        return kinds.EndPosition(_position(self.position_id))


@strawberry.input(description="A line beside those there are. Give `personId` or `positionId`.")
class AddReportingLineInput:
    person_id: strawberry.ID | None = _optional("Who reports, with the position that they have held longest.")
    position_id: strawberry.ID | None = _optional("Which position reports.")
    manager_id: strawberry.ID = _given("To whom: a person or a position.")
    kind: LineKind = _given("What it means. A position has one solid line at a time: `setManager` replaces it.")
    valid_from: date | None = _day()
    valid_to: date | None = _optional("The day after the last one; absent or null: for good.")

    def change(self, ctx: Context) -> kinds.AddLine:
        subject = _subject(self.person_id, self.position_id)
        return kinds.AddLine(subject, either(self.manager_id, ["managerId"]), self.kind, self.valid_to)


@strawberry.input(description="A reporting line that is to end.")
class EndReportingLineInput:
    line_id: strawberry.ID = _given("Which.")
    valid_from: date | None = strawberry.field(
        default=None, description="The first day on which it does not hold any more; absent: today."
    )

    def change(self, ctx: Context) -> kinds.EndLine:
        return kinds.EndLine(key("ReportingLine", self.line_id, ["lineId"]))


@strawberry.input(description="A new unit.")
class CreateUnitInput:
    name: str = _given("What it is called; at most 200 characters.")
    parent_id: strawberry.ID | None = _optional("The unit above; absent or null: it is a root.")
    head_id: strawberry.ID | None = _optional("The person who leads it.")
    deputy_id: strawberry.ID | None = _optional("The person who stands in.")
    valid_from: date | None = _day()
    client_id: str | None = _client_id()

    def change(self, ctx: Context) -> kinds.CreateUnit:
        return kinds.CreateUnit(
            made_id(ctx, kinds.CreateUnit.kind, self.client_id),
            self.name,
            optional_key("OrgUnit", self.parent_id, ["parentId"]),
            optional_key("Person", self.head_id, ["headId"]),
            optional_key("Person", self.deputy_id, ["deputyId"]),
        )


@strawberry.input(description="What a unit is called from now on.")
class RenameUnitInput:
    org_unit_id: strawberry.ID = _given("Which unit.")
    name: str = _given("What it is called; at most 200 characters.")
    valid_from: date | None = _day()
    expected_version: int | None = _version("unit")

    def change(self, ctx: Context) -> kinds.RenameUnit:
        return kinds.RenameUnit(key("OrgUnit", self.org_unit_id, ["orgUnitId"]), self.name)


@strawberry.input(description="Where a unit lies from now on, with all below it.")
class MoveUnitInput:
    org_unit_id: strawberry.ID = _given("Which unit.")
    parent_id: strawberry.Maybe[strawberry.ID | None] = _given(
        "The unit above; null, which must be said: it becomes a root."
    )
    valid_from: date | None = _day()
    expected_version: int | None = _version("unit")

    def change(self, ctx: Context) -> kinds.MoveUnit:
        parent = _said(self.parent_id, "parentId", "no unit")
        unit = key("OrgUnit", self.org_unit_id, ["orgUnitId"])
        return kinds.MoveUnit(unit, optional_key("OrgUnit", parent, ["parentId"]))


@strawberry.input(description="Who leads a unit from now on; what is absent stays.")
class SetUnitHeadInput:
    org_unit_id: strawberry.ID = _given("Which unit.")
    head_id: strawberry.Maybe[strawberry.ID | None] = _given("The person who leads it; null: nobody.")
    deputy_id: strawberry.Maybe[strawberry.ID | None] = _given("The person who stands in; null: nobody.")
    valid_from: date | None = _day()
    expected_version: int | None = _version("unit")

    def change(self, ctx: Context) -> kinds.SetHead:
        unit = key("OrgUnit", self.org_unit_id, ["orgUnitId"])
        return kinds.SetHead(unit, _leader(self.head_id, "headId"), _leader(self.deputy_id, "deputyId"))


@strawberry.input(description="A unit that goes into another one, with its positions and the units below it.")
class MergeUnitsInput:
    org_unit_id: strawberry.ID = _given("The unit that is dissolved. Who was in it goes on reading what it wrote.")
    into_id: strawberry.ID = _given("The unit that takes all that is in it; it must not lie below it.")
    valid_from: date | None = _day()
    expected_version: int | None = _version("unit to be dissolved")

    def change(self, ctx: Context) -> kinds.MergeUnits:
        unit = key("OrgUnit", self.org_unit_id, ["orgUnitId"])
        return kinds.MergeUnits(unit, key("OrgUnit", self.into_id, ["intoId"]))


@strawberry.input(description="A unit that is to end.")
class DissolveUnitInput:
    org_unit_id: strawberry.ID = _given("Which unit.")
    into_id: strawberry.ID | None = _optional("The unit that takes what is in it; without, it must be empty by then.")
    valid_from: date | None = strawberry.field(
        default=None, description="The first day on which it is not there any more; absent: today."
    )
    expected_version: int | None = _version("unit")

    def change(self, ctx: Context) -> kinds.DissolveUnit:
        unit = key("OrgUnit", self.org_unit_id, ["orgUnitId"])
        return kinds.DissolveUnit(unit, optional_key("OrgUnit", self.into_id, ["intoId"]))


@contextmanager
def below(*outer: str) -> Generator[None]:
    """Have refusals of an input that lies in another one name their place in that."""
    try:
        yield
    except DomainError as refusal:
        refusal.path = (*outer, *refusal.path)
        raise


def either(id: str, path: Path) -> uuid.UUID:
    """The key of a person or a position. Raises `NotFound`."""
    try:
        of, found = decode_id(id)
    except ValueError:
        raise NotFound(path=path) from None
    if of not in ("Person", "Position"):
        raise NotFound(path=path)
    return found


def _subject(person_id: str | None, position_id: str | None) -> uuid.UUID:
    if (person_id is None) == (position_id is None):
        raise Invalid("Give `personId` or `positionId`, and not both.", ["personId"])
    return _person(person_id) if person_id is not None else _position(position_id or "")


def _person(id: str) -> uuid.UUID:
    return key("Person", id, ["personId"])


def _position(id: str) -> uuid.UUID:
    return key("Position", id, ["positionId"])


def _unit(id: str | None) -> uuid.UUID | None:
    return optional_key("OrgUnit", id, ["orgUnitId"])


def _holder(id: str | None) -> uuid.UUID | None:
    return optional_key("Person", id, ["personId"])


def _manager(id: str | None) -> uuid.UUID | None:
    return None if id is None else either(id, ["managerId"])


def _leader(given: strawberry.Some[strawberry.ID | None] | None, path: str) -> uuid.UUID | Keep | None:
    return KEEP if given is None else optional_key("Person", given.value, [path])


def _said(given: strawberry.Some[strawberry.ID | None] | None, path: str, null: str) -> str | None:
    """What must not be left out, for null means something. Raises `Invalid`."""
    if given is None:
        raise Invalid(f"Say `{path}`: null means {null}.", [path])
    return given.value

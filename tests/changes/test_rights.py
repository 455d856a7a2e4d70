"""Who may change the org chart: HR and administrators of every unit concerned, old and new, and nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from auth import sessions
from auth.viewer import Viewer
from models.org import OrgUnit
from models.people import Person
from models.positions import Position
from models.session import Role
from tests.conftest import Ask
from tests.factories.changes import SOON, an_hr, codes, events
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_position, a_unit, post_of
from tests.factories.session import a_role

Variables = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Ward and Laboratory lie side by side; Ann is in Ward, Lea has left it, and Bea leads her."""

    ward: OrgUnit
    lab: OrgUnit
    ann: Person
    bea: Person
    lea: Person
    post: Position
    line: str

    def about(self, operation: str) -> Variables:
        """What is said in each operation, all about Ward."""
        ann, ward, post = global_id(self.ann), global_id(self.ward), global_id(self.post)
        said: dict[str, Variables] = {
            "create_person": {"name": "Eva", "org_unit_id": ward},
            "move_person": {"person_id": ann, "org_unit_id": ward},
            "set_manager": {"person_id": ann, "manager_id": None},
            "promote_person": {"person_id": ann, "title": "Matron"},
            "rename_person": {"person_id": ann, "name": "Anna"},
            "record_leave": {"person_id": ann},
            "deactivate_person": {"person_id": ann},
            "rehire_person": {"person_id": global_id(self.lea), "org_unit_id": ward},
            "assign_position": {"position_id": post, "person_id": ann},
            "vacate_position": {"position_id": post, "person_id": None},
            "create_position": {"org_unit_id": ward},
            "end_position": {"position_id": post},
            "add_reporting_line": {"person_id": ann, "manager_id": global_id(self.bea), "kind": "DOTTED"},
            "end_reporting_line": {"line_id": self.line},
            "create_unit": {"name": "Night", "parent_id": ward},
            "rename_unit": {"org_unit_id": ward, "name": "Day"},
            "set_unit_head": {"org_unit_id": ward, "head_id": ann},
            "merge_units": {"org_unit_id": ward, "into_id": global_id(self.lab)},
            "move_unit": {"org_unit_id": ward, "parent_id": global_id(self.lab)},
            "dissolve_unit": {"org_unit_id": ward},
        }
        return said[operation]


WITHIN = (
    *("create_person", "move_person", "set_manager", "promote_person", "rename_person", "record_leave"),
    *("rehire_person", "assign_position", "vacate_position", "create_position", "end_position", "add_reporting_line"),
    *("deactivate_person", "end_reporting_line", "create_unit", "rename_unit", "set_unit_head"),
)
"""What HR of Ward may do by themselves."""
ACROSS = ("merge_units", "move_unit")
PEOPLE = ("create_person", "record_leave", "deactivate_person", "rehire_person")


@pytest.fixture
def place(ask: Ask) -> Callable[[], Awaitable[Place]]:
    async def make() -> Place:
        hana, ward, lab = await an_hr("Hana"), await a_unit("Ward"), await a_unit("Laboratory")
        bea = await a_person("Bea", unit=ward)
        ann = await a_person("Ann", unit=ward, manager=bea)
        lea = await a_person("Lea", unit=ward)
        post = await a_position("Guard", unit=ward)
        given = {"person_id": global_id(ann), "manager_id": global_id(bea), "kind": "PROJECT"}
        line = (await ask(hana, "org/add_reporting_line", **given))["addReportingLine"]["reportingLine"]["id"]
        await ask(hana, "org/record_leave", person_id=global_id(lea))
        return Place(ward, lab, ann, bea, lea, post, line)

    return make


async def a_token(ask: Ask, who: Person, *scopes: str) -> Viewer:
    now = ask.services.clock.now()
    _, access = await sessions.open_token(who.id, "robot", scopes, now + timedelta(days=1), now=now)
    viewer = await sessions.again(access.id, now)
    assert viewer
    return viewer


async def answered(ask: Ask, who: Person | Viewer, operation: str, given: Variables) -> list[str]:
    [payload] = (await ask(who, f"org/{operation}", **given)).values()
    return codes(payload)


@pytest.mark.parametrize("operation", [*WITHIN, *ACROSS, "dissolve_unit"])
async def test_strangers_are_refused_and_nothing_changes(
    ask: Ask, place: Callable[[], Awaitable[Place]], operation: str
) -> None:
    made = await place()
    given = made.about(operation)
    before = await events()
    elsewhere, head = await an_hr("Hugo", of=made.lab), await a_person("Hera", unit=made.ward)
    await OrgUnit.filter(id=made.ward.id).update(head_id=head.id)
    hana = await an_hr("Hilda")
    needs = "people:write" if operation in PEOPLE else "org:write"
    others = {"people:read", "people:write", "org:read", "org:write"} - {needs}

    for who in (made.ann, head, elsewhere, await a_token(ask, hana, *others)):
        assert await answered(ask, who, operation, given) == ["FORBIDDEN"]
    for who in (await a_guest(), await a_token(ask, hana, needs)):
        assert await answered(ask, who, operation, given) == ["NOT_FOUND"]
    assert await events() == before


@pytest.mark.parametrize("operation", WITHIN)
async def test_hr_of_the_unit_may(ask: Ask, place: Callable[[], Awaitable[Place]], operation: str) -> None:
    made = await place()

    hugo = await an_hr("Hugo", of=made.ward)

    assert await answered(ask, hugo, operation, made.about(operation)) == []


@pytest.mark.parametrize("operation", ACROSS)
async def test_what_concerns_two_units_takes_the_right_for_both(
    ask: Ask, place: Callable[[], Awaitable[Place]], operation: str
) -> None:
    made = await place()
    one, both = await an_hr("Hugo", of=made.ward), await an_hr("Hedi", of=made.ward)
    await a_role(both, Role.ADMIN, made.lab)
    given = {"person_id": global_id(made.ann), "org_unit_id": global_id(made.lab)}

    assert await answered(ask, one, operation, made.about(operation)) == ["FORBIDDEN"]
    assert await answered(ask, one, "move_person", given) == ["FORBIDDEN"]
    assert await answered(ask, both, "move_person", given) == []
    # Ward is a root, and roots are the whole company's.
    assert await answered(ask, both, operation, made.about(operation)) == (
        [] if operation == "merge_units" else ["FORBIDDEN"]
    )


async def test_the_right_follows_whoever_is_moved_away(ask: Ask, place: Callable[[], Awaitable[Place]]) -> None:
    made = await place()
    hugo, hana = await an_hr("Hugo", of=made.ward), await an_hr("Hana")
    given = made.about("promote_person")

    assert await answered(ask, hugo, "promote_person", given) == []
    lab = {"person_id": global_id(made.ann), "org_unit_id": global_id(made.lab)}
    assert await answered(ask, hana, "move_person", {**lab, "valid_from": str(SOON)}) == []
    assert await answered(ask, hugo, "promote_person", {**given, "valid_from": str(SOON)}) == ["FORBIDDEN"]
    assert await answered(ask, hana, "move_person", lab) == []
    assert await answered(ask, hugo, "promote_person", {**given, "title": "Nurse"}) == ["FORBIDDEN"]


async def test_whoever_keeps_a_unit_keeps_what_is_planned_below_it(
    ask: Ask, place: Callable[[], Awaitable[Place]]
) -> None:
    made = await place()
    hugo, hana = await an_hr("Hugo", of=made.ward), await an_hr("Hana")
    given = {"name": "Night", "parent_id": global_id(made.ward), "valid_from": str(SOON)}

    assert await answered(ask, hugo, "create_unit", given) == []

    night = await OrgUnit.get(name="Night")
    renamed = {"org_unit_id": global_id(night), "name": "Late", "valid_from": str(SOON)}
    assert await answered(ask, hugo, "rename_unit", renamed) == ["NOT_FOUND"]  # they do not see what is to come
    assert await answered(ask, hana, "rename_unit", renamed) == []


async def test_the_line_of_a_day_to_come_is_not_there_for_others(
    ask: Ask, place: Callable[[], Awaitable[Place]]
) -> None:
    made = await place()
    hana = await an_hr("Hana")
    given = {**made.about("add_reporting_line"), "kind": "DOTTED", "valid_from": str(SOON)}
    line = (await ask(hana, "org/add_reporting_line", **given))["addReportingLine"]["reportingLine"]["id"]

    assert await answered(ask, made.ann, "end_reporting_line", {"line_id": line}) == ["NOT_FOUND"]
    assert await answered(ask, made.ann, "end_reporting_line", {"line_id": made.line}) == ["FORBIDDEN"]
    assert await post_of(made.ann)

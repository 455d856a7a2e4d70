"""What a preview tells is what then happens: of any draft, on any day."""

from __future__ import annotations

import os
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models import db, drafts
from models.drafts import OrgDraft, OrgDraftChange
from models.org import OrgUnit
from models.people import Person
from models.positions import LineKind, on
from resolvers.changes import kinds
from resolvers.changes.kinds import KEEP, OrgChange, stored
from tests import engine
from tests.conftest import Ask
from tests.factories.changes import TODAY, an_hr, events
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_person, a_position, a_unit

Told = tuple[str, str, str | None, str | None]
Snapshot = dict[tuple[str, uuid.UUID, str], set[str | None]]

PEOPLE, UNITS, POSTS = 4, 4, 2
CHANGES = 6  # of a draft at most
EXAMPLES = 400 if os.environ.get("ATRIUM_FUZZ") else 30
SETS = ("HOLDER", "DOTTED", "PROJECT")

pick = st.integers(0, 9)
kept = st.booleans()
Step = tuple[int, int, int, int, bool]
steps = st.lists(st.tuples(st.integers(0, 17), pick, pick, pick, kept), min_size=1, max_size=CHANGES)


@dataclass
class Things:
    """What changes are about; a draft's own units and positions join as it makes them."""

    people: list[uuid.UUID]
    units: list[uuid.UUID]
    posts: list[uuid.UUID]


async def a_company() -> tuple[Person, Things]:
    hana = await an_hr()
    top = await a_unit("Unit 0")
    units = [top, *[await a_unit(f"Unit {i}", parent=top) for i in range(1, UNITS)]]
    people = [await a_person("Person 0", unit=top, title="Post of 0")]
    for i in range(1, PEOPLE):
        people.append(
            await a_person(f"Person {i}", unit=units[i % UNITS], manager=people[i // 2], title=f"Post of {i}")
        )
    posts = [await a_position(f"Free {i}", unit=units[i]) for i in range(POSTS)]
    return hana, Things(*([row.id for row in rows] for rows in (people, units, posts)))


def change(things: Things, step: Step) -> OrgChange:
    """Any change of anything."""
    kind, one, other, third, flag = step
    person, second = (things.people[i % len(things.people)] for i in (one, other))
    unit, into = (things.units[i % len(things.units)] for i in (one, other))
    post = things.posts[third % len(things.posts)]
    above = post if flag else second
    match kind:
        case 0:
            things.people.append(uuid.uuid4())
            return kinds.CreatePerson(
                things.people[-1], f"New {one}", None, None, f"New post {other}", None, into, above
            )
        case 1:
            return kinds.MovePerson(person, into, KEEP if flag else None)
        case 2:
            return kinds.SetManager(person, above)
        case 3:
            return kinds.SetManager(post, person)
        case 4:
            return kinds.Promote(person, f"Title {other}", KEEP if flag else f"{third}")
        case 5:
            return kinds.Leave(person)
        case 6:
            return kinds.Rehire(person, f"Back {other}", None, into, None)
        case 7:
            return kinds.AssignPosition(post, None if flag else person, None)
        case 8:
            return kinds.VacatePosition(post, None if flag else person)
        case 9:
            things.posts.append(uuid.uuid4())
            return kinds.CreatePosition(things.posts[-1], f"Made {other}", None, into, person if flag else None)
        case 10:
            return kinds.EndPosition(post)
        case 11:
            return kinds.AddLine(person, second, LineKind.DOTTED, None)
        case 12:
            things.units.append(uuid.uuid4())
            return kinds.CreateUnit(things.units[-1], f"Made {one}", into, person if flag else None)
        case 13:
            return kinds.RenameUnit(unit, f"Named {other}")
        case 14:
            return kinds.MoveUnit(unit, None if flag else into)
        case 15:
            return kinds.SetHead(unit, second, KEEP if flag else None)
        case 16:
            return kinds.MergeUnits(unit, into)
        case _:
            return kinds.DissolveUnit(unit, into if flag else None)


OF_DAY = f"""
SELECT 'PERSON', person_id, 'NAME', name FROM person_term t WHERE {on("t", "$1")}
UNION ALL SELECT 'ORG_UNIT', unit_id, x.trait, x.value FROM unit_term t,
  LATERAL (VALUES ('NAME', name), ('PARENT', parent_id::text), ('HEAD', head_id::text), ('DEPUTY', deputy_id::text))
  AS x(trait, value) WHERE x.value IS NOT NULL AND {on("t", "$1")}
UNION ALL SELECT 'POSITION', position_id, x.trait, x.value FROM position_term t,
  LATERAL (VALUES ('TITLE', title), ('GRADE', grade), ('UNIT', unit_id::text)) AS x(trait, value)
  WHERE x.value IS NOT NULL AND {on("t", "$1")}
UNION ALL SELECT 'POSITION', position_id, 'HOLDER', coalesce(person_id::text, 'undisclosed') FROM holding t
  WHERE {on("t", "$1")}
UNION ALL SELECT 'POSITION', position_id, kind, manager_id::text FROM reporting_line t WHERE {on("t", "$1")}
"""


async def snapshot(day: date) -> Snapshot:
    """All that is said of everything on a day."""
    found: Snapshot = {}
    for subject, id, trait, value in await db.rows(OF_DAY, day):
        found.setdefault((subject, id, trait), set()).add(value)
    return found


async def happened(before: Snapshot, after: Snapshot, day: date) -> Counter[Told]:
    """What is different, as a preview would say it."""
    pairs: list[tuple[uuid.UUID, str, str | None, str | None]] = []
    for key in before.keys() | after.keys():
        old, new = before.get(key, set()), after.get(key, set())
        if old != new and key[2] in SETS:
            pairs += [(key[1], key[2], value, None) for value in old - new]
            pairs += [(key[1], key[2], None, value) for value in new - old]
        elif old != new:
            pairs.append((key[1], key[2], next(iter(old), None), next(iter(new), None)))
    ids = {id for one, _, *values in pairs for id in (one, *map(as_id, values)) if id}
    names = await drafts.names(list(ids), day)

    def name(value: str | None) -> str | None:
        id = as_id(value)
        return names[id] if id else value

    return Counter((names[one], trait, name(old), name(new)) for one, trait, old, new in pairs)


def as_id(value: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(value or "")
    except ValueError:
        return None


@pytest.mark.fuzz
@given(told=steps, ahead=st.sampled_from([-40, 0, 40]))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_what_is_foretold_happens(ask: Ask, told: list[Step], ahead: int) -> None:
    await engine.empty()
    hana, things = await a_company()
    day = TODAY + timedelta(days=ahead)
    draft = await OrgDraft.create(name="Any", effective_on=day, author_id=hana.id, created_at=NOW)
    for rank, step in enumerate(told):
        wanted = change(things, step)
        await OrgDraftChange.create(draft_id=draft.id, rank=rank, kind=wanted.kind, refs=stored(wanted))
    id, before = global_id(draft), await snapshot(day)

    preview: dict[str, Any] = (await ask(hana, "drafts/org_draft", id=id, first=50))["orgDraft"]["preview"]
    assert await snapshot(day) == before
    assert await events() == []
    applied = await ask(hana, "drafts/apply_org_draft", draft_id=id, accept_headless_units=True)

    conflicts = [one for one in preview["conflicts"] if one["code"] != "HEADLESS_UNIT"]
    after = await snapshot(day)
    assert applied["applyOrgDraft"]["conflicts"] == conflicts
    if conflicts:
        assert after == before
        return
    foretold = Counter((d["subjectName"], d["trait"], d["old"], d["new"]) for d in preview["differences"])
    assert foretold == await happened(before, after, day)
    assert await well_kept() == []


WELL = """
SELECT 'two at a time', t.position_id FROM reporting_line t JOIN reporting_line o
  ON o.position_id = t.position_id AND o.id > t.id AND t.kind = 'SOLID' AND o.kind = 'SOLID'
  AND o.valid_from < t.valid_to AND t.valid_from < o.valid_to
UNION ALL SELECT 'unit gone', t.position_id FROM position_term t WHERE t.unit_id IS NOT NULL AND t.valid_to > $1
  AND NOT EXISTS (SELECT 1 FROM unit_term u WHERE u.unit_id = t.unit_id AND u.valid_to >= t.valid_to)
UNION ALL SELECT 'parent gone', t.unit_id FROM unit_term t WHERE t.parent_id IS NOT NULL AND t.valid_to > $1
  AND NOT EXISTS (SELECT 1 FROM unit_term u WHERE u.unit_id = t.parent_id AND u.valid_to >= t.valid_to)
UNION ALL SELECT 'manager gone', t.position_id FROM reporting_line t WHERE t.kind = 'SOLID' AND t.valid_to > $1
  AND NOT EXISTS (SELECT 1 FROM position_term p WHERE p.position_id = t.manager_id AND p.valid_to >= t.valid_to)
UNION ALL SELECT 'no closure', u.id FROM org_unit u WHERE u.active
  AND NOT EXISTS (SELECT 1 FROM unit_closure c WHERE c.descendant_id = u.id AND c.ancestor_id = u.id)
"""


async def well_kept() -> list[Any]:
    """What is wrong with the chart as a whole, and with today's rows."""
    wrong = [tuple(row) for row in await db.rows(WELL, TODAY)]
    for person in await Person.filter(active=True, is_guest=False):
        if person.position_id is None:
            wrong.append(("without a position", person.id))
    for unit in await OrgUnit.filter(active=True):
        term = await db.row(f"SELECT * FROM unit_term t WHERE t.unit_id = $1 AND {on('t', '$2')}", unit.id, TODAY)
        if term is None or (term["name"], term["parent_id"], term["head_id"]) != (
            unit.name,
            unit.parent_id,
            unit.head_id,
        ):
            wrong.append(("stale", unit.id))
    return wrong

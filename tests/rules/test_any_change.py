"""Whatever happens to people and units, the members of every rule are those whom it means."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models import belonging, db
from models.errors import DomainError
from models.org import OrgUnit
from models.people import Person
from models.rule_terms import Conditions
from models.timeline import ORG
from resolvers.changes import kinds
from resolvers.changes.making import enact
from resolvers.context import Context, Services
from tests import engine
from tests.factories.changes import TODAY
from tests.factories.groups import a_group
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.rules import a_group_rule, a_rule
from tests.rules.naive import meant, stored

PLACES, TITLES, GRADES = ("Bern", "Oslo"), ("Cook", "CHEF", ""), (None, "A", "B")
PEOPLE, UNITS, STEPS = 7, 4, 8
EXAMPLES = 150 if os.environ.get("ATRIUM_FUZZ") else 10
HIRED = (date(2019, 1, 1), date(2020, 1, 1), date(2022, 1, 1), TODAY)


@dataclass(frozen=True)
class Said:
    """Conditions of which units and people are numbers."""

    words: Conditions
    units: list[int]
    people: list[int]
    except_units: list[int]
    except_people: list[int]


@dataclass(frozen=True)
class Step:
    """What happens, to whom and where: numbers, which mean somebody and something that there is."""

    what: str
    one: int
    other: int


few = st.lists(st.integers(0, PEOPLE - 1), max_size=2, unique=True)
of_units = st.lists(st.integers(0, UNITS - 1), max_size=2, unique=True)
words = st.builds(
    Conditions,
    locations=st.sampled_from([(), (), *((one,) for one in PLACES)]),
    titles=st.sampled_from([(), (), ("cook",), ("Chef", "COOK")]),
    grades=st.sampled_from([(), (), ("A",), ("A", "B")]),
    is_manager=st.sampled_from([None, None, True, False]),
    hired_from=st.sampled_from([None, None, *HIRED]),
    hired_before=st.sampled_from([None, None, *HIRED]),
    except_locations=st.sampled_from([(), (), (), ("Oslo",)]),
    except_titles=st.sampled_from([(), (), (), ("cook",)]),
    except_grades=st.sampled_from([(), (), (), ("B",)]),
)
rules = st.builds(Said, words, of_units, few, of_units, few)
numbers = st.integers(0, 99)
WHAT = ("move", "promote", "manage", "manage", "leave", "rehire", "join", "nest", "relocate", "vacate", "dissolve")
steps = st.builds(Step, st.sampled_from(WHAT), numbers, numbers)


@pytest.mark.fuzz
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(given=st.lists(rules, min_size=3, max_size=5), done=st.lists(steps, min_size=STEPS, max_size=STEPS))
async def test_members_are_whom_the_rule_means(services: Services, given: list[Said], done: list[Step]) -> None:
    await engine.empty()
    ctx = Context(services, viewer=None)
    made = [rule async for rule in founded(ctx, given)]
    await agree(ctx, made)

    for step in done:
        with contextlib.suppress(DomainError):
            await act(ctx, step)
        await agree(ctx, made)


async def founded(ctx: Context, given: list[Said]) -> AsyncIterator[tuple[uuid.UUID, Conditions]]:
    """A company with rules of these conditions, the last of them a group's; what each says."""
    units: list[OrgUnit] = []
    for number in range(UNITS):
        units.append(await a_unit(f"U{number}", parent=units[number // 2] if number > 1 else None))
    people: list[Person] = []
    for number in range(PEOPLE):
        more: dict[str, Any] = {"title": TITLES[number % 3], "grade": GRADES[number % 3], "since": HIRED[number % 3]}
        manager = people[number // 3] if number > 2 else None
        place = {"location": PLACES[number % 2], "unit": units[number % UNITS]}
        people.append(await a_person(f"P{number}", manager=manager, **place, **more))
    guest = await a_guest(location=PLACES[0])
    group = await a_group(owner=guest)
    for number, said in enumerate(given):
        conditions = replace(
            said.words,
            units=tuple(units[n].id for n in said.units),
            people=tuple(people[n].id for n in said.people),
            except_units=tuple(units[n].id for n in said.except_units),
            except_people=tuple(people[n].id for n in said.except_people),
        )
        is_last = number == len(given) - 1
        rule = await (a_group_rule(group, conditions) if is_last else a_rule("R", conditions=conditions))
        yield rule.id, conditions
    async with ctx.transaction(ORG):
        everybody = [one.id for one in await Person.all()]
        await belonging.follow(everybody, ctx.today(), ctx.now(), placed=everybody)


async def act(ctx: Context, step: Step) -> None:
    """One change, as of today. Raises `DomainError` where it cannot be."""
    people, units = await Person.filter(is_guest=False).order_by("id"), await OrgUnit.filter(active=True).order_by("id")
    one, other = people[step.one % len(people)], people[step.other % len(people)]
    unit, beside = units[step.one % len(units)], units[step.other % len(units)]
    changes: dict[str, kinds.OrgChange] = {
        "move": kinds.MovePerson(one.id, beside.id),
        "promote": kinds.Promote(one.id, TITLES[step.other % 3], GRADES[step.other % 2]),
        "manage": kinds.SetManager(one.id, other.id if step.other % 4 else None),
        "leave": kinds.Leave(one.id),
        "rehire": kinds.Rehire(one.id, TITLES[step.other % 3], GRADES[step.other % 3], beside.id),
        "join": kinds.CreatePerson(uuid.uuid4(), "New", title=TITLES[step.one % 3], unit=unit.id, manager=other.id),
        "nest": kinds.MoveUnit(unit.id, beside.id if step.other % 3 else None),
        "dissolve": kinds.DissolveUnit(unit.id, beside.id),
    }
    if step.what == "vacate" and one.position_id:
        # Somebody takes another post: those who report to the one that is left report to the next one up.
        post = kinds.CreatePosition(uuid.uuid4(), unit=unit.id, manager=other.id)
        await enact(ctx, post, ctx.today())
        await enact(ctx, kinds.AssignPosition(post.id, one.id), ctx.today())
        await enact(ctx, kinds.VacatePosition(one.position_id, one.id), ctx.today())
    elif step.what == "relocate":
        async with ctx.transaction(ORG):
            await Person.filter(id=one.id).update(location=PLACES[step.other % 2])
            await belonging.follow([one.id], ctx.today(), ctx.now(), placed=[one.id])
    elif step.what in changes:
        await enact(ctx, changes[step.what], ctx.today())


async def agree(ctx: Context, made: list[tuple[uuid.UUID, Conditions]]) -> None:
    """Each rule's audience holds those whom it means and nobody else; of a group also who was let in by hand."""
    company = await stored(ctx.today())
    for id, said in made:
        found = {row[0] for row in await db.rows("SELECT person_id FROM audience_member WHERE audience_id = $1", id)}
        by_hand = "SELECT person_id FROM membership WHERE group_id = $1 AND status = 'MEMBER' AND source <> 'RULE'"
        kept = {row[0] for row in await db.rows(by_hand, id)}

        assert found == meant(company, said) | kept, said

"""Evidence: who learns who has acknowledged, and the table to keep."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from models import audiences
from models.feed import Post
from models.groups import Visibility
from models.people import Person
from models.profiles import BuiltIn, FieldVisibility
from models.session import Role
from tests.conftest import Ask
from tests.factories.circles import a_circle
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_person, a_unit
from tests.factories.profiles import a_rule
from tests.factories.readings import a_must_read, an_acknowledgement
from tests.factories.session import a_role
from tests.readings.test_requiring import a_communicator

AT = "2026-03-01T08:00:00Z"


async def evidence(ask: Ask, who: Person, post: Post, **more: Any) -> dict[str, Any]:
    asked = {"ids": [global_id(post)], "first": 20, **more}
    [node] = (await ask(who, "readings/reading_evidence", **asked))["nodes"]
    return node["mustRead"]


def names(reading: dict[str, Any]) -> list[str]:
    return [node["person"]["name"] for node in reading["evidence"]["nodes"]]


async def table(ask: Ask, who: Person, post: Post) -> str | None:
    return (await ask(who, "readings/reading_evidence_csv", id=global_id(post)))["node"]["mustRead"]["evidenceCsv"]


async def test_everybody_of_the_audience_is_listed_and_who_has_left_it(ask: Ask) -> None:
    own, ann, bob, cleo = [await a_person(name) for name in ("Own", "Ann", "Bob", "Cleo")]
    circle = await a_circle(own, ann, bob, cleo)
    post = await a_post(author=own, audience=circle.id)
    await a_must_read(post, by=own, round=2)
    for person, round in ((ann, 1), (ann, 2), (bob, 1), (cleo, 2)):
        await an_acknowledgement(post, person, round)
    await audiences.add(circle.id, [(await a_person("Dan")).id], listed=False)
    await audiences.remove(circle.id, [cleo.id])

    reading = await evidence(ask, own, post)

    def row(person: Person, round: int | None, **told: bool) -> dict[str, Any]:
        shown = {"id": global_id(person), "name": person.name}
        return {"person": shown, "acknowledgedAt": AT if round else None, "round": round, **told}

    dan = await Person.get(name="Dan")
    assert reading["evidence"]["nodes"] == [
        row(ann, 2, isCurrent=True, isInAudience=True),
        row(bob, 1, isCurrent=False, isInAudience=True),
        row(cleo, 2, isCurrent=True, isInAudience=False),
        row(dan, None, isCurrent=False, isInAudience=True),
    ]
    assert (reading["acknowledgedCount"], reading["audienceCount"]) == (1, 3)
    assert reading["evidence"]["totalCount"] == 4
    assert names(await evidence(ask, own, post, is_acknowledged=False)) == ["Bob", "Dan"]
    assert names(await evidence(ask, own, post, is_acknowledged=True)) == ["Ann", "Cleo"]


async def test_it_is_read_in_pages(ask: Ask) -> None:
    cem = await a_communicator()
    post = await a_post(author=cem)
    await a_must_read(post, by=cem)
    for i in range(5):
        await a_person(f"Dan {i}")

    first = await evidence(ask, cem, post, first=3)
    second = await evidence(ask, cem, post, first=3, after=first["evidence"]["pageInfo"]["endCursor"])

    assert names(first) + names(second) == [f"Dan {i}" for i in range(5)]
    assert not second["evidence"]["pageInfo"]["hasNextPage"]


async def test_author_requirer_communicators_hr_and_heads_of_it_learn_of_all(ask: Ask) -> None:
    unit = await a_unit()
    people = {name: await a_person(name, unit=unit) for name in ("Author", "Requirer", "Head", "Hr", "Plain")}
    unit.head_id = people["Head"].id
    await unit.save()
    await a_role(people["Hr"], Role.HR)
    cem = await a_person("Communicator", unit=unit)
    await a_role(cem, Role.COMMUNICATOR, unit)
    post = await a_post(author=people["Author"], audience=unit.id)
    await a_must_read(post, by=people["Requirer"])

    for name in ("Author", "Requirer", "Head", "Hr"):
        reading = await evidence(ask, people[name], post)
        assert (reading["audienceCount"], reading["evidence"]["totalCount"]) == (5, 5), name
    assert (await evidence(ask, cem, post))["audienceCount"] == 5
    plain = await evidence(ask, people["Plain"], post)
    assert (plain["audienceCount"], plain["acknowledgedCount"], plain["evidence"]["totalCount"]) == (None, None, 0)
    assert await table(ask, people["Plain"], post) is None


async def test_a_role_without_sight_learns_nothing(ask: Ask) -> None:
    own, adam = await a_person("Own"), await a_person("Adam")
    for role in (Role.ADMIN, Role.HR, Role.COMMUNICATOR):
        await a_role(adam, role)
    post = await a_post(author=own, audience=(await a_circle(own, visibility=Visibility.SECRET)).id)
    await a_must_read(post, by=own)

    assert (await ask(adam, "readings/reading_evidence", ids=[global_id(post)], first=5))["nodes"] == [None]


async def test_a_manager_learns_of_whom_they_lead_alone(ask: Ask) -> None:
    cem, mia = await a_communicator(), await a_person("Mia")
    ann = await a_person("Ann", manager=mia)
    below = await a_person("Below", manager=ann)
    await a_person("Elsewhere")
    post = await a_post(author=cem)
    await a_must_read(post, by=cem)
    await an_acknowledgement(post, below)

    reading = await evidence(ask, mia, post)

    assert names(reading) == ["Ann", "Below"]
    assert reading["evidence"]["totalCount"] == 2
    assert names(await evidence(ask, mia, post, is_acknowledged=False)) == ["Ann"]
    assert (reading["audienceCount"], reading["acknowledgedCount"]) == (None, None)
    assert await table(ask, mia, post) is None


async def test_the_head_of_a_unit_learns_of_their_unit_where_the_audience_is_wider(ask: Ask) -> None:
    cem, hal = await a_communicator(), await a_person("Hal")
    unit = await a_unit(head=hal)
    below = await a_unit(parent=unit)
    await a_person("In", unit=unit)
    await a_person("Below", unit=below)
    await a_person("Out")
    post = await a_post(author=cem)
    await a_must_read(post, by=cem)

    assert names(await evidence(ask, hal, post)) == ["Below", "In"]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", " =1"])
async def test_no_cell_is_a_formula(ask: Ask, name: str) -> None:
    cem = await a_communicator()
    await a_person(name, unit=await a_unit(f"={name}"), email="x@company.example")
    post = await a_post(author=cem)
    await a_must_read(post, by=cem)

    told = await table(ask, cem, post)

    [_, row] = csv.reader(io.StringIO(told))
    assert row[0] == f"'{name}" and row[2] == f"'={name}"


async def test_the_table_says_who_when_and_of_which_text(ask: Ask) -> None:
    cem, unit = await a_communicator(), await a_unit("Research, Bern")
    ann = await a_person('Ann "A" Lee', unit=unit, email="ann@company.example")
    await a_person("Bob", email="bob@company.example")
    post = await a_post(author=cem)
    await a_must_read(post, by=cem)
    await an_acknowledgement(post, ann, at=NOW)

    told = await table(ask, cem, post)

    assert told is not None
    assert list(csv.reader(io.StringIO(told))) == [
        ["name", "email", "unit", "acknowledged_at", "round", "is_current", "is_in_audience"],
        ['Ann "A" Lee', "ann@company.example", "Research, Bern", "2026-03-01T08:00:00+00:00", "1", "True", "True"],
        ["Bob", "bob@company.example", "", "", "", "False", "True"],
    ]


async def test_an_address_that_is_hidden_from_the_asker_is_not_in_the_table(ask: Ask) -> None:
    cem = await a_communicator()
    await a_person("Ann", email="ann@company.example")
    await a_rule(BuiltIn.EMAIL, FieldVisibility.HR)
    post = await a_post(author=cem)
    await a_must_read(post, by=cem)

    told = await table(ask, cem, post)

    assert told is not None and "Ann" in told and "ann@" not in told


async def test_tables_are_made_one_at_a_time(ask: Ask) -> None:
    cem = await a_communicator()
    for _ in range(2):
        await a_must_read(await a_post(author=cem), by=cem)

    answer = await ask.text(cem, "{ feed { nodes { mustRead { evidenceCsv } } } }")

    assert {error["extensions"]["code"] for error in answer.errors} == {"BAD_USER_INPUT"}

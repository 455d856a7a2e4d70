"""Who is near the viewer, and who can be reached now."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models.people import Person
from models.skills import SkillLevel
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.experts.asking import experts, scores
from tests.factories.chat import a_conversation
from tests.factories.people import a_person, a_unit
from tests.factories.skills import a_person_skill, a_skill


async def skilled(*people: Person) -> None:
    rust = await a_skill("Rust")
    for person in people:
        await a_person_skill(person, rust)


async def test_those_who_are_near_come_before_those_who_know_as_much(ask: Ask) -> None:
    company = await a_unit("Company")
    research, sales = await a_unit("Research", parent=company), await a_unit("Sales", parent=company)
    lab, desk = await a_unit("Lab", parent=research), await a_unit("Desk", parent=research)
    boss = await a_person("Boss", unit=company)
    lead = await a_person("Lead", unit=research, manager=boss)
    head = await a_person("Head", unit=lab, manager=lead)
    ann = await a_person("Ann", unit=lab, manager=head)
    peer = await a_person("Peer", unit=desk, manager=head)
    mate = await a_person("Mate", unit=lab)
    near = await a_person("Near", unit=desk)
    far = await a_person("Afar", unit=sales)
    await skilled(far, near, mate, peer, head, lead)

    found = {name: reasons.get("CLOSENESS") for name, reasons in (await experts(ask, ann, "rust")).items()}

    assert found == {
        "Head": "Is your manager.",
        "Peer": "Has the same manager as you.",
        "Mate": "Is in your unit, Lab.",
        "Lead": "Stands above you in your line.",
        "Near": "Is in Research, as you are.",
        "Afar": None,
    }


async def test_one_who_reports_to_the_viewer_is_near(ask: Ask) -> None:
    ann = await a_person("Ann")
    await skilled(await a_person("Bob", manager=ann))

    assert (await experts(ask, ann, "rust"))["Bob"]["CLOSENESS"] == "Reports to you."


async def test_nearness_never_outweighs_what_somebody_knows(ask: Ask) -> None:
    boss = await a_person("Boss")
    hours: dict[str, Any] = {"works_from": "00:00", "works_to": "23:59", "time_zone": "UTC"}
    ann, near = [await a_person(name, manager=boss, location="Bern", **hours) for name in ("Ann", "Near")]
    far = await a_person("Afar")
    rust = await a_skill("Rust")
    await a_person_skill(near, rust)
    await a_person_skill(far, rust, SkillLevel.EXPERT)

    found = await scores(ask, ann, "rust")

    assert list(found) == ["Afar", "Near"]


@pytest.mark.parametrize(
    ("zone", "start", "end", "is_at_work"),
    [
        ("UTC", "09:00", "17:00", True),
        ("UTC", "09:31", "17:00", False),
        ("UTC", "08:00", "09:30", False),
        ("America/New_York", "09:00", "17:00", False),
        ("Asia/Tokyo", "09:00", "18:31", True),
        ("UTC", "22:00", "10:00", True),
        (None, "09:00", "17:00", False),
        ("UTC", None, None, False),
    ],
)
async def test_working_hours_are_those_of_their_zone(
    ask: Ask, clock: TurnedClock, zone: str | None, start: str | None, end: str | None, is_at_work: bool
) -> None:
    clock.turn(minutes=30)  # half past nine, UTC
    ann = await a_person("Ann")
    await skilled(await a_person("Bob", time_zone=zone, works_from=start, works_to=end))

    assert ("AVAILABILITY" in (await experts(ask, ann, "rust"))["Bob"]) is is_at_work


async def test_being_here_is_told_to_those_one_talks_with(ask: Ask) -> None:
    ann, bob, cem, dan = [await a_person(name) for name in ("Ann", "Bob", "Cem", "Dan")]
    dan.shows_presence = False
    await dan.save(update_fields=["shows_presence"])
    await a_conversation(ann, bob, dan)
    await skilled(bob, cem, dan)
    async with ask.services.presence.running():
        for person in (bob, cem, dan):
            ask.services.presence.arrive(person.id)
        await asyncio.sleep(0)

        found = await experts(ask, ann, "rust")

    assert found["Bob"]["AVAILABILITY"] == "Is here now."
    assert [name for name, reasons in found.items() if "AVAILABILITY" in reasons] == ["Bob"]

"""Having a skill: said by oneself or HR, by any of its names, once, and at the last level."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models.log import LoggedEvent
from models.people import Person
from models.session import Role
from models.skills import SKILLS_MAX, PersonSkill, Skill, SkillLevel
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.session import a_role
from tests.factories.skills import a_person_skill, a_skill, an_endorsement


async def add(ask: Ask, who: Any, of: Person, skill: str, **more: Any) -> dict[str, Any]:
    return (await ask(who, "skills/add_skill", person_id=global_id(of), skill=skill, **more))["addSkill"]


async def remove(ask: Ask, who: Any, of: Person, skill: Skill) -> dict[str, Any]:
    variables = {"person_id": global_id(of), "skill_id": global_id(skill)}
    return (await ask(who, "skills/remove_skill", **variables))["removeSkill"]


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


def held(payload: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(one["skill"]["name"], one["level"]) for one in payload["person"]["skills"]["nodes"]]


async def test_a_new_name_begins_a_skill(ask: Ask) -> None:
    ann = await a_person("Ann")

    payload = await add(ask, ann, ann, " Rust ", level="ADVANCED")

    assert payload["errors"] == []
    assert held(payload) == [("Rust", "ADVANCED")]
    assert (await Skill.get()).name == "Rust"
    assert [e.kind for e in await LoggedEvent.all().order_by("id")] == ["SkillAdded", "PersonSkillsChanged"]


@pytest.mark.parametrize("written", ["Rust", "  rust ", "RUST", "rust-lang"])
async def test_a_known_name_leads_to_its_skill(ask: Ask, written: str) -> None:
    ann, skill = await a_person("Ann"), await a_skill("Rust", "Rust-lang")

    payload = await add(ask, ann, ann, written)

    assert held(payload) == [("Rust", None)]
    assert (await Skill.get()).id == skill.id


async def test_signs_make_three_skills(ask: Ask) -> None:
    ann = await a_person("Ann")

    for name in ("C", "C#", "C++", "c#"):
        payload = await add(ask, ann, ann, name)

    assert held(payload) == [("C", None), ("C#", None), ("C++", None)]


async def test_again_sets_the_level_and_without_one_leaves_it(ask: Ask) -> None:
    ann = await a_person("Ann")
    await add(ask, ann, ann, "Rust", level="BEGINNER")

    better = await add(ask, ann, ann, "rust", level="EXPERT")
    same = await add(ask, ann, ann, "Rust")

    assert held(better) == held(same) == [("Rust", "EXPERT")]
    assert await PersonSkill.all().count() == 1
    assert await LoggedEvent.filter(kind="PersonSkillsChanged").count() == 2


async def test_oneself_and_hr_say_so(ask: Ask) -> None:
    unit, elsewhere = await a_unit(), await a_unit()
    ann, bob = await a_person("Ann", unit=unit), await a_person("Bob", unit=unit)
    hr, far = await a_person("Hal"), await a_person("Hugo")
    await a_role(hr, Role.HR, unit)
    await a_role(far, Role.HR, elsewhere)

    assert [codes(await add(ask, who, ann, f"by {who.name}")) for who in (ann, hr)] == [[], []]
    assert [codes(await add(ask, who, ann, f"by {who.name}")) for who in (bob, far)] == [["FORBIDDEN"]] * 2
    assert {skill.name for skill in await Skill.all()} == {"by Ann", "by Hal"}


async def test_who_is_not_seen_is_not_found(ask: Ask) -> None:
    ann, gil, skill = await a_person("Ann"), await a_guest("Gil"), await a_skill()

    assert codes(await add(ask, gil, ann, "Rust")) == ["NOT_FOUND"]
    assert codes(await remove(ask, gil, ann, skill)) == ["NOT_FOUND"]


async def test_who_has_left_learns_nothing_more(ask: Ask) -> None:
    hr, lea = await a_person("Hal"), await a_person("Lea", active=False)
    await a_role(hr, Role.HR)

    assert codes(await add(ask, hr, lea, "Rust")) == ["FORBIDDEN"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "\u200b", "´", "ﷺ" * 20])
async def test_a_name_that_cannot_be_is_refused(ask: Ask, name: str) -> None:
    ann = await a_person("Ann")

    payload = await add(ask, ann, ann, name)

    assert codes(payload) == ["BAD_USER_INPUT"]
    assert payload["errors"][0]["path"] == ["input", "skill"]
    assert not await Skill.exists()


async def test_a_hundred_skills_are_the_most(ask: Ask) -> None:
    ann = await a_person("Ann")
    for i in range(SKILLS_MAX - 1):
        await a_person_skill(ann, await a_skill(f"Skill {i}"))
    viewer = (await ask.context(ann)).viewer

    payloads = await asyncio.gather(*(add(ask, viewer, ann, f"New {i}") for i in range(5)))

    assert sorted(codes(payload) for payload in payloads) == [[]] + [["BAD_USER_INPUT"]] * 4
    assert await PersonSkill.filter(person_id=ann.id).count() == SKILLS_MAX
    assert await Skill.filter(name__startswith="New").count() == 1, "what was refused begins no skill"
    assert codes(await add(ask, viewer, ann, "Skill 1", level="EXPERT")) == [], "a level can still be set"


async def test_many_who_begin_a_skill_at_once_begin_one(ask: Ask) -> None:
    people = [await a_person(f"Ann {i}") for i in range(10)]
    viewers = [(await ask.context(one)).viewer for one in people]

    payloads = await asyncio.gather(*(add(ask, v, p, "Rust") for v, p in zip(viewers, people, strict=True)))

    assert [codes(payload) for payload in payloads] == [[]] * 10
    assert await Skill.all().count() == 1
    assert await PersonSkill.all().count() == 10


async def test_removing_takes_the_endorsements_and_may_be_repeated(ask: Ask) -> None:
    ann, bob, skill = await a_person("Ann"), await a_person("Bob"), await a_skill()
    await an_endorsement(await a_person_skill(ann, skill), bob)

    assert held(await remove(ask, ann, ann, skill)) == []
    assert held(await remove(ask, ann, ann, skill)) == []

    assert held(await add(ask, ann, ann, "Rust")) == [("Rust", None)]
    data = await ask(ann, "skills/person_skills", id=global_id(ann))
    assert data["person"]["skills"]["nodes"][0]["endorsementCount"] == 0
    assert await LoggedEvent.filter(kind="PersonSkillsChanged").count() == 2


async def test_a_skill_that_is_not_there_cannot_be_removed(ask: Ask) -> None:
    ann = await a_person("Ann")
    skill = await a_skill()
    await skill.delete()

    payload = await remove(ask, ann, ann, skill)

    assert codes(payload) == ["NOT_FOUND"]
    assert payload["errors"][0]["path"] == ["input", "skillId"]


async def test_skills_come_best_first_then_by_name_in_pages(ask: Ask) -> None:
    ann = await a_person("Ann")
    levels = [SkillLevel.BEGINNER, SkillLevel.EXPERT, None, SkillLevel.EXPERT, SkillLevel.ADVANCED]
    for name, level in zip(["Ada", "Zig", "Bash", "elixir", "Émacs"], levels, strict=True):
        await a_person_skill(ann, await a_skill(name), level)

    pages: list[dict[str, Any]] = []
    for _ in range(3):
        after = pages[-1]["pageInfo"]["endCursor"] if pages else None
        data = await ask(ann, "skills/person_skills", id=global_id(ann), first=2, after=after)
        pages.append(data["person"]["skills"])

    names = [one["skill"]["name"] for page in pages for one in page["nodes"]]
    assert names == ["elixir", "Zig", "Émacs", "Ada", "Bash"]
    assert pages[-1]["totalCount"] == 5 and not pages[-1]["pageInfo"]["hasNextPage"]

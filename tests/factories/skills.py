"""Skills of people, and what is endorsed of them, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.people import Person
from models.skills import Endorsement, PersonSkill, Skill, SkillLevel, SkillSynonym, skill_key
from tests.factories.ids import global_id
from tests.factories.outsiders import STRANGERS
from tests.factories.people import NOW

if TYPE_CHECKING:
    from tests.leaks.ground import Ground


async def a_skill(name: str = "Rust", *synonyms: str) -> Skill:
    """A skill of the catalogue."""
    skill = await Skill.create(name=name, key=skill_key(name), created_at=NOW)
    for synonym in synonyms:
        await SkillSynonym.create(skill_id=skill.id, name=synonym, key=skill_key(synonym))
    return skill


async def a_person_skill(person: Person, skill: Skill, level: SkillLevel | None = None) -> PersonSkill:
    """A skill that a person has."""
    return await PersonSkill.create(person_id=person.id, skill_id=skill.id, level=level, created_at=NOW)


async def an_endorsement(skill: PersonSkill, by: Person) -> Endorsement:
    """Somebody agrees that a person has a skill."""
    return await Endorsement.create(person_skill_id=skill.id, endorser_id=by.id, created_at=NOW)


async def settle(ground: Ground) -> None:
    """What an insider can do: the company may know, and nobody from outside."""
    skill = await a_skill(ground.word("skill", STRANGERS), ground.word("synonym", STRANGERS))
    held = await a_person_skill(ground.ida, skill, SkillLevel.EXPERT)
    await an_endorsement(held, ground.ivan)
    for row in (skill, held):
        ground.hide(global_id(row), STRANGERS)

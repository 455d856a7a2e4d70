"""What the operations of skills, follows and blocks need before they can be run."""

from __future__ import annotations

from models.people import Person
from models.skills import PersonSkill, Skill
from tests.factories.follows import a_block, a_follow
from tests.factories.ids import global_id
from tests.factories.session import as_viewer
from tests.factories.skills import a_person_skill, a_skill, an_endorsement
from tests.factories.tags import a_tag, tagged
from tests.statements.arranged import Arranged, Company, arranges, hr


@arranges("skills/add_skill")
async def a_named_skill(company: Company) -> Arranged:
    await _skilled(company)
    return Arranged(company.viewer, {"person_id": global_id(company.ann), "skill": "Zen", "level": "EXPERT"})


@arranges("skills/remove_skill")
async def a_skill_too_many(company: Company) -> Arranged:
    skill = (await _skilled(company))[0]
    return Arranged(company.viewer, {"person_id": global_id(company.ann), "skill_id": global_id(skill)})


@arranges("skills/endorse_skill", "skills/withdraw_endorsement")
async def a_skill_of_anns(company: Company) -> Arranged:
    skill = (await _skilled(company))[0]
    bea = await as_viewer(await Person.get(name="Bea"), company.services.clock.now())
    return Arranged(bea, {"person_id": global_id(company.ann), "skill_id": global_id(skill)})


@arranges("skills/person_skills")
async def skills_of_ann(company: Company) -> Arranged:
    await _skilled(company)
    return Arranged(company.viewer, {"id": global_id(company.ann), "first": company.size})


@arranges("skills/endorsers")
async def endorsers(company: Company) -> Arranged:
    skill = (await _skilled(company))[0]
    held = await PersonSkill.get(person_id=company.ann.id, skill_id=skill.id)
    return Arranged(company.viewer, {"id": global_id(held), "first": company.size})


@arranges("skills/skill")
async def a_skill_page(company: Company) -> Arranged:
    skill = (await _skilled(company))[0]
    return Arranged(company.viewer, {"id": global_id(skill), "first": company.size})


@arranges("skills/skills")
async def the_catalogue(company: Company) -> Arranged:
    await _skilled(company)
    return Arranged(company.viewer, {"text": "skill", "first": company.size})


@arranges("experts/experts", "experts/expert_pages")
async def who_knows_a_skill(company: Company) -> Arranged:
    skill, *_ = await _skilled(company)
    held = await PersonSkill.filter(skill_id=skill.id)
    for one in held:
        await an_endorsement(one, await Person.get(name="Bea"))
    tag = await a_tag(skill.name)
    for post in company.posts:
        await tagged(post, tag)
    return Arranged(company.viewer, {"topic": skill.name, "first": company.size})


@arranges("experts/set_expert_suggestions")
async def no_suggestions(company: Company) -> Arranged:
    return Arranged(company.viewer, {"is_suggested": False})


@arranges("skills/rename_skill", "skills/add_skill_synonym")
async def a_new_name(company: Company) -> Arranged:
    skill, *_ = await _skilled(company)
    return Arranged(await hr(company), {"skill_id": global_id(skill), "name": "New"})


@arranges("skills/remove_skill_synonym")
async def an_old_name(company: Company) -> Arranged:
    skill, *_ = await _skilled(company)
    return Arranged(await hr(company), {"skill_id": global_id(skill), "name": "Also 00"})


@arranges("skills/merge_skills")
async def two_skills(company: Company) -> Arranged:
    one, other, *_ = await _skilled(company)
    return Arranged(await hr(company), {"skill_id": global_id(one), "into_id": global_id(other)})


@arranges("follows/follow_person")
async def whom_to_follow(company: Company) -> Arranged:
    return Arranged(company.viewer, {"person_id": global_id(company.people[0]), "follow": True})


@arranges("follows/block_person")
async def whom_to_block(company: Company) -> Arranged:
    return Arranged(company.viewer, {"person_id": global_id(company.people[0]), "block": True})


@arranges("follows/following", "follows/blocked_people")
async def whom_ann_follows_and_blocks(company: Company) -> Arranged:
    for person in company.people:
        await a_follow(company.ann, person)
        await a_block(company.ann, person)
    return Arranged(company.viewer, {"first": company.size})


async def _skilled(company: Company) -> list[Skill]:
    """As many skills as the company is large; Ann has all of them, everybody the first, and all endorse Ann's."""
    skills = [await a_skill(f"Skill {i:02}", f"Also {i:02}") for i in range(company.size)]
    for skill in skills:
        held = await a_person_skill(company.ann, skill)
        for person in company.people:
            await an_endorsement(held, person)
    for person in company.people:
        await a_person_skill(person, skills[0])
    return skills

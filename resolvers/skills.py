"""Skills of people: who has which, how well, and who agrees."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import asyncpg

from auth.conditions import Params
from auth.policies import skills as policy
from auth.scope import readable, scope
from execution.loaders import Loader
from execution.paging import Order
from execution.rows import read
from execution.wanted import Wanted
from models import db
from models import skills as table
from models.errors import Conflict, Forbidden, Invalid, NotFound
from models.people import Person
from models.skills import CATALOGUE, KEY_MAX, SKILL_MAX, SKILLS_MAX, Endorsement, PersonSkill, Skill, SkillLevel
from models.text import clean_line
from resolvers import lists
from resolvers.blocks import person, refuse_blocked
from resolvers.context import Context
from resolvers.lists import Link, PageArgs, Pages, child
from resolvers.people import BY_NAME
from subscriptions.events import person_stream
from subscriptions.skills import EndorsementWithdrawn, PersonSkillsChanged, SkillAdded, SkillEndorsed

_BEST_FIRST = "array_position(ARRAY['EXPERT', 'ADVANCED', 'INTERMEDIATE', 'BEGINNER'], {}.level::text)"
_RANK = f"coalesce({_BEST_FIRST}, 5) AS level_rank"
BEST_SKILLS = Order("skills:level", (_RANK, "(SELECT s.key FROM skill s WHERE s.id = {}.skill_id) AS skill_key", "id"))
BEST_PEOPLE = Order(
    "skilled:level", (_RANK, "(SELECT lower(p.name) FROM person p WHERE p.id = {}.person_id) AS name_key", "id")
)
OF_THE_ACTIVE = "EXISTS (SELECT 1 FROM person p WHERE p.id = r.person_id AND p.active)"

MINE = "SELECT person_skill_id FROM endorsement WHERE person_skill_id = ANY($1::uuid[]) AND endorser_id = $2"
SKILL = tuple(Skill._meta.fields_db_projection.values())  # pyright: ignore[reportPrivateUsage]  # Tortoise offers it nowhere else
WHICH = f"SELECT ROW({', '.join(f's.{column}' for column in SKILL)}) FROM skill s WHERE s.id = r.skill_id"
ENDORSED = """SELECT count(*) FROM endorsement x JOIN person e ON e.id = x.endorser_id
    WHERE x.person_skill_id = r.id AND {readable}"""
OF_PERSON = child("person_id")
ENDORSERS = Link("r.id IN (SELECT e.endorser_id FROM endorsement e WHERE e.person_skill_id = parent.id)")


async def add_skill(ctx: Context, person_id: uuid.UUID, name: str, level: SkillLevel | None) -> Any:
    """Say that somebody has a skill, by any of its names; a new name begins a new skill. The person.

    A skill that they have gets the level, where one is given. Raises `NotFound`, `Forbidden`, `Invalid` or `Conflict`.
    """
    name = skill_name(name, ["skill"])
    found = await person(ctx, person_id)
    await ctx.ensure(policy.can_change, found, "change this person's skills")
    is_known = bool(await table.named([name]))
    async with ctx.transaction(person_stream(person_id), *([] if is_known else [CATALOGUE])):
        await table.share_catalogue()
        known = await table.named([name])
        if is_known and not known:
            raise Conflict("The skill was renamed at this very moment. Try again.", ["skill"])
        held = await PersonSkill.filter(person_id=person_id).only("id", "skill_id", "level")
        skill = next(iter(known.values()), None)
        mine = next((one for one in held if one.skill_id == skill), None)
        if mine is None:
            if len(held) >= SKILLS_MAX:
                raise Invalid(f"A person has at most {SKILLS_MAX} skills. Remove one first.", ["skill"])
            skill = skill or await _begin(ctx, name)
            await PersonSkill.create(person_id=person_id, skill_id=skill, level=level, created_at=ctx.now())
            ctx.emit(PersonSkillsChanged(person_id))
        elif level is not None and level != mine.level:
            await PersonSkill.filter(id=mine.id).update(level=level)
            ctx.emit(PersonSkillsChanged(person_id))
    return await ctx.loaders["people"].load(person_id)


async def remove_skill(ctx: Context, person_id: uuid.UUID, skill_id: uuid.UUID) -> Any:
    """Take a skill, and what was endorsed of it, from somebody; also where they do not have it. The person.

    Raises `NotFound` or `Forbidden`.
    """
    found = await person(ctx, person_id)
    await ctx.ensure(policy.can_change, found, "change this person's skills")
    async with ctx.transaction(person_stream(person_id)):
        await table.share_catalogue()
        if await PersonSkill.filter(person_id=person_id, skill_id=skill_id).delete():
            ctx.emit(PersonSkillsChanged(person_id))
        elif not await Skill.filter(id=skill_id).exists():
            raise NotFound(path=["skillId"])
    return await ctx.loaders["people"].load(person_id)


async def endorse_skill(ctx: Context, person_id: uuid.UUID, skill_id: uuid.UUID) -> Any:
    """Agree that somebody has a skill; twice is once. The person's skill.

    Whoever is blocked by the person hears what one hears of a skill that is not there. Raises `NotFound` or
    `Forbidden`.
    """
    me = ctx.me.person_id
    found = await person(ctx, person_id)
    if person_id == me:
        raise Forbidden("Nobody endorses a skill of their own. Ask somebody who has seen you at work.", ["personId"])
    await ctx.ensure(policy.can_endorse, found, "endorse this person's skills")
    async with ctx.transaction(person_stream(person_id)):
        await table.share_catalogue()
        held = await _held(ctx, person_id, skill_id)
        await refuse_blocked(ctx, person_id, "skillId")
        if await table.endorse(held.id, me, ctx.now()):
            ctx.emit(SkillEndorsed(person_id, skill_id, me))
    return await ctx.loaders["person_skills"].load(held.id)


async def withdraw_endorsement(ctx: Context, person_id: uuid.UUID, skill_id: uuid.UUID) -> Any:
    """No longer endorse a skill of somebody's, also where one did not. The person's skill. Raises `NotFound`."""
    me = ctx.me.person_id
    found = await person(ctx, person_id)
    await ctx.ensure(policy.can_withdraw, found, "withdraw an endorsement")
    async with ctx.transaction(person_stream(person_id)):
        await table.share_catalogue()
        held = await _held(ctx, person_id, skill_id)
        if await Endorsement.filter(person_skill_id=held.id, endorser_id=me).delete():
            ctx.emit(EndorsementWithdrawn(person_id, skill_id, me))
    return await ctx.loaders["person_skills"].load(held.id)


def skill_name(name: str, path: Sequence[str]) -> str:
    """A skill's name as it is stored. Raises `Invalid`."""
    cleaned = clean_line(name, most=SKILL_MAX, path=path, what="The name of a skill")
    if not 0 < len(table.skill_key(cleaned)) <= KEY_MAX:
        raise Invalid("The name of a skill needs letters, figures or signs, and none that stand for many.", path)
    return cleaned


class SkillsOf(Pages):
    """Pages of what people know, with what each skill is and how many endorse it: no screen shows less."""

    def only(self, wanted: Wanted) -> Loader[Any, Any, Any]:
        return self

    def beside(self, params: Params) -> str:
        endorsed = ENDORSED.format(readable=readable(Person, self.ctx.me, params, "e"))
        return f", ({WHICH}) AS _skill, ({endorsed}) AS _endorsements"

    def learn(self, rows: Sequence[asyncpg.Record]) -> None:
        skills, counts = self.ctx.loaders["skills_of_people"], self.ctx.loaders["endorsement_counts"]
        for row in rows:
            skills.prime(row["skill_id"], {**dict(zip(SKILL, row["_skill"], strict=True)), "_type": "Skill"})
            counts.prime(row["id"], row["_endorsements"])


def skills_of(ctx: Context, args: PageArgs) -> Pages:
    """The loader of pages of people's skills, the best known first."""
    made = ctx.loaders.own((SkillsOf, args), lambda c: SkillsOf(c, PersonSkill, OF_PERSON, BEST_SKILLS, args))
    assert isinstance(made, Pages)
    return made


def people_of(ctx: Context, skill: Any, args: PageArgs) -> Any:
    """A page of the active people with a skill, those who know it best first."""
    pages = lists.pages(ctx, PersonSkill, "skill_id", BEST_PEOPLE, args, where=OF_THE_ACTIVE)
    return pages.load(read(skill, "id"))


def endorsers_of(ctx: Context, skill: Any, args: PageArgs) -> Any:
    """A page of those who endorse a person's skill, by name; they are told of also when they have left."""
    return lists.pages(ctx, Person, ENDORSERS, BY_NAME, args).load(read(skill, "id"))


async def endorsed_by_viewer(ctx: Context, skills: Sequence[Any]) -> list[bool]:
    """Whether the viewer endorses each of these skills of people."""
    ids = [read(skill, "id") for skill in skills]
    mine = {row[0] for row in await db.rows(MINE, ids, ctx.me.person_id)}
    return [id in mine for id in ids]


async def endorsable(ctx: Context, skills: Sequence[Any]) -> list[bool]:
    """Whether the viewer may endorse each of these skills of people, blocks aside: they are nobody's business."""
    people = await ctx.loaders["people"].load_many([read(skill, "person_id") for skill in skills])
    seen = [one for one in people if one is not None]
    may = dict(zip((read(one, "id") for one in seen), await ctx.holds(policy.can_endorse, seen), strict=True))
    return [may.get(read(skill, "person_id"), False) for skill in skills]


async def _held(ctx: Context, person_id: uuid.UUID, skill_id: uuid.UUID) -> PersonSkill:
    found = await scope(PersonSkill, ctx.me).get_or_none(person_id=person_id, skill_id=skill_id)
    if found is None:
        raise NotFound(path=["skillId"])
    return found


async def _begin(ctx: Context, name: str) -> uuid.UUID:
    """A new skill of the catalogue; its lock is held."""
    new = await Skill.create(name=name, key=table.skill_key(name), created_at=ctx.now())
    ctx.emit(SkillAdded(new.id, name))
    return new.id

"""The catalogue of skills: found by name, and kept in order by HR."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import asyncpg

from auth.policies import skills as policy
from auth.scope import scope
from execution.paging import Order, Page
from execution.rows import read
from models import db
from models import skills as table
from models.errors import Conflict, Invalid, NotFound
from models.skills import CATALOGUE, SYNONYMS_MAX, MergedSkill, Skill, SkillSynonym, skill_key
from models.text import storable, too_long
from resolvers import lists
from resolvers.context import Context
from resolvers.lists import PageArgs
from resolvers.skills import skill_name
from subscriptions.skills import (
    PersonSkillsRenamed,
    SkillChanged,
    SkillMerged,
    SkillRenamed,
    SkillSynonymAdded,
    SkillSynonymRemoved,
)

TEXT_MAX = 100  # characters to look for
BY_NAME = Order("catalogue:name", ("key", "id"))

# Skills in whose name or synonyms the text stands.
WITH = """position($1 IN r.key) > 0
OR EXISTS (SELECT 1 FROM skill_synonym y WHERE y.skill_id = r.id AND position($1 IN y.key) > 0)
"""


async def skill(ctx: Context, id: uuid.UUID | None) -> asyncpg.Record | None:
    """A skill, or the one that it has become part of; None for those who see no catalogue."""
    ctx.reach("people:read")
    if id is None:
        return None
    found = await ctx.loaders["skills"].load(id)
    merged = None if found else await MergedSkill.get_or_none(id=id)
    return await ctx.loaders["skills"].load(merged.skill_id) if merged else found


async def skills(ctx: Context, text: str | None, args: PageArgs) -> Page:
    """The catalogue by name, as far as `text` stands in a name or synonym. Raises `Invalid`."""
    ctx.reach("people:read")
    wanted = _folded(text or "")
    if not wanted:
        return await lists.page(ctx, Skill, BY_NAME, args)
    return await lists.page(ctx, Skill, BY_NAME, args, where=WITH, params=[wanted])


async def rename_skill(
    ctx: Context, id: uuid.UUID, name: str, *, keep_old_name: bool, expected_version: int | None
) -> Skill:
    """Call a skill otherwise. Raises `NotFound`, `Forbidden`, `Conflict` or `Invalid`.

    What people have endorsed under the old name is withdrawn, for they have not said it of the new one: unless that
    differs in case, accents or spaces only, or was a synonym already.
    """
    name = skill_name(name, ["name"])
    await _mine(ctx, id)
    async with ctx.transaction(CATALOGUE):
        kept = await _kept(ctx, id, "skillId")
        if expected_version is not None and expected_version != kept.version:
            raise Conflict(
                f"The skill is at version {kept.version}, not {expected_version}. Read it again.",
                ["expectedVersion"],
                current=kept,
            )
        old, key = kept.name, skill_key(name)
        if name == old:
            return kept
        owner = await _free(name, id, ["name"])
        if key != kept.key:
            await SkillSynonym.filter(skill_id=id, key=key).delete()
            if owner is None:
                await table.withdraw_all(id)
        if keep_old_name and key != kept.key:
            await _add_synonym(id, old, ["keepOldName"])
        kept.name, kept.key = name, key
        await _touch(ctx, kept)
        ctx.emit(SkillRenamed(id, old, name))
    return kept


async def add_synonym(ctx: Context, id: uuid.UUID, name: str) -> Skill:
    """Let a name mean a skill, also where it does already. Raises `NotFound`, `Forbidden` or `Invalid`."""
    name = skill_name(name, ["name"])
    await _mine(ctx, id)
    async with ctx.transaction(CATALOGUE):
        kept = await _kept(ctx, id, "skillId")
        if await _free(name, id, ["name"]) is None:
            await _add_synonym(id, name, ["name"])
            await _touch(ctx, kept)
            ctx.emit(SkillSynonymAdded(id, name))
    return kept


async def remove_synonym(ctx: Context, id: uuid.UUID, name: str) -> Skill:
    """Let a name no longer mean a skill, also where it does not. Raises `NotFound`, `Forbidden` or `Invalid`."""
    name = skill_name(name, ["name"])
    await _mine(ctx, id)
    async with ctx.transaction(CATALOGUE):
        kept = await _kept(ctx, id, "skillId")
        synonym = await SkillSynonym.get_or_none(skill_id=id, key=skill_key(name))
        if synonym is not None:
            await synonym.delete()
            await _touch(ctx, kept)
            ctx.emit(SkillSynonymRemoved(id, synonym.name))
    return kept


async def merge_skills(ctx: Context, id: uuid.UUID, into: uuid.UUID) -> Skill:
    """Make a skill part of another one, which takes over its people, endorsements and names; once done, it stays done.

    Who has both keeps the better level. Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    await _mine(ctx, into, "intoId")
    async with ctx.transaction(CATALOGUE):
        kept = await _kept(ctx, into, "intoId")
        if await MergedSkill.filter(id=id, skill_id=into).exists():
            return kept
        gone = await _kept(ctx, id, "skillId")
        if id == into:
            raise Invalid("A skill cannot be merged into itself. Choose another one.", ["intoId"])
        if await SkillSynonym.filter(skill_id__in=[id, into]).count() >= SYNONYMS_MAX:
            raise Invalid(f"Together they have more than {SYNONYMS_MAX} synonyms. Remove some first.", ["skillId"])
        await table.merge(id, into, ctx.now())
        await _add_synonym(into, gone.name, ["skillId"])
        await _touch(ctx, kept)
        ctx.emit(SkillMerged(into, id, gone.name, kept.name))
    return kept


async def synonyms(ctx: Context, skills: Sequence[Any]) -> list[list[str]]:
    """The other names of each skill, in alphabetical order."""
    ids = [read(one, "id") for one in skills]
    found: dict[uuid.UUID, list[str]] = {id: [] for id in ids}
    for row in await db.rows("SELECT skill_id, name FROM skill_synonym WHERE skill_id = ANY($1) ORDER BY key", ids):
        found[row["skill_id"]].append(row["name"])
    return [found[id] for id in ids]


async def keepable(ctx: Context, skills: Sequence[Any]) -> list[bool]:
    """Whether the viewer may change each skill."""
    return await ctx.holds(policy.can_keep, skills)


def _folded(text: str) -> str:
    storable(text, path=["text"], what="The text to look for")
    if len(text) > TEXT_MAX:
        raise Invalid(too_long("The text to look for", len(text), TEXT_MAX), ["text"])
    return skill_key(text)


async def _mine(ctx: Context, id: uuid.UUID, argument: str = "skillId") -> None:
    """Refuse whoever may not keep this skill, before any lock is taken."""
    await ctx.ensure(policy.can_keep, await _kept(ctx, id, argument), "change the catalogue of skills")


async def _kept(ctx: Context, id: uuid.UUID, argument: str) -> Skill:
    found = await scope(Skill, ctx.me).get_or_none(id=id)
    if found is None:
        raise NotFound(path=[argument])
    return found


async def _free(name: str, id: uuid.UUID, path: Sequence[str]) -> uuid.UUID | None:
    """Whether the name means this skill already (its id) or none (None). Raises `Invalid` where it means another."""
    owner = (await table.named([name])).get(skill_key(name))
    if owner not in (None, id):
        taken = await Skill.get(id=owner)
        raise Invalid(f"“{name}” is a name of the skill “{taken.name}” already. Merge the two instead.", path)
    return owner


async def _add_synonym(id: uuid.UUID, name: str, path: Sequence[str]) -> None:
    if await SkillSynonym.filter(skill_id=id).count() >= SYNONYMS_MAX:
        raise Invalid(f"A skill has at most {SYNONYMS_MAX} synonyms. Remove one first.", path)
    await SkillSynonym.create(skill_id=id, name=name, key=skill_key(name))


async def _touch(ctx: Context, skill: Skill) -> None:
    """Store a skill as changed, and tell: the company of the skill, the index of all who have it."""
    skill.version += 1
    await skill.save(update_fields=["name", "key", "version"])
    ctx.emit(SkillChanged(skill.id))
    kind = PersonSkillsRenamed.__name__
    await table.tell_of_people(skill.id, kind=kind, stream=CATALOGUE, actor=ctx.me.person_id, now=ctx.now())

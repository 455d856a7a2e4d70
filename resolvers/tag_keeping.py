"""Tags kept in order for the company: named, described, ruled and merged. What is kept is known to all of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from auth.policies import tags as policy
from models import tags as table
from models.errors import Invalid, NotFound
from models.tags import TAG_DESCRIPTION_MAX, TAG_SYNONYMS_MAX, TAGS, MergedTag, Tag, TagSynonym, tag_key
from models.text import clean_optional
from resolvers.client_ids import expect
from resolvers.context import Context
from resolvers.tags import tag_name, visible_tag
from subscriptions.tags import TagChanged, TagMerged, TagRenamed, TagRuled, TagSynonymAdded, TagSynonymRemoved


async def rename_tag(ctx: Context, id: uuid.UUID, name: str, *, expected_version: int | None) -> Tag:
    """Call a tag otherwise; its old name becomes a synonym, so that links lead on.

    Raises `NotFound`, `Forbidden`, `Conflict` or `Invalid`.
    """
    name = tag_name(name, ["name"])
    await _mine(ctx, id)
    async with ctx.transaction(TAGS):
        kept = await _kept(id, "tagId")
        expect(kept, expected_version)
        old, key = kept.name, tag_key(name)
        if name == old:
            return kept
        await _free(ctx, name, id)
        if key != kept.key:
            await TagSynonym.filter(tag_id=id, key=key).delete()
            await _add_synonym(id, old, ["name"])
        kept.name, kept.key = name, key
        await _touch(ctx, kept)
        ctx.emit(TagRenamed(id, old, name))
    return kept


async def update_tag(
    ctx: Context,
    id: uuid.UUID,
    *,
    description: str | None,
    restricted: bool | None,
    priority: bool | None,
    expected_version: int | None,
) -> Tag:
    """Say what a tag is for, who puts it on posts and whether it lifts them; None: stays.

    Raises `NotFound`, `Forbidden`, `Conflict` or `Invalid`.
    """
    if description is not None:
        description = clean_optional(
            description, most=TAG_DESCRIPTION_MAX, path=["description"], what="The description"
        )
    await _mine(ctx, id)
    async with ctx.transaction(TAGS):
        kept = await _kept(id, "tagId")
        expect(kept, expected_version)
        before = kept.description, kept.restricted, kept.priority
        kept.description = before[0] if description is None else description
        kept.restricted = before[1] if restricted is None else restricted
        kept.priority = before[2] if priority is None else priority
        if (kept.description, kept.restricted, kept.priority) != before:
            await _touch(ctx, kept)
            ctx.emit(TagRuled(id, int(kept.restricted), int(kept.priority)))
    return kept


async def add_synonym(ctx: Context, id: uuid.UUID, name: str) -> Tag:
    """Let a name mean a tag, also where it does already. Raises `NotFound`, `Forbidden` or `Invalid`."""
    name = tag_name(name, ["name"])
    await _mine(ctx, id)
    async with ctx.transaction(TAGS):
        kept = await _kept(id, "tagId")
        if await _free(ctx, name, id) is None:
            await _add_synonym(id, name, ["name"])
            await _touch(ctx, kept)
            ctx.emit(TagSynonymAdded(id, name))
    return kept


async def remove_synonym(ctx: Context, id: uuid.UUID, name: str) -> Tag:
    """Let a name no longer mean a tag, also where it does not. Raises `NotFound`, `Forbidden` or `Invalid`."""
    name = tag_name(name, ["name"])
    await _mine(ctx, id)
    async with ctx.transaction(TAGS):
        kept = await _kept(id, "tagId")
        synonym = await TagSynonym.get_or_none(tag_id=id, key=tag_key(name))
        if synonym is not None:
            await synonym.delete()
            await _touch(ctx, kept)
            ctx.emit(TagSynonymRemoved(id, synonym.name))
    return kept


async def merge_tags(ctx: Context, id: uuid.UUID, into: uuid.UUID) -> Tag:
    """Make a tag part of another one, which takes over its posts, followers and names; once done, it stays done.

    Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    await _mine(ctx, into, "intoId")
    await _mine(ctx, id)
    async with ctx.transaction(TAGS):
        kept = await _kept(into, "intoId")
        if await MergedTag.filter(id=id, tag_id=into).exists():
            return kept
        gone = await _kept(id, "tagId")
        if id == into:
            raise Invalid("A tag cannot be merged into itself. Choose another one.", ["intoId"])
        if await TagSynonym.filter(tag_id__in=[id, into]).count() >= TAG_SYNONYMS_MAX:
            raise Invalid(f"Together they have more than {TAG_SYNONYMS_MAX} synonyms. Remove some first.", ["tagId"])
        await table.merge(id, into, ctx.now())
        await _add_synonym(into, gone.name, ["tagId"])
        await _touch(ctx, kept)
        ctx.emit(TagMerged(into, id, gone.name, kept.name))
    return kept


async def keepable(ctx: Context, tags: Sequence[Any]) -> list[bool]:
    """Whether the viewer may change each tag."""
    return await ctx.holds(policy.can_keep, tags)


async def _mine(ctx: Context, id: uuid.UUID, argument: str = "tagId") -> None:
    """Refuse whoever may not keep this tag, before any lock is taken."""
    await ctx.ensure(policy.can_keep, await visible_tag(ctx, id, argument), "change tags")


async def _kept(id: uuid.UUID, argument: str) -> Tag:
    found = await Tag.get_or_none(id=id)
    if found is None:
        raise NotFound(path=[argument])
    return found


async def _free(ctx: Context, name: str, id: uuid.UUID) -> uuid.UUID | None:
    """Whether the name means this tag already (its id) or none (None). Raises `Invalid` where it means another.

    One that is used only where the viewer cannot see it becomes part of this one: a refusal would tell of it.
    """
    key = tag_key(name)
    owner = (await table.named([key])).get(key)
    if owner is None or owner["id"] == id:
        return owner["id"] if owner else None
    if await ctx.loaders["tags"].load(owner["id"]):
        raise Invalid(f"“{name}” is a name of another tag. Merge the two instead.", ["name"])
    await table.merge(owner["id"], id, ctx.now())
    return None


async def _add_synonym(id: uuid.UUID, name: str, path: Sequence[str]) -> None:
    if await TagSynonym.filter(tag_id=id).count() >= TAG_SYNONYMS_MAX:
        raise Invalid(f"A tag has at most {TAG_SYNONYMS_MAX} synonyms. Remove one first.", path)
    await TagSynonym.create(tag_id=id, name=name, key=tag_key(name))


async def _touch(ctx: Context, tag: Tag) -> None:
    """Store a tag as changed and kept, and tell the company."""
    tag.version += 1
    tag.kept = True
    await tag.save(update_fields=["name", "key", "description", "restricted", "priority", "kept", "version"])
    ctx.emit(TagChanged(tag.id))

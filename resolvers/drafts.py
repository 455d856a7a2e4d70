"""Re-org drafts: changes that are gathered, tried as often as one likes, and made together on one day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tortoise.exceptions import IntegrityError

from auth.policies import drafts as policy
from auth.scope import scope
from execution.paging import Order, Page
from execution.rows import read
from models import db
from models import drafts as table
from models.drafts import CHANGES_MAX, DRAFT_NAME_MAX, DraftStatus, OrgDraft, OrgDraftChange
from models.errors import Conflict, ErrorCode, Forbidden, Invalid, NotFound
from models.log import lock_stream
from models.people import Person
from models.text import clean_line
from models.timeline import ORG
from resolvers import lists
from resolvers.changes.accounts import ADMINS
from resolvers.changes.effects import take_effect
from resolvers.changes.kinds import OrgChange, restored, stored
from resolvers.changes.ledger import Difference
from resolvers.changes.making import check_day, made_id, tell
from resolvers.changes.rehearsal import CONFLICTS_MAX, Obstacle, Rehearsal, affected, rehearse
from resolvers.context import Context
from resolvers.lists import PageArgs
from resolvers.people import BY_NAME

NEWEST = Order("org_drafts", ("created_at", "id"), "DESC")
BY_RANK = Order("org_draft_changes", ("rank", "id"))
DIFFERENCES_MAX = 1_000  # shown of one preview


@dataclass(frozen=True)
class DraftConflict:
    """Why a draft cannot be applied; `change` is at fault, or all of them together where it is None."""

    code: ErrorCode
    message: str
    path: tuple[str, ...]
    change: OrgDraftChange | None


@dataclass(frozen=True)
class Preview:
    """What would come of applying a draft now. `names` has those of all that the differences tell of."""

    day: date
    differences: list[Difference]
    conflicts: list[DraftConflict]
    people: list[uuid.UUID]
    names: dict[uuid.UUID, str]


class Unfit(Conflict):
    """A draft that cannot be applied, and why."""

    def __init__(self, conflicts: Sequence[DraftConflict]) -> None:
        count = len(conflicts)
        super().__init__(
            f"The draft has {count} conflict{'s' if count > 1 else ''}. Nothing was changed: mend them first."
        )
        self.conflicts = list(conflicts)


class _Undone(Exception):
    """Takes a rehearsal back."""


async def drafts(ctx: Context, status: DraftStatus | None, args: PageArgs) -> Page:
    """The drafts, newest first."""
    ctx.reach("org:read")
    where, params = ("TRUE", []) if status is None else ("r.status = $1", [status.value])
    return await lists.page(ctx, OrgDraft, NEWEST, args, where=where, params=params)


async def create_draft(ctx: Context, name: str, effective_on: date, client_id: str | None) -> uuid.UUID:
    """Begin a draft; the same `client_id` of the same person again is the same draft. Raises `Invalid`, `Forbidden`."""
    _plan(ctx)
    draft = OrgDraft(
        id=made_id(ctx, "OrgDraft", client_id),
        name=_name(name),
        effective_on=check_day(ctx, effective_on, "effectiveOn"),
        author_id=ctx.me.person_id,
        created_at=ctx.now(),
    )
    async with ctx.transaction():
        await _once(draft, client_id)
    return draft.id


async def update_draft(
    ctx: Context, id: uuid.UUID, *, name: str | None, effective_on: date | None, expected_version: int | None
) -> None:
    """Rename a draft, or have it take effect on another day. Raises `NotFound`, `Forbidden`, `Conflict`, `Invalid`."""
    async with ctx.transaction():
        draft = await _open(ctx, id, expected_version)
        draft.name = draft.name if name is None else _name(name)
        draft.effective_on = draft.effective_on if effective_on is None else check_day(ctx, effective_on, "effectiveOn")
        await _save(draft, "name", "effective_on")


async def add_change(
    ctx: Context, id: uuid.UUID, change: OrgChange, *, client_id: str | None, expected_version: int | None
) -> OrgDraftChange:
    """Put a change behind those of a draft. The same `client_id` of the same person again is the same change.

    Raises `NotFound`, `Forbidden`, `Conflict` or `Invalid`.
    """
    own = made_id(ctx, f"OrgDraftChange:{id}", client_id)
    async with ctx.transaction():
        if earlier := await scope(OrgDraftChange, ctx.me).get_or_none(id=own):
            return earlier
        draft = await _open(ctx, id, expected_version)
        rank, count = await table.next_rank(id)
        if count >= CHANGES_MAX:
            raise Invalid(f"A draft has at most {CHANGES_MAX} changes. Apply it, and begin another one.", ["change"])
        added = await OrgDraftChange.create(id=own, draft_id=id, rank=rank, kind=change.kind, refs=stored(change))
        await _save(draft)
    return added


async def remove_change(ctx: Context, id: uuid.UUID, *, expected_version: int | None) -> uuid.UUID:
    """Take a change out of its draft, whose id is given. Raises `NotFound`, `Forbidden` or `Conflict`."""
    found = await scope(OrgDraftChange, ctx.me).get_or_none(id=id)
    if found is None:
        raise NotFound(path=["changeId"])
    async with ctx.transaction():
        draft = await _open(ctx, found.draft_id, expected_version)
        await OrgDraftChange.filter(id=id).delete()
        await _save(draft)
    return draft.id


async def withdraw_draft(ctx: Context, id: uuid.UUID, *, expected_version: int | None) -> None:
    """Give a draft up; one that was given up stays so. Raises `NotFound`, `Forbidden` or `Conflict`."""
    async with ctx.transaction():
        if (await _draft(ctx, id)).status == DraftStatus.WITHDRAWN:
            return
        draft = await _open(ctx, id, expected_version)
        draft.status = DraftStatus.WITHDRAWN
        await _save(draft, "status")


async def apply_draft(
    ctx: Context, id: uuid.UUID, *, accept_headless_units: bool, expected_version: int | None
) -> None:
    """Make all changes of a draft from its day on, or none; one that was applied stays so.

    Raises `Unfit` where they do not fit, `NotFound`, `Forbidden` or `Conflict`.
    """
    if not await scope(OrgDraft, ctx.me).filter(id=id).exists():  # before anybody has to wait for us
        raise NotFound(path=["draftId"])
    async with ctx.transaction(ORG, ADMINS):
        if (await _draft(ctx, id)).status == DraftStatus.APPLIED:
            return
        draft = await _open(ctx, id, expected_version)
        changes = await _changes(id)
        done = await _rehearse(ctx, draft, changes)
        conflicts = _conflicts(done, changes)
        if accept_headless_units:
            conflicts = [one for one in conflicts if one.code != ErrorCode.HEADLESS_UNIT]
        if conflicts:
            raise Unfit(conflicts)
        await take_effect(ctx, done.ledger)
        for change, ledger in done.made:
            tell(ctx, change, ledger)
        draft.status, draft.applied_at = DraftStatus.APPLIED, ctx.now()
        await _save(draft, "status", "applied_at")


async def previews(ctx: Context, drafts: Sequence[Any]) -> list[Preview | None]:
    """What would come of a draft, None once it is applied or withdrawn. Raises `Invalid` for several at a time."""
    if len(drafts) > 1:
        raise Invalid("Preview one draft at a time: nobody changes the org chart meanwhile.", ["preview"])
    [draft] = drafts
    return [await _preview(ctx, draft) if read(draft, "status") == DraftStatus.DRAFT else None]


async def people_affected(ctx: Context, preview: Preview, args: PageArgs) -> Page:
    """The people whom a draft concerns, by name."""
    return await lists.page(ctx, Person, BY_NAME, args, where="r.id = ANY($1::uuid[])", params=[preview.people])


async def _preview(ctx: Context, draft: Any) -> Preview:
    changes = await _changes(read(draft, "id"))
    found: list[Preview] = []
    try:
        # Not the context's transaction: nothing of this is to last, and other fields are answered at the same time.
        async with db.transaction():
            for stream in sorted((ORG, ADMINS)):
                await lock_stream(stream)
            done = await _rehearse(ctx, draft, changes)
            found.append(await _seen(done, changes))
            raise _Undone
    except _Undone:
        return found[0]


async def _rehearse(ctx: Context, draft: Any, changes: Sequence[OrgDraftChange]) -> Rehearsal:
    day: date = read(draft, "effective_on")
    return await rehearse([restored(change.kind, change.refs) for change in changes], day, ctx.now())


async def _seen(done: Rehearsal, changes: Sequence[OrgDraftChange]) -> Preview:
    differences = done.ledger.net()[:DIFFERENCES_MAX]
    named = {id for one in differences for id in (one.id, *map(_key, (one.old, one.new))) if id}
    names = await table.names(list(named), done.ledger.day)
    return Preview(done.ledger.day, differences, _conflicts(done, changes), await affected(done), names)


def _conflicts(done: Rehearsal, changes: Sequence[OrgDraftChange]) -> list[DraftConflict]:
    def conflict(found: Obstacle) -> DraftConflict:
        if found.index is None:
            return DraftConflict(found.code, found.message, found.path, None)
        path = ("changes", str(found.index), *found.path)
        return DraftConflict(found.code, found.message, path, changes[found.index])

    return [conflict(found) for found in done.obstacles[:CONFLICTS_MAX]]


def _key(value: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(value or "")
    except ValueError:
        return None


async def _changes(draft: uuid.UUID) -> list[OrgDraftChange]:
    return await OrgDraftChange.filter(draft_id=draft).order_by("rank", "id")


async def _draft(ctx: Context, id: uuid.UUID) -> OrgDraft:
    """A draft that the viewer may see, its row held for the transaction."""
    found = await scope(OrgDraft, ctx.me).filter(id=id).select_for_update().first()
    if found is None:
        raise NotFound(path=["draftId"])
    return found


async def _open(ctx: Context, id: uuid.UUID, expected_version: int | None) -> OrgDraft:
    """A draft that the viewer may change. Raises `NotFound`, `Forbidden` or `Conflict`."""
    draft = await _draft(ctx, id)
    await ctx.ensure(policy.can_edit, draft, "change this draft")
    if draft.status != DraftStatus.DRAFT:
        raise Conflict(
            f"The draft is {draft.status.value.lower()} already. Begin another one.", ["draftId"], current=draft
        )
    if expected_version is not None and expected_version != draft.version:
        message = (
            f"Somebody has changed this in the meantime: it is at version {draft.version}, not {expected_version}."
            " Read it again."
        )
        raise Conflict(message, ["expectedVersion"], current=draft)
    return draft


async def _save(draft: OrgDraft, *fields: str) -> None:
    draft.version += 1
    await draft.save(update_fields=[*fields, "version"])


async def _once(draft: OrgDraft, client_id: str | None) -> None:
    """Store a draft, unless the same request has stored it before."""
    try:
        async with db.transaction():
            await draft.save(force_create=True)
    except IntegrityError:
        if client_id is None:
            raise


def _plan(ctx: Context) -> None:
    """Raise `Forbidden` for whoever may not plan."""
    if not policy.can_edit.test(ctx.me, {}, ctx.facts):
        raise Forbidden("You may not plan changes: it takes HR or ADMIN for the whole company.")


def _name(name: str) -> str:
    return clean_line(name, most=DRAFT_NAME_MAX, path=["name"], what="The draft's name")

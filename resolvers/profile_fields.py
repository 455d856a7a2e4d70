"""Which fields profiles have: a company's own, and how it governs those that every profile has. For HR."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from auth.policies import profiles as policy
from auth.scope import scope
from models import profiles as table
from models.errors import Conflict, Invalid, NotFound, Path
from models.profiles import (
    BUILT_IN_KEYS,
    CHOICE_MAX,
    CHOICES_MAX,
    FIELD_NAME_MAX,
    FIELDS_MAX,
    OF_HR,
    SEARCHED,
    BuiltIn,
    FieldKind,
    FieldVisibility,
    ProfileField,
)
from models.text import clean_line, line_key
from resolvers.context import Context
from resolvers.sight import definitions
from subscriptions.profiles import FIELDS, ProfileFieldChanged, ProfileUncovered, Said

WHAT = "change which fields profiles have"
RANK_MAX = 1_000_000
AUDITED = ("name", "kind", "choices", "visibility", "is_required", "is_locked", "rank", "deleted_at")
WORDS = (FieldKind.TEXT, FieldKind.CHOICE)


@dataclass(frozen=True)
class FieldRules:
    """What may be said of a field; None stays as it is, or where it is made anew takes the default."""

    name: str | None = None
    choices: Sequence[str] | None = None
    visibility: FieldVisibility | None = None
    required: bool | None = None
    locked: bool | None = None
    rank: int | None = None

    def given(self) -> dict[str, Any]:
        """By column. Raises `Invalid`."""
        columns: dict[str, Any] = {
            "visibility": self.visibility,
            "is_required": self.required,
            "is_locked": self.locked,
            "rank": None if self.rank is None else _rank(self.rank),
        }
        if self.name is not None:
            columns |= _name(self.name)
        if self.choices is not None:
            columns["choices"] = _choices(self.choices)
        return {column: value for column, value in columns.items() if value is not None}


async def profile_fields(ctx: Context, *, deleted: bool) -> list[asyncpg.Record]:
    """The definitions that the viewer may know of, by rank; deleted ones only with `deleted`, and only for HR."""
    ctx.reach("people:read")
    rows = (await definitions(ctx)).rows
    held = await ctx.holds(policy.readable_fields, rows)
    return [row for row, may in zip(rows, held, strict=True) if may and (deleted or row["deleted_at"] is None)]


async def create_profile_field(ctx: Context, kind: FieldKind, rules: FieldRules) -> ProfileField:
    """Add a field to everybody's profile. Raises `Forbidden`, `Invalid`, or `Conflict` for a name that is taken."""
    await ctx.ensure(policy.can_keep_fields, None, WHAT)
    given = rules.given()
    async with ctx.transaction(FIELDS):
        if await ProfileField.all().count() >= FIELDS_MAX:
            raise Invalid(f"There are {FIELDS_MAX} fields, deleted ones among them. Purge one first.", [])
        await _refuse_taken(given["key"])
        new = ProfileField(kind=kind, created_at=ctx.now(), **given)
        _check(new)
        await new.save(force_create=True)
        ctx.emit(ProfileFieldChanged(new.id, None, _told(new)))
    return new


async def govern_built_in_field(
    ctx: Context, field: BuiltIn, rules: FieldRules, *, expected_version: int | None
) -> ProfileField:
    """Say who sees a field that every profile has, and who writes it. Raises `Forbidden`, `Conflict` or `Invalid`."""
    await ctx.ensure(policy.can_keep_fields, None, WHAT)
    async with ctx.transaction(FIELDS):
        row = await ProfileField.select_for_update().get_or_none(builtin=field.value)
        old = _told(row) if row else None
        if row is None:
            name, key = field.label, f"built-in {field.value}"
            row = ProfileField(
                name=name, key=key, kind=FieldKind.TEXT, builtin=field.value, version=0, created_at=ctx.now()
            )
            row.is_locked = field in OF_HR
        _expect(row, expected_version)
        before = row.visibility if old else FieldVisibility.PUBLIC
        await _save(ctx, row, rules.given(), old)
        if field in SEARCHED:
            await _uncover(ctx, field, before, row.visibility)
    return row


async def update_profile_field(
    ctx: Context, id: uuid.UUID, rules: FieldRules, *, force: bool, expected_version: int | None
) -> ProfileField:
    """Change a definition; never its kind. Raises `NotFound`, `Forbidden`, `Conflict` or `Invalid`.

    A choice that somebody has chosen is taken away only with `force`; it stays with them until they choose anew.
    """
    await _keeper(ctx, id)
    given = rules.given()
    async with ctx.transaction(FIELDS):
        row = await _locked(ctx, id)
        _expect(row, expected_version)
        if row.deleted_at is not None:
            raise Invalid("This field is deleted. Restore it first.", ["fieldId"])
        if "key" in given and given["key"] != row.key:
            await _refuse_taken(given["key"])
        if "choices" in given and not force:
            await _refuse_in_use(row, set(row.choices) - set(given["choices"]))
        before = row.visibility
        await _save(ctx, row, given, _told(row))
        if _has_words(row):
            await _uncover(ctx, _of(row), before, row.visibility)
    return row


async def delete_profile_field(ctx: Context, id: uuid.UUID) -> ProfileField:
    """Take a field out of everybody's profile; what it says is kept until it is purged. Twice is as once."""
    return await _put_away(ctx, id, away=True)


async def restore_profile_field(ctx: Context, id: uuid.UUID) -> ProfileField:
    """Bring a deleted field back, with all that it said."""
    return await _put_away(ctx, id, away=False)


async def purge_profile_field(ctx: Context, id: uuid.UUID) -> uuid.UUID:
    """Remove a deleted field and all that it says, for good. Raises `NotFound`, `Forbidden` or `Invalid`."""
    await _keeper(ctx, id)
    async with ctx.transaction(FIELDS):
        row = await _locked(ctx, id)
        if row.deleted_at is None:
            raise Invalid("Delete the field first: purging cannot be undone.", ["fieldId"])
        await row.delete()
        ctx.emit(ProfileFieldChanged(id, _told(row), None))
    return id


async def _put_away(ctx: Context, id: uuid.UUID, *, away: bool) -> ProfileField:
    await _keeper(ctx, id)
    async with ctx.transaction(FIELDS):
        row = await _locked(ctx, id)
        if row.builtin:
            raise Invalid("Every profile has this field. Govern who sees it instead.", ["fieldId"])
        if (row.deleted_at is not None) == away:
            return row
        await _save(ctx, row, {"deleted_at": ctx.now() if away else None}, _told(row))
        if _has_words(row):
            hidden = FieldVisibility.SELF
            await _uncover(ctx, row.id, *((row.visibility, hidden) if away else (hidden, row.visibility)))
    return row


async def _keeper(ctx: Context, id: uuid.UUID) -> None:
    """Raise `NotFound` for a definition that the viewer may not know of, `Forbidden` where they may not change it."""
    if not await scope(ProfileField, ctx.me).filter(id=id).exists():
        raise NotFound(path=["fieldId"])
    await ctx.ensure(policy.can_keep_fields, None, WHAT)


async def _locked(ctx: Context, id: uuid.UUID) -> ProfileField:
    row = await scope(ProfileField, ctx.me).select_for_update().get_or_none(id=id)
    if row is None:
        raise NotFound(path=["fieldId"])
    return row


async def _save(ctx: Context, row: ProfileField, given: Mapping[str, Any], old: Said | None) -> None:
    for column, value in given.items():
        setattr(row, column, value)
    _check(row)
    row.version += 1
    await row.save(force_create=old is None)
    ctx.emit(ProfileFieldChanged(row.id, old, _told(row)))


async def _uncover(ctx: Context, field: BuiltIn | uuid.UUID, before: FieldVisibility, after: FieldVisibility) -> None:
    """Have the documents made anew of all whose public words become more or fewer."""
    if (before is FieldVisibility.PUBLIC) != (after is FieldVisibility.PUBLIC):
        kind = ProfileUncovered.__name__
        await table.tell_of_all(field, kind=kind, stream=FIELDS, actor=ctx.me.person_id, now=ctx.now())


def _check(row: ProfileField) -> None:
    """What must hold of a definition as a whole. Raises `Invalid`."""
    if row.kind is FieldKind.CHOICE and not row.choices:
        raise Invalid("A field of choices needs some to choose from.", ["choices"])
    if row.kind is not FieldKind.CHOICE and row.choices:
        raise Invalid(f"A field of the kind {row.kind} has no choices.", ["choices"])
    if row.builtin in OF_HR and not row.is_locked:
        raise Invalid("Nobody but HR writes this field, so it stays locked.", ["isLocked"])
    if row.is_locked and row.visibility is FieldVisibility.SELF:
        raise Invalid(
            "HR would write what it cannot see: a locked field is seen by HR, one only for oneself is not locked.",
            ["visibility"],
        )


async def _refuse_taken(key: str) -> None:
    if other := await ProfileField.get_or_none(key=key):
        state = "Restore it, purge it" if other.deleted_at else "Change that one"
        raise Conflict(f"There is a field of this name, {other.name}. {state}, or choose another name.", ["name"])


async def _refuse_in_use(row: ProfileField, gone: set[str]) -> None:
    if gone and (count := await table.chosen(row.id, sorted(gone))):
        people = "One person has" if count == 1 else f"{count:,} people have"
        raise Invalid(
            f"{people} chosen what you take away. Keep it, or say `force`: it stays with them until they choose anew.",
            ["choices"],
        )


def _has_words(row: ProfileField) -> bool:
    return row.kind in WORDS if row.builtin is None else BuiltIn(row.builtin) in SEARCHED


def _of(row: ProfileField) -> BuiltIn | uuid.UUID:
    return row.id if row.builtin is None else BuiltIn(row.builtin)


def _expect(row: ProfileField, version: int | None) -> None:
    if version is not None and version != row.version:
        raise Conflict(
            f"Somebody has changed this in the meantime: it is at version {row.version}, not {version}. Read it again.",
            ["expectedVersion"],
            current=row,
        )


def _name(text: str) -> dict[str, Any]:
    name = clean_line(text, most=FIELD_NAME_MAX, path=["name"], what="The name")
    if line_key(name) in BUILT_IN_KEYS:
        raise Invalid(f"Every profile has a field {name} already. Choose another name, or govern that one.", ["name"])
    return {"name": name, "key": line_key(name)}


def _choices(choices: Sequence[str]) -> list[str]:
    cleaned = [clean_line(c, most=CHOICE_MAX, path=["choices", i], what="A choice") for i, c in enumerate(choices)]
    _refuse_twins(cleaned, ["choices"])
    if len(cleaned) > CHOICES_MAX:
        raise Invalid(f"There are {len(cleaned)} choices; at most {CHOICES_MAX} are allowed.", ["choices"])
    return cleaned


def _refuse_twins(choices: Sequence[str], path: Path) -> None:
    if len({line_key(choice) for choice in choices}) < len(choices):
        raise Invalid("Two of the choices look alike. Keep one of them.", path)


def _rank(rank: int) -> int:
    if abs(rank) > RANK_MAX:
        raise Invalid(f"A rank lies between -{RANK_MAX:,} and {RANK_MAX:,}.", ["rank"])
    return rank


def _told(row: ProfileField) -> Said:
    told: Said = {column: getattr(row, column) for column in AUDITED}
    told["choices"] = list(row.choices)
    return told

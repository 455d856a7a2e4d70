"""Profiles: what people say of themselves, who sees it, what is locked or missing, and changes to it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import asyncpg

from auth.policies import people as people_policy
from auth.policies import profiles as policy
from auth.scope import scope
from execution.loaders import settled
from execution.rows import read
from models import profiles as table
from models.errors import Conflict, ErrorCode, Forbidden, Invalid, NotFound, Path
from models.people import Person
from models.profiles import OF_HR, BuiltIn, FieldKind, FieldVisibility, Stored
from models.text import line_key
from resolvers import profile_values as values
from resolvers.context import Context
from resolvers.profile_values import Given, Hours
from resolvers.sight import Definitions, definitions, levels, own_fields
from subscriptions.events import person_stream
from subscriptions.people import PersonChanged
from subscriptions.profiles import ProfileCorrected, Said

# --- reading


@dataclass(frozen=True)
class FieldValue:
    """What a custom field of somebody says to the viewer: nothing where it is empty or hidden."""

    field: asyncpg.Record
    text: str | None = None
    number: float | None = None
    day: date | None = None
    person_id: uuid.UUID | None = None
    link: str | None = None


@dataclass(frozen=True)
class Lock:
    """A field that only HR and imports write. `source` owns it; None: HR does. Either `built_in` or a custom one."""

    name: str
    built_in: BuiltIn | None
    definition: asyncpg.Record | None
    source: str | None


async def fields(ctx: Context, people: Sequence[Any]) -> list[list[FieldValue]]:
    """For each person all custom fields that the viewer may know of, by rank: what is hidden is as if it were empty."""
    known = await own_fields(ctx)
    if not known:
        return [[] for _ in people]
    said = settled(await ctx.loaders["profile_values"].load_batch([read(person, "id") for person in people]))
    seen = await levels(ctx, people)
    return [_fields(known, {v["field_id"]: v for v in own}, sees) for own, sees in zip(said, seen, strict=True)]


async def locked_fields(ctx: Context, people: Sequence[Any]) -> list[list[Lock]]:
    """For each person the fields that they cannot write themselves; for the person and HR, nothing for others."""
    told = [FieldVisibility.HR in one for one in await levels(ctx, people)]
    ids = [read(person, "id") for person, may in zip(people, told, strict=True) if may]
    owned = dict(zip(ids, settled(await ctx.loaders["field_owners"].load_batch(ids)), strict=True))
    known, own = await definitions(ctx), await own_fields(ctx)
    return [locks(known, own, owned[id]) if (id := read(person, "id")) in owned else [] for person in people]


async def missing_fields(ctx: Context, people: Sequence[Any]) -> list[list[asyncpg.Record]]:
    """For each person the required fields that are empty; for the person and, of what they see, HR."""
    known, own = await definitions(ctx), {row["id"] for row in await own_fields(ctx)}
    required = [row for row in known.rows if row["is_required"] and (row["builtin"] or row["id"] in own)]
    if not required:
        return [[] for _ in people]
    said = settled(await ctx.loaders["profile_values"].load_batch([read(person, "id") for person in people]))
    seen = await levels(ctx, people)
    return [
        [row for row in required if FieldVisibility(row["visibility"]) in sees and not _says(person, row, filled)]
        if FieldVisibility.HR in sees
        else []
        for person, sees, filled in zip(people, seen, ({v["field_id"] for v in one} for one in said), strict=True)
    ]


def locks(known: Definitions, own: Sequence[asyncpg.Record], owned: Sequence[asyncpg.Record]) -> list[Lock]:
    """The locked ones among the built-in fields and `own`, given what import sources own of somebody."""
    found: list[Lock] = []
    for built_in in BuiltIn:
        row, source = known.built_in.get(built_in), _owner(owned, built_in.value)
        if source or built_in in OF_HR or (row and row["is_locked"]):
            found.append(Lock(built_in.label, built_in, row, source))
    for row in own:
        source = _owner(owned, row["key"])
        if source or row["is_locked"]:
            found.append(Lock(row["name"], None, row, source))
    return found


def _fields(
    known: Sequence[asyncpg.Record], said: Mapping[uuid.UUID, asyncpg.Record], sees: frozenset[FieldVisibility]
) -> list[FieldValue]:
    return [
        _value(row, said[row["id"]])
        if row["id"] in said and FieldVisibility(row["visibility"]) in sees
        else FieldValue(row)
        for row in known
    ]


def _value(row: asyncpg.Record, said: asyncpg.Record) -> FieldValue:
    match FieldKind(row["kind"]):
        case FieldKind.TEXT | FieldKind.CHOICE:
            return FieldValue(row, text=said["text"])
        case FieldKind.LINK:
            return FieldValue(row, link=said["text"])
        case FieldKind.NUMBER:
            return FieldValue(row, number=float(said["number"]))
        case FieldKind.DATE:
            return FieldValue(row, day=said["day"])
        case FieldKind.PERSON:
            return FieldValue(row, person_id=said["person_ref_id"])


def _says(person: Any, row: asyncpg.Record, filled: set[uuid.UUID]) -> bool:
    return bool(values.said(person, BuiltIn(row["builtin"]))) if row["builtin"] else row["id"] in filled


def _owner(owned: Sequence[asyncpg.Record], name: str) -> str | None:
    """The source that owns a field, by the name of its column, however that is written, or by the field's key."""
    return next((row["source"] for row in owned if any(name in _spelled(one) for one in row["owns"])), None)


def _spelled(name: str) -> tuple[str, str]:
    return line_key(name), re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()


# --- changing


@dataclass(frozen=True)
class FieldChange:
    """A custom field's new value; None empties it."""

    field: uuid.UUID
    value: Given | None


@dataclass(frozen=True)
class ProfileChange:
    """What to change of a profile: absent fields stay, None empties."""

    values: Mapping[BuiltIn, Any] = field(default_factory=dict[BuiltIn, Any])
    fields: Sequence[FieldChange] = ()


async def update_profile(ctx: Context, id: uuid.UUID, change: ProfileChange, *, expected_version: int | None) -> Person:
    """Change what a person's profile says; what says so already is no change.

    Raises `NotFound`, `Forbidden` (with FIELD_LOCKED for what is not theirs to write), `Conflict` or `Invalid` (with
    REQUIRED for what must not be empty).
    """
    found = await _visible(ctx, id)
    await ctx.ensure(people_policy.can_update, found, "change this profile")
    async with ctx.transaction(person_stream(id)):
        changed = await _visible(ctx, id, lock=True)
        await ctx.ensure(people_policy.can_update, changed, "change this profile")
        if expected_version is not None and expected_version != changed.version:
            raise Conflict(
                f"The profile is at version {changed.version}, not {expected_version}. Read it again.",
                ["expectedVersion"],
                current=changed,
            )
        pen = await _pen(ctx, changed)
        built_in, custom = pen.built_in(change.values), await pen.custom(change.fields)
        if not built_in and not custom:
            return changed
        old = pen.before(built_in, custom)
        columns = _columns(built_in)
        for column, value in columns.items():
            setattr(changed, column, value)
        changed.version, changed.updated_at = changed.version + 1, ctx.now()
        await changed.save(update_fields=[*columns, "version", "updated_at"])
        await table.store(id, custom, ctx.now())
        ctx.emit(PersonChanged(id))
        if not pen.is_own:
            ctx.emit(ProfileCorrected(id, old, _told(built_in, custom)))
    return changed


@dataclass
class Pen:
    """Whoever writes a profile, with what they may write of it."""

    ctx: Context
    person: Person
    is_hr: bool
    known: Definitions
    own: list[asyncpg.Record]
    owned: list[asyncpg.Record]
    said: dict[uuid.UUID, Stored]

    @property
    def is_own(self) -> bool:
        return self.person.id == self.ctx.me.person_id

    @cached_property
    def locks(self) -> dict[BuiltIn | uuid.UUID, Lock]:
        return {lock.built_in or read(lock.definition, "id"): lock for lock in locks(self.known, self.own, self.owned)}

    def built_in(self, given: Mapping[BuiltIn, Any]) -> dict[BuiltIn, Any]:
        """The new values of built-in fields, of those that differ."""
        changes: dict[BuiltIn, Any] = {}
        for name, raw in given.items():
            path, row = [name.camel], self.known.built_in.get(name)
            self._refuse_private(row, path)
            value = values.built_in(name, raw, path)
            if value != values.said(self.person, name):
                self._refuse_locked(name, path)
                _refuse_empty(row, value, path)
                changes[name] = value
        return changes

    async def custom(self, given: Sequence[FieldChange]) -> dict[uuid.UUID, Stored | None]:
        """The new values of custom fields, of those that differ; None empties one."""
        rows = {row["id"]: row for row in self.own}
        visible = await self._people([one.value.person for one in given if one.value and one.value.person])
        changes: dict[uuid.UUID, Stored | None] = {}
        for i, one in enumerate(given):
            path, row = ["fields", i], rows.get(one.field)
            if row is None:
                raise NotFound(path=[*path, "fieldId"])
            if one.field in {other.field for other in given[:i]}:
                raise Invalid(f"{row['name']} is given twice. Give it once.", [*path, "fieldId"])
            self._refuse_private(row, path)
            value = values.custom(row, one.value, visible, path) if one.value else None
            if value != self.said.get(one.field):
                self._refuse_locked(one.field, path)
                _refuse_empty(row, value, path)
                changes[one.field] = value
        return changes

    def before(self, built_in: Mapping[BuiltIn, Any], custom: Mapping[uuid.UUID, Stored | None]) -> Said:
        """What the fields that change have said so far."""
        said = {name: values.said(self.person, name) for name in built_in}
        return _told(said, {id: self.said.get(id) for id in custom})

    async def _people(self, ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
        if not ids:
            return set()
        return {one.id for one in await scope(Person, self.ctx.me).filter(id__in=list(ids)).only("id")}

    def _refuse_private(self, row: asyncpg.Record | None, path: Path) -> None:
        # Before anything is compared: what HR does not see it must not find out by trying, either.
        if row and row["visibility"] == FieldVisibility.SELF and not self.is_own:
            raise Forbidden("Only they themselves see this field, so only they change it.", path)

    def _refuse_locked(self, name: BuiltIn | uuid.UUID, path: Path) -> None:
        lock = self.locks.get(name)
        if lock and not self.is_hr:
            keeper = (
                f"{lock.source}: have it corrected there, or ask HR." if lock.source else "HR: ask them to change it."
            )
            raise Forbidden(f"{lock.name} is kept by {keeper}", path, code=ErrorCode.FIELD_LOCKED)


async def _pen(ctx: Context, person: Person) -> Pen:
    [is_hr] = await ctx.holds(policy.can_update_locked, [person])
    known = Definitions(await table.definitions(keep=True))
    held = await ctx.holds(policy.readable_fields, known.custom)
    own = [row for row, may in zip(known.custom, held, strict=True) if may]
    said = {v["field_id"]: _stored(v) for v in (await table.values([person.id]) if own else ())}
    return Pen(ctx, person, is_hr, known, own, await table.owners([person.id]), said)


async def _visible(ctx: Context, id: uuid.UUID, *, lock: bool = False) -> Person:
    query = scope(Person, ctx.me)
    found = await (query.select_for_update() if lock else query).get_or_none(id=id)
    if found is None:
        raise NotFound(path=["personId"])
    return found


def _refuse_empty(row: asyncpg.Record | None, value: Any, path: Path) -> None:
    if row and row["is_required"] and not value:
        raise Invalid(f"{row['name']} is required. Say something else instead.", path, code=ErrorCode.REQUIRED)


def _columns(built_in: Mapping[BuiltIn, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {name.value: value for name, value in built_in.items() if name != BuiltIn.WORKING_HOURS}
    if BuiltIn.WORKING_HOURS in built_in:
        hours = built_in[BuiltIn.WORKING_HOURS]
        columns |= {"works_from": hours and hours.from_, "works_to": hours and hours.to}
    return columns


def _stored(said: asyncpg.Record) -> Stored:
    return (said["text"], said["number"], said["day"], said["person_ref_id"])


def _told(built_in: Mapping[BuiltIn, Any], custom: Mapping[uuid.UUID, Stored | None]) -> Said:
    """Values as the log holds them: by the name of the column or the id of the field, null where empty."""
    told: Said = {
        name.value: asdict(value) if isinstance(value, Hours) else value or None for name, value in built_in.items()
    }
    for id, value in custom.items():
        told[str(id)] = next((str(part) for part in value if part is not None), None) if value else None
    return told

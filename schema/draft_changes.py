"""The changes of a re-org draft, as they were said."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import strawberry

from execution.fields import batched, column, computed
from execution.ids import encode_id
from execution.rows import read
from models import drafts as table
from resolvers.changes.kinds import ChangeKind, fields
from resolvers.context import Context
from schema.enums import shown
from schema.nodes import identity

TRAITS_MAX = 12  # of what one change says
EITHER = ("subject", "manager")
"""What is a person or a position."""
OF_FIELD = {
    "person": "Person",
    "head": "Person",
    "deputy": "Person",
    "position": "Position",
    "unit": "OrgUnit",
    "into": "OrgUnit",
    "parent": "OrgUnit",
}
"""Of what type that is which a change names by id, where it is always the same."""
OF_KIND = {
    ("CreatePerson", "id"): "Person",
    ("CreatePosition", "id"): "Position",
    ("CreateUnit", "id"): "OrgUnit",
    ("EndLine", "line"): "ReportingLine",
}
"""The same where it hangs on the kind of the change."""


def _as_mutation(kind: ChangeKind) -> str:
    first, *rest = kind.name.lower().split("_")
    return f"As `{first}{''.join(word.capitalize() for word in rest)}`."


shown(
    ChangeKind,
    "What a change of a draft does: what the mutation of that name does.",
    {kind: _as_mutation(kind) for kind in ChangeKind},
    name="OrgChangeKind",
)


@strawberry.type(description="One thing that a change says.")
class OrgDraftChangeTrait:
    name: str = column("Which: `unit`, `manager`, `title` …")
    value: str | None = column("What: a text, a day, or an id; null clears.")


async def traits(ctx: Context, changes: list[Any]) -> Sequence[list[OrgDraftChangeTrait]]:
    """What each change says."""
    said = await _said(changes)
    return [[OrgDraftChangeTrait(name=name, value=one.shown(name)) for name in one.names] for one in said]


async def subject_ids(ctx: Context, changes: list[Any]) -> Sequence[str | None]:
    """The global id of what each changes or makes."""
    return [one.shown(one.names[0]) for one in await _said(changes)]


@strawberry.type(description="One change of a draft.")
class OrgDraftChange:
    id: strawberry.ID = identity("OrgDraftChange")
    kind: ChangeKind = computed(lambda change: ChangeKind(read(change, "kind")), description="What it does.")
    subject_id: strawberry.ID = batched(
        subject_ids, description="What it changes, or would make: other changes of the draft may name that by this id."
    )
    traits: list[OrgDraftChangeTrait] = batched(
        traits, description="What it says; what is absent stays.", most=TRAITS_MAX
    )


@dataclass(frozen=True)
class Said:
    """What one change says; `positions` are the positions among what may be one or a person."""

    kind: str
    content: dict[str, Any]
    positions: Collection[uuid.UUID]

    @property
    def names(self) -> list[str]:
        return [name for name in fields(self.kind) if name in self.content]

    def shown(self, name: str) -> str | None:
        """A value as clients know it."""
        value = self.content[name]
        if value is None:
            return None
        if name in EITHER:
            return encode_id("Position" if uuid.UUID(value) in self.positions else "Person", uuid.UUID(value))
        of = OF_FIELD.get(name) or OF_KIND.get((self.kind, name))
        return encode_id(of, uuid.UUID(value)) if of else str(value)


async def _said(changes: Sequence[Any]) -> list[Said]:
    contents = [_content(change) for change in changes]
    either = [uuid.UUID(one[name]) for one in contents for name in EITHER if one.get(name)]
    drafts = list({read(change, "draft_id") for change in changes})
    positions = await table.positions_among(either, drafts) if either else set[uuid.UUID]()
    return [Said(read(row, "kind"), one, positions) for row, one in zip(changes, contents, strict=True)]


def _content(change: Any) -> dict[str, Any]:
    refs = read(change, "refs")
    return orjson.loads(refs) if isinstance(refs, str) else refs

"""Re-org drafts: gathered, previewed, applied on their day."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, cast

import strawberry
from strawberry import argument

from execution.fields import batched, column, computed, relation
from execution.ids import encode_id
from execution.rows import read
from models.drafts import DraftStatus
from models.drafts import OrgDraftChange as ChangeRow
from models.errors import ErrorCode
from resolvers import drafts as actions
from resolvers import lists
from resolvers.changes.ledger import Difference, Subject, Trait
from resolvers.changes.rehearsal import CONFLICTS_MAX
from resolvers.drafts import BY_RANK, DIFFERENCES_MAX, Preview
from resolvers.lists import PageArgs
from schema.connections import Connection, connection
from schema.draft_changes import OrgDraftChange
from schema.enums import shown
from schema.nodes import Info, Node, found_key, identity, node
from schema.refs import PersonRef

SUBJECTS = {Subject.PERSON: "Person", Subject.POSITION: "Position", Subject.ORG_UNIT: "OrgUnit"}
OF_TRAIT = {
    Trait.UNIT: "OrgUnit",
    Trait.PARENT: "OrgUnit",
    Trait.HEAD: "Person",
    Trait.DEPUTY: "Person",
    Trait.HOLDER: "Person",
    Trait.SOLID: "Position",
    Trait.DOTTED: "Position",
    Trait.PROJECT: "Position",
}
"""Of what type that is which a trait names by id."""
shown(
    DraftStatus,
    "Where a draft is in its life.",
    {
        DraftStatus.DRAFT: "It can be changed, previewed, applied and withdrawn.",
        DraftStatus.APPLIED: "Its changes are made, from its day on.",
        DraftStatus.WITHDRAWN: "It was given up.",
    },
    name="OrgDraftStatus",
)
shown(
    Subject,
    "What a difference is about.",
    {Subject.PERSON: "A person.", Subject.POSITION: "A position.", Subject.ORG_UNIT: "A unit."},
    name="OrgDifferenceSubject",
)
shown(
    Trait,
    "What is different. A thing without a name or title, which is not the same as an empty one, is not there.",
    {
        Trait.NAME: "The name of a person or unit.",
        Trait.TITLE: "What a position is called.",
        Trait.GRADE: "The grade of a position.",
        Trait.UNIT: "The unit of a position.",
        Trait.PARENT: "The unit above a unit.",
        Trait.HEAD: "Who leads a unit.",
        Trait.DEPUTY: "Who stands in for the head.",
        Trait.HOLDER: "One of those who hold a position.",
        Trait.SOLID: "The position to which one reports.",
        Trait.DOTTED: "One of the positions to which one reports besides.",
        Trait.PROJECT: "One of the positions to which one reports for a project.",
    },
    name="OrgTrait",
)


@strawberry.type(description="What is different on the draft's day with its changes: one trait of one thing.")
class OrgDifference:
    subject: Subject = computed(lambda shown: shown[1].subject, description="What it is about.")
    subject_id: strawberry.ID = computed(
        lambda shown: encode_id(SUBJECTS[shown[1].subject], shown[1].id),
        description="Of the person, position or unit; one that the draft would make is not there yet.",
    )
    subject_name: str = computed(lambda shown: _name(shown, str(shown[1].id)), description="What it is called then.")
    trait: Trait = computed(lambda shown: shown[1].trait, description="What is different.")
    old: str | None = computed(
        lambda shown: _name(shown, shown[1].old), description="What it would be without, by name; null: nothing."
    )
    new: str | None = computed(
        lambda shown: _name(shown, shown[1].new), description="What it would be, by name; null: nothing."
    )
    old_id: strawberry.ID | None = computed(
        lambda shown: _id(shown, shown[1].old), description="The id of what `old` names; null where it has none."
    )
    new_id: strawberry.ID | None = computed(
        lambda shown: _id(shown, shown[1].new), description="The id of what `new` names; null where it has none."
    )


@strawberry.type(description="Why a draft cannot be applied as it is.")
class OrgDraftConflict:
    code: ErrorCode = column("What kind of conflict; REPORTING_CYCLE, UNIT_CYCLE, ORPHAN, HEADLESS_UNIT and others.")
    message: str = column("One sentence for people, with what to do.")
    path: list[str] = column("Where in the draft the fault lies; empty where all changes together make it.", most=10)
    change: OrgDraftChange | None = column("The change at fault; null where all of them together are.")


@strawberry.type(description="What would come of applying a draft now: it was tried, and undone.")
class OrgDraftPreview:
    differences: list[OrgDifference] = computed(
        lambda preview: [(preview, one) for one in preview.differences],
        description="What would be different on its day; at most 1,000.",
        most=DIFFERENCES_MAX,
    )
    conflicts: list[OrgDraftConflict] = column("What stands in the way; at most 200.", most=CONFLICTS_MAX)

    @connection(description="The people whom it concerns, by name; newcomers left out.")
    async def people_affected(self, info: Info, *, page: PageArgs) -> Connection[PersonRef]:
        preview = cast(Preview, self)
        return await actions.people_affected(info.context, preview, page)  # pyright: ignore[reportReturnType]


@node("org_drafts", description="Changes of the org chart that are planned together. Only HR and ADMIN see it.")
class OrgDraft(Node):
    id: strawberry.ID = identity("OrgDraft")
    name: str = column("What it is called.")
    effective_on: date = column("The day from which its changes hold.")
    status: DraftStatus = column("Where it is in its life.")
    version: int = column("Rises with each change; edits may expect one.")
    created_at: datetime = column("When it was begun.")
    applied_at: datetime | None = column("When it was applied; null if it was not.")
    author: PersonRef | None = relation("people", key="author_id", description="Who began it; null once erased.")
    preview: OrgDraftPreview | None = batched(
        actions.previews, description="What would come of it; null once applied or withdrawn. Of one draft at a time."
    )

    @connection(description="Its changes in the order in which they are made.")
    def changes(self, info: Info, *, page: PageArgs) -> Connection[OrgDraftChange]:
        return lists.pages(info.context, ChangeRow, "draft_id", BY_RANK, page).load(read(self, "id"))  # pyright: ignore[reportReturnType]


@strawberry.type
class Query:
    @strawberry.field(
        description="A re-org draft; null where there is none or it is not visible. HR and ADMIN only. Scopes org:read"
        " and people:read."
    )
    async def org_draft(
        self, info: Info, id: Annotated[strawberry.ID, argument(description="Of a draft.")]
    ) -> OrgDraft | None:
        info.context.reach("org:read")
        key = found_key("OrgDraft", id)
        return None if key is None else await info.context.loaders["org_drafts"].load(key)

    @connection(description="The re-org drafts, newest first. HR and ADMIN only. Scopes org:read and people:read.")
    async def org_drafts(
        self,
        info: Info,
        status: Annotated[DraftStatus | None, argument(description="Only those; absent or null: all.")] = None,
        *,
        page: PageArgs,
    ) -> Connection[OrgDraft]:
        return await actions.drafts(info.context, status, page)  # pyright: ignore[reportReturnType]


def _name(shown: tuple[Preview, Difference], value: str | None) -> str | None:
    try:
        key = uuid.UUID(value or "")
    except ValueError:
        return value
    return shown[0].names.get(key, "")


def _id(shown: tuple[Preview, Difference], value: str | None) -> str | None:
    of = OF_TRAIT.get(shown[1].trait)
    try:
        return encode_id(of, uuid.UUID(value or "")) if of else None
    except ValueError:  # a holder whose name is not given
        return None

"""Audiences: who may see a thing, and whom one is written for."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import column
from models.audiences import AudienceKind
from models.errors import Invalid
from resolvers import audience_preview as reads
from resolvers.audience_preview import AudienceWarningCode
from resolvers.audiences import AudienceChoice
from resolvers.lists import PageArgs
from schema.connections import Connection, connection
from schema.nodes import Info, key
from schema.refs import PersonRef

WARNINGS_MAX = len(AudienceWarningCode)


@strawberry.type(description="Who may see a thing.")
class Audience:
    kind: AudienceKind = column("What it is about.")
    name: str | None = column("Of the unit, group, location or rule; null for the company and for a list of people.")


@strawberry.input(one_of=True, description="Whom a post is for: exactly one of these.")
class AudienceInput:
    company: bool | None = strawberry.field(default=strawberry.UNSET, description="Everybody of the company: true.")
    group_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="The members of a group.")
    org_unit_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="A unit and those below it."
    )
    location: str | None = strawberry.field(default=strawberry.UNSET, description="Everybody at this location.")
    person_ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET,
        description="These people; at most 200. The author of a post sees it, too; the author of a survey is asked only"
        " where they are among them.",
    )
    rule_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Those who meet a rule, as `audienceRules` has them."
    )


@strawberry.type(description="What one should know before posting to an audience.")
class AudienceWarning:
    code: AudienceWarningCode = column("Stable; branch on this.")
    message: str = column("One sentence for people.")


@strawberry.type(description="Who would see what is posted to an audience, as things stand.")
class AudiencePreview:
    person_count: int = column("How many people, guests and the viewer among them.")
    guest_count: int = column("How many of them are guests.")
    warnings: list[AudienceWarning] = column(
        "What to know before one posts; empty where there is nothing.", most=WARNINGS_MAX
    )

    @connection(description="Those of them whom the viewer sees, by name. Empty where they do not see who they are.")
    async def sample(self, info: Info, *, page: PageArgs) -> Connection[PersonRef]:
        return await reads.sample(info.context, self, page)  # pyright: ignore[reportReturnType, reportArgumentType]


@strawberry.type
class Query:
    @strawberry.field(
        description="Who would see a post, before it is posted; for whoever may name that audience. Scope feed:read."
    )
    async def audience_preview(
        self, info: Info, audience: Annotated[AudienceInput, argument(description="Whom the post would be for.")]
    ) -> AudiencePreview:
        choice = audience_choice(audience) or AudienceChoice()
        return await reads.audience_preview(info.context, choice)  # pyright: ignore[reportReturnType]


def audience_choice(given: AudienceInput | None) -> AudienceChoice | None:
    """The choice that an input names, exactly as it stands: nothing empty ever comes to mean the company.

    Raises `Invalid`, or `NotFound` for an id of something else.
    """
    if given is None:
        return None
    if isinstance(given.group_id, str):
        return AudienceChoice(group=key("Group", given.group_id, ["audience", "groupId"]))
    if isinstance(given.rule_id, str):
        return AudienceChoice(rule=key("AudienceRule", given.rule_id, ["audience", "ruleId"]))
    if isinstance(given.org_unit_id, str):
        return AudienceChoice(unit=key("OrgUnit", given.org_unit_id, ["audience", "orgUnitId"]))
    if isinstance(given.location, str):
        return AudienceChoice(location=given.location)
    if isinstance(given.person_ids, list):
        path = ["audience", "personIds"]
        return AudienceChoice(people=[key("Person", id, [*path, i]) for i, id in enumerate(given.person_ids)])
    if given.company is not True:
        raise Invalid("`company` can only be true. To post to fewer, name them.", ["audience", "company"])
    return AudienceChoice(company=True)

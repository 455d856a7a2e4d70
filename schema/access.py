"""Why somebody can, or cannot, see a thing."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import column
from execution.ids import decode_id
from models.errors import NotFound
from resolvers import access as reads
from resolvers.access import AccessReasonCode
from schema.nodes import Info, key

REASONS_MAX = 5


@strawberry.type(description="Why a person sees a thing, or does not.")
class AccessReason:
    code: AccessReasonCode = column("Stable; branch on this.")
    message: str = column("One sentence for people.")


@strawberry.type(description="Whether a person sees a thing, and why.")
class AccessExplanation:
    is_visible: bool = column("Whether they see it at this moment.")
    reasons: list[AccessReason] = column("Why, or why not.", most=REASONS_MAX)


@strawberry.type
class Query:
    @strawberry.field(
        description="Why this person can, or cannot, see a post, a comment or a group. For its author, for who"
        " moderates it, and for administrators who see it themselves. Scopes feed:read or groups:read, and people:read."
    )
    async def explain_access(
        self,
        info: Info,
        subject_id: Annotated[strawberry.ID, argument(description="Of a post, a comment or a group.")],
        person_id: Annotated[strawberry.ID, argument(description="Of a person whom the viewer sees.")],
    ) -> AccessExplanation:
        _ = info.context.me
        try:
            kind, id = decode_id(subject_id)
        except ValueError:
            raise NotFound(path=["subjectId"]) from None
        person = key("Person", person_id, ["personId"])
        return await reads.explain_access(info.context, kind, id, person)  # pyright: ignore[reportReturnType]

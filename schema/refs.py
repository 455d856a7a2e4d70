"""Types of other domains, by alias, so that domains may name each other in any order."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from schema.feed import Comment, Post
    from schema.org import OrgUnit
    from schema.people import Person

CommentRef = Annotated["Comment", strawberry.lazy("schema.feed")]
OrgUnitRef = Annotated["OrgUnit", strawberry.lazy("schema.org")]
PersonRef = Annotated["Person", strawberry.lazy("schema.people")]
PostRef = Annotated["Post", strawberry.lazy("schema.feed")]

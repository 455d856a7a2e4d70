"""Types of other domains, by alias, so that domains may name each other in any order."""

from typing import Annotated

import strawberry

AudienceRef = Annotated["Audience", strawberry.lazy("schema.feed")]
CommentRef = Annotated["Comment", strawberry.lazy("schema.feed")]
OrgUnitRef = Annotated["OrgUnit", strawberry.lazy("schema.org")]
PersonRef = Annotated["Person", strawberry.lazy("schema.people")]
PostRef = Annotated["Post", strawberry.lazy("schema.feed")]

"""Types of other domains, by alias, so that domains may name each other in any order."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from schema.feed import Comment, Post
    from schema.org import OrgUnit
    from schema.people import Person
    from schema.positions import Position, ReportingLine
    from schema.skills import Skill

CommentRef = Annotated["Comment", strawberry.lazy("schema.feed")]
OrgUnitRef = Annotated["OrgUnit", strawberry.lazy("schema.org")]
PersonRef = Annotated["Person", strawberry.lazy("schema.people")]
PositionRef = Annotated["Position", strawberry.lazy("schema.positions")]
PostRef = Annotated["Post", strawberry.lazy("schema.feed")]
ReportingLineRef = Annotated["ReportingLine", strawberry.lazy("schema.positions")]
SkillRef = Annotated["Skill", strawberry.lazy("schema.skills")]

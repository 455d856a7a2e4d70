"""Types of other domains, by alias, so that domains may name each other in any order."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from schema.comments import Comment
    from schema.conversations import Conversation
    from schema.groups import Group
    from schema.messages import Message
    from schema.org import OrgUnit
    from schema.people import Person
    from schema.positions import Position, ReportingLine
    from schema.posts import Post
    from schema.session import Viewer
    from schema.skills import Skill
    from schema.survey_series import SurveySeries
    from schema.surveys import Survey
    from schema.tags import Tag

CommentRef = Annotated["Comment", strawberry.lazy("schema.comments")]
ConversationRef = Annotated["Conversation", strawberry.lazy("schema.conversations")]
GroupRef = Annotated["Group", strawberry.lazy("schema.groups")]
MessageRef = Annotated["Message", strawberry.lazy("schema.messages")]
OrgUnitRef = Annotated["OrgUnit", strawberry.lazy("schema.org")]
PersonRef = Annotated["Person", strawberry.lazy("schema.people")]
PositionRef = Annotated["Position", strawberry.lazy("schema.positions")]
PostRef = Annotated["Post", strawberry.lazy("schema.posts")]
ReportingLineRef = Annotated["ReportingLine", strawberry.lazy("schema.positions")]
SkillRef = Annotated["Skill", strawberry.lazy("schema.skills")]
SurveyRef = Annotated["Survey", strawberry.lazy("schema.surveys")]
SurveySeriesRef = Annotated["SurveySeries", strawberry.lazy("schema.survey_series")]
TagRef = Annotated["Tag", strawberry.lazy("schema.tags")]
ViewerRef = Annotated["Viewer", strawberry.lazy("schema.session")]

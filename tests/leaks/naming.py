"""Which things an argument takes the ids of, by its name."""

from __future__ import annotations

from execution.ids import decode_id
from tests.leaks.crawling import Slot

TYPES = {
    "personId": "Person",
    "personIds": "Person",
    "exceptPersonIds": "Person",
    "onBehalfOfId": "Person",
    "headId": "Person",
    "deputyId": "Person",
    "orgUnitId": "OrgUnit",
    "orgUnitIds": "OrgUnit",
    "exceptOrgUnitIds": "OrgUnit",
    "parentId": "OrgUnit",
    "unitId": "OrgUnit",
    "positionId": "Position",
    "groupId": "Group",
    "ruleId": "AudienceRule",
    "postId": "Post",
    "postIds": "Post",
    "commentId": "Comment",
    "conversationId": "Conversation",
    "messageId": "Message",
    "tagId": "Tag",
    "skillId": "Skill",
    "fieldId": "ProfileField",
    "draftId": "OrgDraft",
    "surveyId": "Survey",
    "seriesId": "SurveySeries",
    "questionId": "SurveyQuestion",
    "optionId": "SurveyOption",
    "rowId": "SurveyOption",
}
"""The type of an argument that takes one; an argument that is not here takes, or may take, several."""


def may_name(slot: Slot, id: str) -> bool:
    """Whether an id may be of use there. That others are refused alike, whatever they name, has a test of its own."""
    if slot.type.name not in ("ID", "_Any"):
        return False
    return TYPES.get(slot.name, decode_id(id)[0]) == decode_id(id)[0]

"""One module a domain: who may see a row (`readable`) and what they may do (`can_…`)."""

from tortoise.models import Model

from auth.conditions import Condition
from auth.policies import (
    audiences,
    chat,
    drafts,
    feed,
    groups,
    mentions,
    org,
    people,
    profiles,
    revisions,
    skills,
    surveys,
    tags,
)
from models.conversations import Conversation
from models.drafts import OrgDraft, OrgDraftChange
from models.feed import Comment, Post
from models.groups import Group
from models.mentions import Mention
from models.messages import Message
from models.org import OrgUnit
from models.people import Person
from models.positions import Position
from models.profiles import ProfileField
from models.revisions import Revision
from models.rules import AudienceRule
from models.skills import PersonSkill, Skill
from models.surveys import Survey, SurveySeries
from models.tags import Tag

READABLE: dict[type[Model], Condition] = {
    Person: people.readable,
    OrgUnit: org.readable,
    Position: org.readable_positions,
    OrgDraft: drafts.readable,
    OrgDraftChange: drafts.readable,
    ProfileField: profiles.readable_fields,
    Skill: skills.readable_catalogue,
    PersonSkill: skills.readable,
    Tag: tags.readable,
    Mention: mentions.readable,
    Group: groups.readable,
    AudienceRule: audiences.readable_rules,
    Post: feed.readable_posts,
    Comment: feed.readable_comments,
    Revision: revisions.readable,
    Conversation: chat.readable_conversations,
    Message: chat.readable_messages,
    Survey: surveys.readable,
    SurveySeries: surveys.readable_series,
}
"""What each kind of row asks of whoever reads it. A table that is not here cannot be read through a scope."""

"""One module a domain: who may see a row (`readable`) and what they may do (`can_…`)."""

from tortoise.models import Model

from auth.conditions import Condition
from auth.policies import drafts, feed, org, people, profiles, skills
from models.drafts import OrgDraft, OrgDraftChange
from models.feed import Comment, Post
from models.org import OrgUnit
from models.people import Person
from models.positions import Position
from models.profiles import ProfileField
from models.skills import PersonSkill, Skill

READABLE: dict[type[Model], Condition] = {
    Person: people.readable,
    OrgUnit: org.readable,
    Position: org.readable_positions,
    OrgDraft: drafts.readable,
    OrgDraftChange: drafts.readable,
    ProfileField: profiles.readable_fields,
    Skill: skills.readable_catalogue,
    PersonSkill: skills.readable,
    Post: feed.readable_posts,
    Comment: feed.readable_comments,
}
"""What each kind of row asks of whoever reads it. A table that is not here cannot be read through a scope."""

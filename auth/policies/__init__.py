"""One module a domain: who may see a row (`readable`) and what they may do (`can_…`)."""

from tortoise.models import Model

from auth.conditions import Condition
from auth.policies import feed, org, people
from models.feed import Comment, Post
from models.org import OrgUnit
from models.people import Person

READABLE: dict[type[Model], Condition] = {
    Person: people.readable,
    OrgUnit: org.readable,
    Post: feed.readable_posts,
    Comment: feed.readable_comments,
}
"""What each kind of row asks of whoever reads it. A table that is not here cannot be read through a scope."""

"""Who asks, and the meanings of all conditions by name, each about the rows of one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from tortoise.models import Model

from models.audiences import AudienceKind
from models.conversations import Conversation
from models.drafts import OrgDraft
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
from tests.auth.inquiries import Inquiry, Pulse
from tests.auth.rooms import Room, Saying
from tests.auth.worlds import (
    Call,
    Circle,
    Entry,
    Key,
    Known,
    Label,
    Past,
    Question,
    Seat,
    Somebody,
    Talent,
    Unit,
    World,
)


@dataclass(frozen=True)
class Asker:
    """Whoever asks, by which session or token."""

    world: World
    person: Somebody
    key: Key

    def may_ask(self, scope: str) -> bool:
        return self.key.scopes is None or scope in self.key.scopes


R = TypeVar(
    "R", Call, Circle, Entry, Inquiry, Known, Label, Past, Pulse, Question, Room, Saying, Seat, Somebody, Talent, Unit
)
Rule = Callable[[Asker, R], bool]


@dataclass(frozen=True)
class Reference:
    """What a condition means for the rows of one table."""

    model: type[Model]
    rows: Callable[[World], Sequence[Any]]
    rule: Callable[[Asker, Any], bool]


REFERENCE: dict[str, Reference] = {}
"""By `module.condition` of `auth/policies`."""


def about(model: type[Model], rows: Callable[[World], Sequence[R]]) -> Callable[..., Callable[[Rule[R]], Rule[R]]]:
    """What declares the meaning of conditions, by name, on the rows of one table."""

    def named(*names: str) -> Callable[[Rule[R]], Rule[R]]:
        def declare(rule: Rule[R]) -> Rule[R]:
            REFERENCE.update((name, Reference(model, rows, rule)) for name in names)
            return rule

        return declare

    return named


on_people = about(Person, lambda world: world.people)
on_units = about(OrgUnit, lambda world: world.units)
on_seats = about(Position, lambda world: world.seats)
on_skills = about(Skill, lambda world: world.skills)
on_talents = about(PersonSkill, lambda world: world.talents)
on_questions = about(ProfileField, lambda world: world.questions)
on_drafts = about(OrgDraft, lambda world: world.drafts)
on_groups = about(Group, lambda world: [one for one in world.circles if one.kind == AudienceKind.GROUP])
on_rules = about(AudienceRule, lambda world: [one for one in world.circles if one.kind == AudienceKind.RULE])
on_labels = about(Tag, lambda world: world.labels)
on_calls = about(Mention, lambda world: world.calls)
on_posts = about(Post, lambda world: world.posts)
on_comments = about(Comment, lambda world: world.comments)
on_pasts = about(Revision, lambda world: world.pasts)
on_rooms = about(Conversation, lambda world: world.rooms)
on_sayings = about(Message, lambda world: world.sayings)
on_inquiries = about(Survey, lambda world: world.inquiries)
on_pulses = about(SurveySeries, lambda world: world.pulses)

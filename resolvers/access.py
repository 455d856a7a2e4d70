"""Why somebody can, or cannot, see a thing: the conditions of the policies, asked as that person."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tortoise.models import Model

from auth import sessions
from auth.conditions import Condition, in_audience, is_guest, is_member
from auth.policies import READABLE, access, audiences, feed, groups
from auth.scope import scope
from models.audiences import AudienceKind
from models.errors import Forbidden, NotFound
from models.feed import Comment, Post, PostStatus
from models.groups import Group
from models.people import Person
from models.profiles import BuiltIn
from resolvers import sight
from resolvers.context import Context


class AccessReasonCode(StrEnum):
    """Why a person sees a thing, or does not."""

    AUTHOR = "AUTHOR"
    MODERATES = "MODERATES"
    IN_COMPANY = "IN_COMPANY"
    IN_UNIT = "IN_UNIT"
    IN_LOCATION = "IN_LOCATION"
    IN_GROUP = "IN_GROUP"
    IN_CONVERSATION = "IN_CONVERSATION"
    IN_LIST = "IN_LIST"
    MEETS_RULE = "MEETS_RULE"
    OPEN_GROUP = "OPEN_GROUP"
    PRIVATE_GROUP = "PRIVATE_GROUP"
    INVITED = "INVITED"
    REMOVED = "REMOVED"
    DEACTIVATED = "DEACTIVATED"
    GUEST_OUTSIDE = "GUEST_OUTSIDE"
    DRAFT = "DRAFT"
    SCHEDULED = "SCHEDULED"
    IN_REVIEW = "IN_REVIEW"
    NOT_IN_UNIT = "NOT_IN_UNIT"
    NOT_IN_LOCATION = "NOT_IN_LOCATION"
    NOT_IN_GROUP = "NOT_IN_GROUP"
    NOT_IN_CONVERSATION = "NOT_IN_CONVERSATION"
    NOT_IN_LIST = "NOT_IN_LIST"
    NOT_IN_RULE = "NOT_IN_RULE"


Code = AccessReasonCode


@dataclass(frozen=True)
class AccessReason:
    """One reason, in words."""

    code: AccessReasonCode
    message: str


@dataclass(frozen=True)
class Explained:
    """Whether a person sees a thing, and why."""

    is_visible: bool
    reasons: list[AccessReason]


EXPLAINED: Mapping[str, tuple[type[Model], Condition]] = {
    "Post": (Post, access.can_explain_post),
    "Comment": (Comment, access.can_explain_comment),
    "Group": (Group, access.can_explain_group),
}
"""What can be asked about, by its GraphQL type, and who may ask."""

INSIDE: Mapping[AudienceKind, tuple[Code, str]] = {
    AudienceKind.COMPANY: (Code.IN_COMPANY, "It is for everybody of the company, and {person} is one of them."),
    AudienceKind.UNIT: (Code.IN_UNIT, "{person} belongs to {name}, or to a unit below it."),
    AudienceKind.LOCATION: (Code.IN_LOCATION, "{person} works at {name}."),
    AudienceKind.GROUP: (Code.IN_GROUP, "{person} is in the group {name}."),
    AudienceKind.CONVERSATION: (Code.IN_CONVERSATION, "{person} is in the conversation."),
    AudienceKind.PEOPLE: (Code.IN_LIST, "{person} is on the list of people whom it is for."),
    AudienceKind.RULE: (Code.MEETS_RULE, "{person} is among those whom the rule {name} names."),
    AudienceKind.SURVEY: (Code.IN_LIST, "{person} is among those whom the survey asks."),
}
OUTSIDE: Mapping[AudienceKind, tuple[Code, str]] = {
    AudienceKind.COMPANY: (Code.GUEST_OUTSIDE, "It is for the company, and {person} is a guest."),
    AudienceKind.UNIT: (Code.NOT_IN_UNIT, "{person} belongs neither to {name} nor to a unit below it."),
    AudienceKind.LOCATION: (Code.NOT_IN_LOCATION, "{person} does not work at {name}."),
    AudienceKind.GROUP: (Code.NOT_IN_GROUP, "{person} is not in the group {name}."),
    AudienceKind.CONVERSATION: (Code.NOT_IN_CONVERSATION, "{person} is not in the conversation."),
    AudienceKind.PEOPLE: (Code.NOT_IN_LIST, "{person} is not on the list of people whom it is for."),
    AudienceKind.RULE: (Code.NOT_IN_RULE, "{person} is not among those whom the rule {name} names."),
    AudienceKind.SURVEY: (Code.NOT_IN_LIST, "{person} is not among those whom the survey asks."),
}
UNPUBLISHED: Mapping[PostStatus, tuple[Code, str]] = {
    PostStatus.DRAFT: (Code.DRAFT, "It is a draft: only who writes it sees it."),
    PostStatus.SCHEDULED: (Code.SCHEDULED, "It is not published yet: until then only who wrote it sees it."),
    PostStatus.IN_REVIEW: (Code.IN_REVIEW, "It waits for somebody who moderates there to let it pass."),
}


async def explain_access(ctx: Context, kind: str, id: uuid.UUID, person_id: uuid.UUID) -> Explained:
    """Whether a person sees a post, a comment or a group of the viewer's, and why.

    Raises `NotFound` where the viewer sees the thing or the person not, `Forbidden` where they may not ask.
    """
    if kind not in EXPLAINED:
        raise NotFound(path=["subjectId"])
    model, may_ask = EXPLAINED[kind]
    subject = await scope(model, ctx.me).get_or_none(id=id)
    if subject is None:
        raise NotFound(path=["subjectId"])
    await ctx.ensure(may_ask, subject, "ask who can see this: its author, who moderates it and administrators may")
    person = await scope(Person, ctx.me).get_or_none(id=person_id)
    if person is None:
        raise NotFound(path=["personId"])
    return await _explained(ctx, subject, person)


async def _explained(ctx: Context, subject: Model, person: Person) -> Explained:
    viewer = await sessions.acting(person.id)
    if viewer is None:
        since = "has not joined the company yet" if person.planned else "has left, and sees nothing any more"
        return Explained(is_visible=False, reasons=[AccessReason(Code.DEACTIVATED, f"{person.name} {since}.")])
    theirs = Asked(ctx.as_viewer(viewer), subject, person.name)
    if isinstance(subject, Group):
        reasons = [reason async for reason in _of_group(theirs, subject)]
    else:
        reasons = [reason async for reason in _of_content(ctx, theirs, person)]
    return Explained(await theirs.meets(READABLE[type(subject)]), reasons)


@dataclass(frozen=True)
class Asked:
    """The thing that is asked about, and the context of the person, called `person`, who sees it or not."""

    ctx: Context
    subject: Model
    person: str

    async def meets(self, condition: Condition) -> bool:
        """Whether a condition of the policies holds of the thing for the person."""
        return (await self.ctx.holds(condition, [self.subject]))[0]

    def because(self, reason: tuple[Code, str], name: str | None = None) -> AccessReason:
        code, message = reason
        return AccessReason(code, message.format(person=self.person, name=name))


async def _of_content(ctx: Context, asked: Asked, person: Person) -> AsyncIterator[AccessReason]:
    """Of a post or a comment."""
    subject = asked.subject
    assert isinstance(subject, Post | Comment)
    if isinstance(subject, Post) and subject.status is not PostStatus.PUBLISHED:
        yield asked.because(UNPUBLISHED[subject.status])
        if await asked.meets(feed.is_own):
            yield AccessReason(Code.AUTHOR, f"{asked.person} has written it.")
        elif subject.status is PostStatus.IN_REVIEW and await asked.meets(in_audience & feed.moderates):
            yield AccessReason(Code.MODERATES, f"{asked.person} moderates what is posted there.")
        return
    if isinstance(subject, Comment) and subject.removed:
        yield AccessReason(Code.REMOVED, "It was removed: only its place is left, for the replies below it.")
    audience = await ctx.loaders["audiences"].load(subject.audience_id)
    kind = AudienceKind(audience["kind"])
    if kind is AudienceKind.LOCATION and not (await sight.shows(ctx, BuiltIn.LOCATION, [person]))[0]:
        raise Forbidden("Where this person works is hidden from you, so that you cannot ask.", ["personId"])
    if await asked.meets(in_audience):
        yield asked.because(INSIDE[kind], audience["name"])
    elif await asked.meets(is_member & audiences.is_open):
        yield AccessReason(Code.OPEN_GROUP, "The group is open: everybody of the company reads it.")
    elif await asked.meets(is_guest):
        yield AccessReason(Code.GUEST_OUTSIDE, f"{asked.person} is a guest, and sees only what is named to guests.")
    else:
        yield asked.because(OUTSIDE[kind], audience["name"])


async def _of_group(asked: Asked, group: Group) -> AsyncIterator[AccessReason]:
    if await asked.meets(groups.in_group):
        yield asked.because(INSIDE[AudienceKind.GROUP], group.name)
    elif await asked.meets(groups.is_invited):
        yield AccessReason(Code.INVITED, f"{asked.person} is invited to it.")
    elif await asked.meets(is_guest):
        yield AccessReason(Code.GUEST_OUTSIDE, f"{asked.person} is a guest, and knows only of groups they are in.")
    elif await asked.meets(groups.is_open):
        yield AccessReason(Code.OPEN_GROUP, "The group is open: everybody of the company reads it.")
    elif await asked.meets(~groups.is_secret):
        yield AccessReason(Code.PRIVATE_GROUP, "Everybody of the company knows of the group; its members read it.")
    else:
        yield asked.because(OUTSIDE[AudienceKind.GROUP], group.name)

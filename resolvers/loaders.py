"""The loaders of a context: one table, each within the viewer's scope or with its reason for needing none."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

import asyncpg

from execution.declared_loaders import by_id, count_by, many_by
from models import audiences, conversation_members, db, guests, memberships, profiles
from models.conversations import Conversation
from models.drafts import OrgDraft
from models.feed import Comment, Post
from models.groups import Group
from models.messages import Message
from models.org import OrgUnit
from models.people import Person
from models.positions import Position
from models.profiles import ProfileField
from models.rules import AudienceRule
from models.skills import PersonSkill, Skill
from models.surveys import Survey, SurveySeries
from models.tags import Tag
from resolvers import polls, praise
from resolvers.comments import STANDING
from resolvers.companions import rows_of
from resolvers.context import Context
from resolvers.follows import FOLLOWERS
from resolvers.lists import Counts
from resolvers.message_history import STANDING as STANDING_REPLIES
from resolvers.rules import MEMBERS as MEMBERS_OF_RULE
from resolvers.skills import ENDORSERS, OF_THE_ACTIVE


async def audience_names(ctx: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
    # No scope: an audience is reached only through a row of it that the viewer sees, and so belongs to it.
    return await db.rows(audiences.NAMES, keys)


async def skills_of_people(ctx: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
    # No scope: it is reached only through a person's skill that the viewer sees, also by a guest who sees no catalogue.
    return await db.rows("SELECT s.*, 'Skill' AS _type FROM skill s WHERE s.id = ANY($1::uuid[])", keys)


async def own_memberships(ctx: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
    # No scope: they are the viewer's own, of groups that they see.
    return await memberships.of_person(ctx.me.person_id, keys)


async def member_counts(_: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
    # No scope: whoever may know of a group is told how many are in it.
    return await memberships.counts(keys)


async def guest_counts(_: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
    # No scope, as with members.
    return await guests.counts(keys)


async def own_conversation_members(ctx: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
    # No scope: they are the viewer's own.
    return await conversation_members.of_person(ctx.me.person_id, keys)


async def conversation_member_counts(_: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
    # No scope: whoever may know of a conversation is told how many are in it.
    return await conversation_members.counts(keys)


async def profile_values(ctx: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
    # No scope: whoever loads them shows each only as its field's visibility allows.
    return await profiles.values(keys)


async def field_owners(ctx: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
    # No scope: names of systems, shown to the person themself and to HR.
    return await profiles.owners(keys)


DECLARED: dict[str, Any] = {
    "people": rows_of(Person),
    "units": rows_of(OrgUnit),
    "positions": rows_of(Position),
    "org_drafts": rows_of(OrgDraft),
    "profile_fields": rows_of(ProfileField),
    "profile_values": many_by(profile_values, "person_id"),
    "field_owners": many_by(field_owners, "person_id"),
    "posts": rows_of(Post),
    "comments": rows_of(Comment),
    "tags": rows_of(Tag),
    "audiences": by_id(audience_names),
    "groups": rows_of(Group),
    "rules": rows_of(AudienceRule),
    "rule_member_counts": partial(Counts, model=Person, link=MEMBERS_OF_RULE),
    "own_memberships": by_id(own_memberships, "group_id"),
    "member_counts": count_by(member_counts),
    "guest_counts": count_by(guest_counts),
    "comment_counts": partial(Counts, model=Comment, link="post_id", where=STANDING),
    "conversations": rows_of(Conversation),
    "own_conversation_members": by_id(own_conversation_members, "conversation_id"),
    "conversation_member_counts": count_by(conversation_member_counts),
    "messages": rows_of(Message),
    "reply_counts": partial(Counts, model=Message, link="reply_to_id", where=STANDING_REPLIES),
    "polls": by_id(polls.shown),
    "surveys": rows_of(Survey),
    "survey_series": rows_of(SurveySeries),
    "praised_people": many_by(praise.praised, "post_id"),
    "skills": rows_of(Skill),
    "skills_of_people": by_id(skills_of_people),
    "person_skills": rows_of(PersonSkill),
    "skilled_counts": partial(Counts, model=PersonSkill, link="skill_id", where=OF_THE_ACTIVE),
    "endorsement_counts": partial(Counts, model=Person, link=ENDORSERS),
    "follower_counts": partial(Counts, model=Person, link=FOLLOWERS, where="r.active"),
}

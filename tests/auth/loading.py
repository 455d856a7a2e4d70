"""Storing a world in the real tables."""

from __future__ import annotations

from datetime import timedelta

from models import audiences, db, org
from models.audiences import LISTED, Audience, AudienceKind
from models.conversations import Conversation, ConversationKind, ConversationMember
from models.delegates import Delegate
from models.drafts import OrgDraft
from models.feed import Comment, Post, PostStatus
from models.groups import Group, Membership, MembershipStatus, Visibility
from models.mentions import Mention
from models.messages import Message
from models.org import OrgUnit
from models.people import Person
from models.positions import Holding, Position, ReportingLine
from models.profiles import FieldKind, ProfileField
from models.revisions import Revision
from models.rules import AudienceRule
from models.session import Access, AccessKind, RoleGrant
from models.skills import PersonSkill, Skill
from models.tags import PostTag, Tag, TagFollow
from tests.auth.inquiries import ask
from tests.auth.rooms import Room
from tests.auth.worlds import STANDING, Key, Question, World
from tests.factories.people import NOW


async def load(world: World) -> None:
    """Store a world, in empty tables; what follows from its rows is made by the code that makes it in production."""
    await db.execute("SET CONSTRAINTS ALL DEFERRED")
    stamp = {"created_at": NOW, "updated_at": NOW}
    await Person.bulk_create(
        Person(
            id=p.id,
            name="x",
            active=p.active,
            planned=p.planned,
            is_guest=p.is_guest,
            unit_id=p.unit,
            location=p.location,
            **stamp,
        )
        for p in world.people
    )
    await OrgUnit.bulk_create(
        OrgUnit(
            id=u.id,
            name="x",
            parent_id=u.parent,
            head_id=u.head,
            deputy_id=u.deputy,
            active=not u.planned,
            planned=u.planned,
            created_at=NOW,
        )
        for u in world.units
    )
    await org.rebuild_closure()
    await Position.bulk_create(
        Position(id=q.id, unit_id=q.unit, active=not q.planned, planned=q.planned, created_at=NOW) for q in world.seats
    )
    await Holding.bulk_create(
        Holding(position_id=h.seat, person_id=h.person, valid_from=h.days[0], valid_to=h.days[1]) for h in world.holds
    )
    await ReportingLine.bulk_create(
        ReportingLine(position_id=x.seat, manager_id=x.above, kind=x.kind, valid_from=x.days[0], valid_to=x.days[1])
        for x in world.lines
    )
    await ProfileField.bulk_create(map(_question, world.questions))
    await Audience.bulk_create(
        [Audience(id=id, kind=AudienceKind.LOCATION, location=place) for id, place in world.places]
        + [
            Audience(id=c.id, kind=c.kind, open=c.visibility == Visibility.OPEN, read_only=c.archived)
            for c in world.circles
        ]
    )
    await _write_groups(world)
    await audiences.follow_locations([person.id for person in world.people])
    for circle in world.circles:
        await audiences.add(circle.id, circle.members, listed=circle.kind in LISTED)
    await RoleGrant.bulk_create(RoleGrant(person_id=o.person, role=o.role, unit_id=o.unit) for o in world.offices)
    await Access.bulk_create(map(_access, world.keys))
    await Skill.bulk_create(Skill(id=s.id, name="x", key=str(s.id), created_at=NOW) for s in world.skills)
    await PersonSkill.bulk_create(
        PersonSkill(id=t.id, person_id=t.person, skill_id=t.skill, created_at=NOW) for t in world.talents
    )
    await OrgDraft.bulk_create(
        OrgDraft(id=d.id, name="x", effective_on=NOW.date(), created_at=NOW) for d in world.drafts
    )
    await _write(world)
    await _talk(world)
    await _remember(world)
    await _label(world)
    await ask(world.inquiries, world.pulses)
    await Mention.bulk_create(
        Mention(
            id=one.id,
            person_id=one.person,
            subject_id=one.subject,
            post_id=one.under,
            conversation_id=one.room,
            created_at=NOW,
        )
        for one in world.calls
    )


async def _write_groups(world: World) -> None:
    groups = [circle for circle in world.circles if circle.kind == AudienceKind.GROUP]
    await Group.bulk_create(
        Group(
            id=group.id,
            name="x",
            visibility=group.visibility,
            join_policy=group.policy,
            archived_at=NOW if group.archived else None,
            created_at=NOW,
        )
        for group in groups
    )
    await Membership.bulk_create(
        Membership(
            group_id=group.id,
            person_id=person,
            role=role,
            status=MembershipStatus.MEMBER,
            joined_at=NOW,
            created_at=NOW,
        )
        for group in groups
        for person, role in group.roles
    )
    await Membership.bulk_create(
        Membership(group_id=group.id, person_id=person, status=status, created_at=NOW)
        for group in groups
        for people, status in ((group.invited, MembershipStatus.INVITED), (group.banned, MembershipStatus.BANNED))
        for person in people
    )
    await AudienceRule.bulk_create(
        AudienceRule(id=circle.id, name="x", conditions={}, created_at=NOW)
        for circle in world.circles
        if circle.kind == AudienceKind.RULE
    )


async def _write(world: World) -> None:
    await Post.bulk_create(
        Post(
            id=post.id,
            author_id=post.author,
            audience_id=post.audience,
            written_by=post.writer,
            status=post.status,
            body="x",
            comments_closed=post.closed,
            created_at=NOW,
            published_at=NOW if post.status in STANDING else None,
            scheduled_at=NOW if post.status == PostStatus.SCHEDULED else None,
        )
        for post in world.posts
    )
    await Comment.bulk_create(
        Comment(
            id=comment.id,
            post_id=comment.under,
            author_id=comment.author,
            audience_id=comment.audience,
            removed=comment.status == PostStatus.REMOVED,
            kept=comment.kept,
            body="x",
            created_at=NOW,
        )
        for comment in world.comments
    )


async def _talk(world: World) -> None:
    await Audience.bulk_create(
        Audience(id=room.id, kind=AudienceKind.CONVERSATION, read_only=room.archived) for room in world.rooms
    )
    await Conversation.bulk_create(map(_conversation, world.rooms))
    for room in world.rooms:
        await audiences.add(room.id, [one.person for one in room.partners], listed=True)
    await ConversationMember.bulk_create(
        ConversationMember(conversation_id=room.id, person_id=one.person, role=one.role, since=one.since, joined_at=NOW)
        for room in world.rooms
        for one in room.partners
    )
    await Message.bulk_create(
        Message(
            id=one.id,
            conversation_id=one.room.id,
            sequence=one.sequence,
            author_id=one.author,
            removed=one.removed,
            body="x",
            created_at=NOW,
        )
        for one in world.sayings
    )


async def _remember(world: World) -> None:
    await Delegate.bulk_create(
        Delegate(person_id=person, delegate_id=delegate, created_at=NOW) for person, delegate in world.delegates
    )
    await Revision.bulk_create(
        Revision(id=one.id, subject_id=one.of.id, version=1, body="x", written_at=NOW, replaced_at=NOW)
        for one in world.pasts
    )


async def _label(world: World) -> None:
    posts = {post.id: post for post in world.posts}
    await Tag.bulk_create(
        Tag(id=one.id, name="x", key=str(one.id), kept=one.kept, created_by=one.creator, created_at=NOW)
        for one in world.labels
    )
    await PostTag.bulk_create(
        PostTag(
            post_id=post,
            tag_id=label.id,
            audience_id=posts[post].audience,
            published_at=NOW if posts[post].status == PostStatus.PUBLISHED else None,
        )
        for label in world.labels
        for post in label.posts
    )
    await TagFollow.bulk_create(
        TagFollow(person_id=person, tag_id=label.id, created_at=NOW)
        for label in world.labels
        for person in label.followers
    )


def _conversation(room: Room) -> Conversation:
    two = [str(one.person) for one in room.partners]
    return Conversation(
        id=room.id,
        kind=room.kind,
        title="x" if room.kind == ConversationKind.CHANNEL else None,
        pair=f"{two[0]}:{two[-1]}" if room.kind == ConversationKind.DIRECT else None,
        home_id=room.home,
        archived_at=NOW if room.archived else None,
        created_at=NOW,
        moved_at=NOW,
    )


def _question(question: Question) -> ProfileField:
    return ProfileField(
        id=question.id,
        name="x",
        key=str(question.id),
        kind=FieldKind.TEXT,
        visibility=question.visibility,
        created_at=NOW,
        deleted_at=NOW if question.deleted else None,
    )


def _access(key: Key) -> Access:
    return Access(
        id=key.id,
        kind=AccessKind.SESSION if key.scopes is None else AccessKind.TOKEN,
        person_id=key.person,
        secret_hash=str(key.id),
        scopes=None if key.scopes is None else sorted(key.scopes),
        created_at=NOW,
        last_used_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )

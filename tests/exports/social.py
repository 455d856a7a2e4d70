"""Groups, tags and all that hangs on posts, for a company in which everything is that an export can hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from models import db
from models.audiences import Audience, AudienceKind, AudienceMember
from models.delegates import Delegate
from models.feed import Post, PostKind, PostStatus, PraisedPerson
from models.groups import Group, GroupRole, JoinPolicy, Membership, MembershipSource, MembershipStatus, Visibility
from models.keys import uuid7
from models.mentions import Mention
from models.org import OrgUnit
from models.people import Person
from models.polls import Poll, PollOption, PollResults, PollVote
from models.reactions import Reaction
from models.readings import Acknowledgement, MustRead
from models.revisions import Revision
from models.rules import AudienceRule
from models.seen import Bookmark, Seen
from models.tags import MergedTag, PostTag, Tag, TagFollow, TagSynonym
from tests.factories.feed import a_comment, a_post
from tests.factories.people import NOW

LATER, BEFORE = NOW + timedelta(days=9), NOW - timedelta(days=9)


async def a_social_life(kitchen: OrgUnit, ann: Person, bob: Person, gil: Person) -> None:
    """Everything of these, at least once."""
    kitchen.moderated = True
    await kitchen.save(update_fields=["moderated"])
    gil.expires_at = LATER
    await gil.save(update_fields=["expires_at"])
    await Delegate.create(person_id=ann.id, delegate_id=bob.id, created_at=NOW)
    club = await _groups(ann, bob, gil)
    rule = await _rules(club, kitchen, ann, bob)
    tags = await _tags(ann, bob)
    await _posts(club, rule, tags, ann, bob, gil)


async def _groups(ann: Person, bob: Person, gil: Person) -> UUID:
    """An open club, an archived one that will be purged, and a secret one that nobody has joined by themselves."""
    club = await _group(
        "Club “Ω”", Visibility.OPEN, JoinPolicy.OPEN, is_default=True, moderated=True, created_by=ann.id
    )
    old = await _group("Old", Visibility.PRIVATE, JoinPolicy.REQUEST, archived_at=NOW, purge_at=LATER, client_id="7")
    secret = await _group("Secret", Visibility.SECRET, JoinPolicy.INVITE, description="Line\ntwo")
    await _in(club, ann, GroupRole.OWNER, MembershipSource.JOINED)
    await _in(club, gil, GroupRole.GUEST, MembershipSource.ADDED, by_id=ann.id, expires_at=LATER)
    await _in(old, bob, GroupRole.OWNER, MembershipSource.RULE)
    await _in(secret, bob, GroupRole.MODERATOR, MembershipSource.DEFAULT)
    for group, status in ((old, "REQUESTED"), (secret, "INVITED")):
        until = LATER if status == "INVITED" else None
        await Membership.create(
            group_id=group, person_id=ann.id, status=MembershipStatus(status), expires_at=until, created_at=BEFORE
        )
    await Membership.create(
        group_id=club, person_id=bob.id, status=MembershipStatus.BANNED, by_id=ann.id, created_at=NOW
    )
    return club


async def _group(name: str, visibility: Visibility, policy: JoinPolicy, **more: Any) -> UUID:
    id = uuid7()
    archived = more.get("archived_at") is not None
    await Audience.create(id=id, kind=AudienceKind.GROUP, open=visibility is Visibility.OPEN, read_only=archived)
    await Group.create(id=id, name=name, visibility=visibility, join_policy=policy, created_at=BEFORE, **more)
    return id


async def _in(group: UUID, person: Person, role: GroupRole, source: MembershipSource, **more: Any) -> None:
    """Somebody is in a group, and so in its audience."""
    status = MembershipStatus.MEMBER
    await Membership.create(
        group_id=group,
        person_id=person.id,
        role=role,
        status=status,
        source=source,
        joined_at=NOW,
        created_at=BEFORE,
        **more,
    )
    await AudienceMember.create(person_id=person.id, audience_id=group)


async def _rules(club: UUID, kitchen: OrgUnit, ann: Person, bob: Person) -> UUID:
    """A rule of its own with whom it met, and one of a group."""
    id, conditions = uuid7(), {"all": [{"unit": str(kitchen.id)}], "none": []}
    await Audience.create(id=id, kind=AudienceKind.RULE)
    await AudienceRule.create(
        id=id, name="Cooks", conditions=conditions, is_snapshot=True, created_by=ann.id, created_at=NOW
    )
    await AudienceMember.create(person_id=bob.id, audience_id=id)
    await AudienceRule.create(id=club, conditions=conditions, created_at=NOW)
    return id


async def _tags(ann: Person, bob: Person) -> list[Tag]:
    lunch = await Tag.create(
        name="Lunch", key="lunch", description="Food", kept=True, priority=True, created_by=ann.id, created_at=NOW
    )
    official = await Tag.create(name="Café", key="café", restricted=True, created_at=NOW)
    await TagSynonym.create(tag_id=lunch.id, name="Canteen", key="canteen")
    await MergedTag.create(id=uuid7(), tag_id=lunch.id, merged_at=NOW)
    await TagFollow.create(person_id=bob.id, tag_id=lunch.id, created_at=NOW)
    return [official, lunch]


async def _posts(club: UUID, rule: UUID, tags: list[Tag], ann: Person, bob: Person, gil: Person) -> None:
    question = await a_post("Who? #café", author=bob, kind=PostKind.QUESTION, audience=club, version=3, edited_at=NOW)
    for rank, tag in enumerate(tags):
        tagged: dict[str, Any] = {"tag_id": tag.id, "audience_id": club, "published_at": question.published_at}
        await PostTag.create(post_id=question.id, given=rank > 0, **tagged)
    await _talk(question, ann, bob, gil)
    await a_post(
        "Look", author=ann, audience=rule, written_by=bob.id, shared_id=question.id, comments_closed=True, pinned_at=NOW
    )
    praise = await a_post("Thanks", author=ann, kind=PostKind.PRAISE, praise_value="Craft")
    for person in (bob, gil):
        await PraisedPerson.create(post_id=praise.id, person_id=person.id)
    await _must_read(praise, ann, bob)
    await _poll(ann, bob, gil)
    unpublished: dict[str, Any] = {"author_id": bob.id, "audience_id": club, "created_at": NOW}
    draft = await Post.create(body="…", status=PostStatus.DRAFT, returned="Too short", **unpublished)
    await PostTag.create(post_id=draft.id, tag_id=tags[0].id, audience_id=club)
    await Post.create(body="Soon", status=PostStatus.SCHEDULED, scheduled_at=LATER, **unpublished)
    await Post.create(body="May I?", status=PostStatus.IN_REVIEW, **unpublished)


async def _talk(question: Post, ann: Person, bob: Person, gil: Person) -> None:
    """An answer, a removed comment that is kept for its reply, revisions, mentions, reactions, and who has seen it."""
    answer = await a_comment(question, "Me", author=ann, version=2, edited_at=NOW)
    gone = await a_comment(question, "", author=gil, removed=True, kept=True)
    await a_comment(question, "Why?", author=ann, reply_to_id=gone.id)
    await db.execute("UPDATE post SET accepted_id = $2 WHERE id = $1", question.id, answer.id)
    said: dict[str, Any] = {"written_at": BEFORE, "replaced_at": NOW}
    await Revision.create(subject_id=question.id, version=1, title="Old", body="What?", replaced_by=bob.id, **said)
    await Revision.create(subject_id=question.id, version=2, body="Who?", **said)
    await Revision.create(subject_id=answer.id, version=1, body="I", replaced_by=ann.id, **said)
    for subject, person, told in ((question, ann, True), (answer, gil, False)):
        await Mention.create(
            subject_id=subject.id, post_id=question.id, person_id=person.id, told=told, created_at=BEFORE
        )
    for subject, person, emoji in (
        (question, ann, "👍"),
        (question, ann, "❤️"),
        (question, gil, "👍"),
        (answer, gil, "🎉"),
    ):
        await Reaction.create(subject_id=subject.id, person_id=person.id, emoji=emoji, created_at=NOW)
    for person in (ann, gil):
        await Seen.create(post_id=question.id, person_id=person.id, seen_at=NOW)
    await Bookmark.create(post_id=question.id, person_id=gil.id, created_at=NOW)


async def _must_read(post: Post, ann: Person, bob: Person) -> None:
    await MustRead.create(id=post.id, due_at=LATER, round=2, required_by=ann.id, required_at=BEFORE)
    for round in (1, 2):
        await Acknowledgement.create(post_id=post.id, person_id=bob.id, round=round, acknowledged_at=NOW)


async def _poll(ann: Person, bob: Person, gil: Person) -> None:
    post = await a_post("Which?", author=gil, kind=PostKind.POLL)
    await Poll.create(id=post.id, is_multiple=True, results=PollResults.ALWAYS, closes_at=LATER)
    options = [await PollOption.create(poll_id=post.id, place=place, text=f"Way {place}") for place in range(3)]
    for person, option in ((ann, options[0]), (bob, options[0]), (bob, options[2])):
        await PollVote.create(poll_id=post.id, option_id=option.id, person_id=person.id)

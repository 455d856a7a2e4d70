"""Groups and where people stand towards them, as rows."""

from __future__ import annotations

import uuid
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from execution.ids import decode_id
from models import audiences
from models.audiences import Audience, AudienceKind
from models.groups import Group, GroupRole, JoinPolicy, Membership, MembershipSource, MembershipStatus, Visibility
from models.people import Person
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.outsiders import ALL, STRANGERS, Outsider
from tests.factories.people import NOW
from tests.factories.polls import a_poll
from tests.factories.praise import a_praise
from tests.factories.readings import a_must_read
from tests.factories.tags import a_tag, tagged

if TYPE_CHECKING:
    from tests.leaks.ground import Ground

_second = count()


async def a_group(
    name: str = "Launch",
    *,
    owner: Person | None = None,
    visibility: Visibility = Visibility.PRIVATE,
    join_policy: JoinPolicy = JoinPolicy.INVITE,
    archived: bool = False,
    **more: Any,
) -> Group:
    """A group with its audience, and its owner if there is one."""
    values: dict[str, Any] = {"created_at": NOW, "archived_at": NOW if archived else None} | more
    group = Group(name=name, visibility=visibility, join_policy=join_policy, **values)
    is_open = visibility is Visibility.OPEN
    await Audience.create(id=group.id, kind=AudienceKind.GROUP, open=is_open, read_only=archived)
    await group.save(force_create=True)
    if owner:
        await a_member(group, owner, GroupRole.OWNER)
    return group


async def a_member(
    group: Group,
    person: Person,
    role: GroupRole = GroupRole.MEMBER,
    *,
    source: MembershipSource = MembershipSource.ADDED,
) -> Membership:
    """Somebody who is in a group, and came after those before."""
    moment = NOW + timedelta(seconds=next(_second))
    values: dict[str, Any] = {"status": MembershipStatus.MEMBER, "source": source, "joined_at": moment}
    await audiences.add(group.id, [person.id], listed=False)
    return await Membership.create(group_id=group.id, person_id=person.id, role=role, created_at=moment, **values)


async def a_standing(group: Group, person: Person, status: MembershipStatus, **more: Any) -> Membership:
    """Somebody who is not in a group, but something to it; an invitation holds for two weeks."""
    if status is MembershipStatus.INVITED:
        more = {"expires_at": NOW + timedelta(days=14)} | more
    values: dict[str, Any] = {"role": GroupRole.GUEST if person.is_guest else GroupRole.MEMBER, "created_at": NOW}
    return await Membership.create(group_id=group.id, person_id=person.id, status=status, **(values | more))


async def settle(ground: Ground) -> None:
    """A group that the company knows of, and a secret one in which all were who were insiders once."""
    known, about = ground.word("known", STRANGERS), ground.word("about", STRANGERS)
    public = await _made(ground, known, about, visibility="PRIVATE", join_policy="REQUEST")
    ground.hide(public, STRANGERS)
    secret = await _hidden(ground)
    ground.groups.append(decode_id(secret)[1])


async def plant(ground: Ground) -> None:
    """Another secret group, in which the insiders write, which some outsiders are banned from, or were invited to."""
    secret = await _hidden(ground)
    for who in (Outsider.ELSEWHERE, Outsider.ADMIN):
        banned = {"group_id": secret, "person_id": global_id(ground.outsiders[who])}
        await ground.ask(ground.ida, "memberships/ban_from_group", **banned)
    invited = {"group_id": secret, "person_ids": [global_id(ground.outsiders[Outsider.HEAD])]}
    await ground.ask(ground.ida, "admissions/invite_to_group", **invited)
    withdrawn = {"group_id": secret, "person_id": global_id(ground.outsiders[Outsider.HEAD])}
    await ground.ask(ground.ida, "admissions/withdraw_invitation", **withdrawn)


async def _hidden(ground: Ground) -> str:
    """The id of a secret group of the insiders, with a post and a comment."""
    secret = await _made(ground, ground.word("group"), ground.word("purpose"), visibility="SECRET")
    ground.hide(secret, ALL - {Outsider.TOKEN})  # who may write, as Iris may, posts to a group whose id they know
    members = [global_id(one) for one in (*ground.insiders, ground.iris) if one is not ground.ida]
    await ground.ask(ground.ida, "memberships/add_group_members", group_id=secret, person_ids=members)
    body = {"kind": "DISCUSSION", "body": f"In {ground.word('inner')}", "audience": {"groupId": secret}}
    post = (await ground.ask(ground.ida, "posts/create_post", **body))["createPost"]["post"]["id"]
    under = {"post_id": post, "body": ground.word("answer")}
    comment = (await ground.ask(ground.ivan, "comments/add_comment", **under))["addComment"]["comment"]["id"]
    for id in (post, comment):
        ground.hide(id)
    await _written_inside(ground, decode_id(secret)[1])
    return secret


async def _written_inside(ground: Ground, group: uuid.UUID) -> None:
    """A tagged post, a poll, praise and what must be read, all in the group; the tag is nowhere else."""
    tag = await a_tag(ground.word("label"))
    words = ground.word("choice"), ground.word("choice")
    poll = await a_poll(*words, author=ground.ida, audience=group, question=ground.word("asked"))
    praise = await a_praise(ground.ivan, author=ground.ida, value=ground.word("merit"), audience=group)
    must = await tagged(await a_post(ground.word("duty"), author=ground.ivan, audience=group), tag)
    await a_must_read(must, by=ground.ida)
    for row in (tag, poll, praise, must):
        ground.hide(global_id(row))


async def _made(ground: Ground, name: str, description: str, **more: str) -> str:
    given = {"join_policy": "INVITE"} | more
    made = await ground.ask(ground.ida, "groups/create_group", name=name, description=description, **given)
    return made["createGroup"]["group"]["id"]

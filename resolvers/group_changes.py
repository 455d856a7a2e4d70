"""What owners change of a group, and what follows for those who wait to come in and for what was written."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from auth.policies import groups as policy
from models.audiences import Audience
from models.errors import ErrorCode, Invalid
from models.groups import Group, GroupRole, JoinPolicy, MembershipSource, MembershipStatus, Visibility
from models.memberships import enrol, standing, turn_away
from resolvers.changes.accounts import rights_changed
from resolvers.client_ids import expect
from resolvers.context import Context
from resolvers.groups import SECRET_BY_INVITATION, acting, clean_description, clean_name, renewed
from subscriptions.groups import GroupChanged, GroupReadersChanged, JoinRequestDeclined, MemberJoined


class GroupWarning(StrEnum):
    """What a change of a group brings about besides."""

    PAST_BECOMES_READABLE = "PAST_BECOMES_READABLE"
    BECOMES_KNOWN = "BECOMES_KNOWN"
    HIDDEN_FROM_OTHERS = "HIDDEN_FROM_OTHERS"
    INVITATION_ONLY = "INVITATION_ONLY"
    REQUESTS_ACCEPTED = "REQUESTS_ACCEPTED"
    REQUESTS_DECLINED = "REQUESTS_DECLINED"


SENTENCES: dict[GroupWarning, str] = {
    GroupWarning.PAST_BECOMES_READABLE: "Everybody of the company can read the group, with all that was written in it"
    " before.",
    GroupWarning.BECOMES_KNOWN: "Everybody of the company can see that the group exists, its name and description.",
    GroupWarning.HIDDEN_FROM_OTHERS: "Whoever is not a member can no longer read the group. What they have read or"
    " copied before stays with them.",
    GroupWarning.INVITATION_ONLY: "From now on people come in by invitation only.",
    GroupWarning.REQUESTS_ACCEPTED: "Those who had asked to join are members now.",
    GroupWarning.REQUESTS_DECLINED: "Those who had asked to join were declined.",
}
WIDENING = (GroupWarning.PAST_BECOMES_READABLE, GroupWarning.BECOMES_KNOWN)
"""What cannot be taken back once others have looked: done only when confirmed."""


@dataclass(frozen=True)
class GroupEdit:
    """What is to be different; None: stays as it is."""

    name: str | None = None
    description: str | None = None
    visibility: Visibility | None = None
    join_policy: JoinPolicy | None = None
    moderated: bool | None = None


@dataclass
class Updated:
    """A group that was changed, and what came of it."""

    group: Any
    warnings: list[GroupWarning] = field(default_factory=list[GroupWarning])
    accepted: int = 0
    declined: int = 0


async def update_group(
    ctx: Context, id: uuid.UUID, edit: GroupEdit, *, expected_version: int | None = None, confirmed: bool = False
) -> Updated:
    """Change a group. More people come to see it only where that is `confirmed`.

    Raises `NotFound`, `Forbidden`, `Invalid` or `Conflict`.
    """
    name = None if edit.name is None else clean_name(edit.name)
    description = None if edit.description is None else clean_description(edit.description)
    async with acting(ctx, id, policy.can_update, "change this group: that is for its owners") as group:
        expect(group, expected_version)
        was, joined_by = group.visibility, group.join_policy
        group.name = group.name if name is None else name
        group.description = group.description if description is None else description
        group.moderated = group.moderated if edit.moderated is None else edit.moderated
        _open_up(group, edit)
        updated = Updated(group, list(_warnings(was, joined_by, group)))
        _confirm(updated.warnings, confirmed=confirmed)
        if group.visibility is not was:
            await Audience.filter(id=id).update(open=group.visibility is Visibility.OPEN)
            if Visibility.OPEN in (was, group.visibility):
                ctx.emit(GroupReadersChanged(id))
        if group.join_policy is not joined_by:
            await _settle_requests(ctx, group, updated)
        group.version += 1
        columns = ["name", "description", "visibility", "join_policy", "moderated", "version"]
        await group.save(update_fields=columns)
        ctx.emit(GroupChanged(id))
    updated.group = await renewed(ctx, id)
    return updated


def _open_up(group: Group, edit: GroupEdit) -> None:
    """Take over visibility and join policy. A group that becomes secret takes people in by invitation."""
    group.visibility = edit.visibility or group.visibility
    group.join_policy = edit.join_policy or group.join_policy
    if group.visibility is Visibility.SECRET and group.join_policy is not JoinPolicy.INVITE:
        if edit.join_policy is not None:
            raise Invalid(SECRET_BY_INVITATION, ["joinPolicy"])
        group.join_policy = JoinPolicy.INVITE


def _warnings(was: Visibility, joined_by: JoinPolicy, group: Group) -> Iterator[GroupWarning]:
    if group.visibility is Visibility.OPEN and was is not Visibility.OPEN:
        yield GroupWarning.PAST_BECOMES_READABLE
    if was is Visibility.SECRET and group.visibility is not was:
        yield GroupWarning.BECOMES_KNOWN
    if was is Visibility.OPEN and group.visibility is not was:
        yield GroupWarning.HIDDEN_FROM_OTHERS
    if group.join_policy is JoinPolicy.INVITE and joined_by is not JoinPolicy.INVITE:
        yield GroupWarning.INVITATION_ONLY


def _confirm(warnings: list[GroupWarning], *, confirmed: bool) -> None:
    widening = [SENTENCES[one] for one in warnings if one in WIDENING]
    if widening and not confirmed:
        sentence = f"This cannot be taken back: {' '.join(widening)} Send it again with `confirmed: true` to do it."
        raise Invalid(sentence, ["confirmed"], code=ErrorCode.CONFIRMATION_REQUIRED)


async def _settle_requests(ctx: Context, group: Group, updated: Updated) -> None:
    """Let those in who wait, where everybody may come in now; decline them where nobody may ask any more."""
    if group.join_policy is JoinPolicy.REQUEST:
        return
    people = await standing(group.id, MembershipStatus.REQUESTED)
    if not people:
        return
    if group.join_policy is JoinPolicy.OPEN:
        source, by = MembershipSource.JOINED, ctx.me.person_id
        let_in = await enrol(group.id, people, GroupRole.MEMBER, source, by=by, now=ctx.now())
        await rights_changed(ctx, let_in)
        for person in let_in:
            ctx.emit(MemberJoined(group.id, person))
        updated.accepted = len(let_in)
        updated.warnings.append(GroupWarning.REQUESTS_ACCEPTED)
        return
    await turn_away(group.id, MembershipStatus.REQUESTED)
    updated.declined = len(people)
    for person in people:
        ctx.emit(JoinRequestDeclined(group.id, person))
    updated.warnings.append(GroupWarning.REQUESTS_DECLINED)

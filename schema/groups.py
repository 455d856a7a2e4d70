"""Groups: what they are, how they are found, made and changed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET, argument

from auth.policies import groups as policy
from execution.fields import column, computed, is_set, relation
from execution.lengths import at_most
from execution.rows import read
from execution.scalars import HTML, Markdown
from models.groups import GroupRole, JoinPolicy, MembershipStatus, Visibility
from resolvers import feeds, group_changes, group_lists
from resolvers import groups as actions
from resolvers.group_changes import SENTENCES, GroupEdit, GroupWarning
from resolvers.groups import GroupFilter
from resolvers.lists import PageArgs
from resolvers.markdown import to_html
from schema.connections import Connection, connection
from schema.enums import shown
from schema.errors import UserError, answers, failed
from schema.group_ends import GroupEnding
from schema.group_people import GroupMemberConnection, GroupMembership, GroupStandingConnection
from schema.group_rules import RuleBound
from schema.guests import GroupGuests
from schema.nodes import Info, Node, found_key, identity, key, node
from schema.pins import AudiencePins
from schema.policies import may
from schema.refs import PostRef
from schema.seen import GroupSeen

shown(
    GroupWarning,
    "What a change of a group brings about besides.",
    {
        GroupWarning.PAST_BECOMES_READABLE: "The whole company reads it, with what was written before.",
        GroupWarning.BECOMES_KNOWN: "The whole company knows that it exists.",
        GroupWarning.HIDDEN_FROM_OTHERS: "Only members read it from now on.",
        GroupWarning.INVITATION_ONLY: "People come in by invitation only from now on.",
        GroupWarning.REQUESTS_ACCEPTED: "Those who had asked to join are members now.",
        GroupWarning.REQUESTS_DECLINED: "Those who had asked to join were declined.",
    },
    name="GroupWarningCode",
)


@node("groups", description="People who have joined, and what they write among themselves.")
class Group(Node, AudiencePins, GroupSeen, RuleBound, GroupGuests, GroupEnding):
    id: strawberry.ID = identity("Group")
    name: str = column("At most 100 characters. Several groups may have the same one.")
    description: Markdown = column("What it is about; at most 5,000 characters, empty if not said.")
    description_html: HTML = computed(
        lambda group: to_html(read(group, "description")), description="What it is about, safe to show."
    )
    visibility: Visibility = column("Who may know of it, and read it.")
    join_policy: JoinPolicy = column("How people come in by themselves.")
    is_moderated: bool = column("Whether posts of members wait until a moderator lets them pass.", source="moderated")
    is_archived: bool = computed(
        is_set,
        of="archived_at",
        description="Whether it has been closed: it is read as before, and nothing in it changes.",
    )
    created_at: datetime = column("When it was made.")
    version: int = column("Rises with each change; edits may expect one.")
    member_count: int = relation("member_counts", key="id", description="How many people are in it.")
    viewer_membership: GroupMembership | None = relation(
        "own_memberships", key="id", description="Where the viewer stands towards it; null for no relation at all."
    )
    viewer_can_join: bool = may(
        policy.can_join, "Whether the viewer may join it, accept an invitation, or ask to be let in."
    )
    viewer_can_update: bool = may(policy.can_update, "Whether the viewer may change it, and give people roles.")
    viewer_can_moderate: bool = may(policy.can_lead, "Whether the viewer may let people in, and take them out.")

    @connection(
        description="Its members, those who have been in it longest first; empty for who may not see them: those"
        " outside, unless it is open."
    )
    def members(
        self,
        info: Info,
        role: Annotated[GroupRole | None, argument(description="Only those with this role.")] = None,
        *,
        page: PageArgs,
    ) -> GroupMemberConnection:
        return group_lists.members(info.context, self, role, page)

    @connection(description="Those who ask to join, the first first; empty for who does not moderate it.")
    def requests(self, info: Info, *, page: PageArgs) -> GroupStandingConnection:
        return group_lists.standing(info.context, self, MembershipStatus.REQUESTED, page)

    @connection(description="Those who are invited, the first first; empty for who does not moderate it.")
    def invitations(self, info: Info, *, page: PageArgs) -> GroupStandingConnection:
        return group_lists.standing(info.context, self, MembershipStatus.INVITED, page)

    @connection(description="Those who are banned from it; empty for who does not moderate it.")
    def bans(self, info: Info, *, page: PageArgs) -> GroupStandingConnection:
        return group_lists.standing(info.context, self, MembershipStatus.BANNED, page)

    @connection(description="What is posted to it, the newest first; empty for who may not read it.")
    def posts(self, info: Info, *, page: PageArgs) -> Connection[PostRef]:
        return feeds.of_audience(info.context, self, page)  # pyright: ignore[reportReturnType]


@strawberry.input(one_of=True, description="One way to name a group. Names are no way: several may have the same one.")
class GroupBy:
    id: strawberry.ID | None = strawberry.field(default=UNSET, description="By id.")


@strawberry.input(
    name="GroupFilter", description="What groups must have in common; what is absent or null asks nothing."
)
class GroupFilterInput:
    text: str | None = strawberry.field(default=None, description="With this in their name; at most 100 characters.")
    is_mine: bool | None = strawberry.field(default=None, description="The viewer is in them, or is not.")
    visibility: Visibility | None = strawberry.field(default=None, description="Of this visibility.")
    join_policy: JoinPolicy | None = strawberry.field(default=None, description="Of this join policy.")
    is_archived: bool | None = strawberry.field(default=None, description="Archived, or not.")


@strawberry.input(description="A group to be. Whoever makes it owns it.")
class CreateGroupInput:
    name: str = strawberry.field(description="1 to 100 characters; need not be the only one of that name.")
    visibility: Visibility = strawberry.field(description="Who may know of it, and read it.")
    join_policy: JoinPolicy = strawberry.field(description="How people come in; INVITE for a secret one.")
    description: Markdown | None = strawberry.field(default=None, description="At most 5,000 characters.")
    is_moderated: bool = strawberry.field(
        default=False, description="Whether posts of members wait until a moderator lets them pass."
    )
    client_id: str | None = strawberry.field(
        default=None, description="The client's own id; the same again is the same group. At most 100 characters."
    )


@strawberry.input(description="What is to be different of a group; what is absent or null stays as it is.")
class UpdateGroupInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if the group is at another version."
    )
    name: str | None = strawberry.field(default=None, description="1 to 100 characters.")
    description: Markdown | None = strawberry.field(default=None, description="At most 5,000 characters; may be empty.")
    visibility: Visibility | None = strawberry.field(
        default=None, description="Who may know of it, and read it. To more people only with `confirmed`."
    )
    join_policy: JoinPolicy | None = strawberry.field(
        default=None, description="How people come in. OPEN lets those in who have asked, INVITE declines them."
    )
    is_moderated: bool | None = strawberry.field(
        default=None, description="Whether posts of members wait until a moderator lets them pass."
    )
    confirmed: bool = strawberry.field(
        default=False, description="Show the group, and what was written in it before, to more people indeed."
    )


@strawberry.type(description="What a change of a group brings about besides.")
class GroupChangeWarning:
    code: GroupWarning = strawberry.field(description="Stable; branch on this.")
    message: str = strawberry.field(description="One sentence for people.")


@strawberry.type(description="What became of `createGroup`.")
class CreateGroupPayload:
    group: Group | None = strawberry.field(default=None, description="The group; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `updateGroup`.")
class UpdateGroupPayload:
    group: Group | None = strawberry.field(default=None, description="The group as it is now.")
    warnings: list[GroupChangeWarning] = strawberry.field(
        default_factory=list, description="What came of it besides.", metadata=at_most(len(GroupWarning))
    )
    accepted_request_count: int = strawberry.field(
        default=0, description="How many of those who had asked to join are in it now."
    )
    declined_request_count: int = strawberry.field(
        default=0, description="How many of those who had asked to join were declined."
    )
    errors: list[UserError] = failed()


@strawberry.type
class Query:
    @strawberry.field(description="A group; null where there is none or it is not visible. Scope groups:read.")
    async def group(self, info: Info, by: Annotated[GroupBy, argument(description="Which one.")]) -> Group | None:
        return await actions.group(info.context, found_key("Group", str(by.id)))

    @connection(
        description="The groups that the viewer may know of, by name: open and private ones, and the secret ones that"
        " they are in or invited to. Guests know only of those. Scope groups:read."
    )
    async def groups(
        self,
        info: Info,
        filter_by: Annotated[GroupFilterInput | None, argument(description="Only some of them.")] = None,
        *,
        page: PageArgs,
    ) -> Connection[Group]:
        given = filter_by or GroupFilterInput()
        asked = GroupFilter(given.text, given.is_mine, given.visibility, given.join_policy, given.is_archived)
        return await actions.groups(info.context, asked, page)  # pyright: ignore[reportReturnType]


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Make a group; anybody of the company. Scope groups:write.")
    @answers(CreateGroupPayload)
    async def create_group(self, info: Info, input: CreateGroupInput) -> CreateGroupPayload:
        created = await actions.create_group(
            info.context,
            name=input.name,
            visibility=input.visibility,
            join_policy=input.join_policy,
            description=input.description or "",
            moderated=input.is_moderated,
            client_id=input.client_id,
        )
        return CreateGroupPayload(group=created)

    @strawberry.mutation(description="Change a group; its owners. Scope groups:write.")
    @answers(UpdateGroupPayload)
    async def update_group(self, info: Info, input: UpdateGroupInput) -> UpdateGroupPayload:
        id = key("Group", input.group_id, ["groupId"])
        edit = GroupEdit(input.name, input.description, input.visibility, input.join_policy, input.is_moderated)
        updated = await group_changes.update_group(
            info.context, id, edit, expected_version=input.expected_version, confirmed=input.confirmed
        )
        return UpdateGroupPayload(
            group=updated.group,
            warnings=[GroupChangeWarning(code=one, message=SENTENCES[one]) for one in updated.warnings],
            accepted_request_count=updated.accepted,
            declined_request_count=updated.declined,
        )

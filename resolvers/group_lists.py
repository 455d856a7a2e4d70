"""What groups hold, in pages: members, those who wait to come in, and those who may not."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from auth.conditions import Condition
from auth.policies import groups as policy
from execution.paging import Order, Page
from execution.rows import read
from models.groups import GroupRole, MembershipStatus
from models.people import Person
from resolvers.context import Context
from resolvers.lists import Link, PageArgs, Pages

# A person, with what they are to the group. The list is in the order of an index of memberships.
_STANDING = """(
    SELECT p.*, m.group_id AS _group, m.person_id AS _person, m.role AS _role, m.source AS _source,
        m.joined_at AS _joined_at, m.created_at AS _since, m.expires_at AS _expires_at, m.by_id AS _by_id,
        m.id AS _entry
    FROM membership m JOIN person p ON p.id = m.person_id WHERE m.status = '{status}'
)"""
_LINKS = {
    status: Link("r._group = parent.id", source=_STANDING.format(status=status.value)) for status in MembershipStatus
}
BY_JOINING = Order("members:joined", ("_joined_at", "_person"))
BY_ENTRY = Order("standing:entry", ("_entry",))


def members(ctx: Context, group: Any, role: GroupRole | None, args: PageArgs) -> Any:
    """A page of a group's members, those who have been in it longest first; of nobody for who may not see them."""
    where = "TRUE" if role is None else f"r._role = '{role.value}'"
    link = _LINKS[MembershipStatus.MEMBER]
    return _pages(ctx, policy.can_see_members, Person, link, BY_JOINING, args, where).load(read(group, "id"))


def standing(ctx: Context, group: Any, status: MembershipStatus, args: PageArgs) -> Any:
    """A page of those who stand so towards a group, in that order; of nobody for who does not moderate it."""
    return _pages(ctx, policy.leads, Person, _LINKS[status], BY_ENTRY, args).load(read(group, "id"))


class OpenPages(Pages):
    """Pages under those groups into which the viewer may look.

    It is asked once for each group: nothing is read for who may not, be the group ever so large.
    """

    may: Condition

    async def batch_load_fn(self, keys: list[uuid.UUID]) -> Sequence[Page | Exception]:
        known = [row for row in await self.ctx.loaders["groups"].load_many(keys) if row is not None]
        held = await self.ctx.holds(self.may, known)
        opened = [read(row, "id") for row, may in zip(known, held, strict=True) if may]
        pages = dict(zip(opened, await super().batch_load_fn(opened), strict=True)) if opened else {}
        return [pages.get(key) or Page(count=_none) for key in keys]


def _pages(
    ctx: Context, may: Condition, model: type[Any], link: Link, order: Order, args: PageArgs, where: str = "TRUE"
) -> OpenPages:
    def make(ctx: Context) -> OpenPages:
        pages = OpenPages(ctx, model, link, order, args, where)
        pages.may = may
        return pages

    made = ctx.loaders.own(("open pages", model, link, order, args, where), make)
    assert isinstance(made, OpenPages)
    return made


async def _none() -> int:
    return 0

"""Groups that follow a rule, and groups that everybody who joins the company comes into."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from auth.policies import audiences as policy
from auth.policies import groups as group_policy
from auth.scope import scope
from execution.rows import read
from models import memberships
from models.errors import NotFound
from models.groups import Group
from models.rule_terms import Conditions
from models.rules import AudienceRule
from resolvers.context import Context
from resolvers.groups import acting, renewed
from resolvers.rule_input import checked, ensure_within
from resolvers.rules import Simulation, confirm, ensure_room, follow, simulate
from subscriptions.groups import GroupChanged
from subscriptions.rules import AudienceRuleChanged, AudienceRuleCreated, AudienceRuleDeleted

FOR_OWNERS = "bind this group to a rule: that is for its owners"


async def simulate_rule(ctx: Context, conditions: Conditions, group: uuid.UUID | None) -> Simulation:
    """Whom conditions would mean, and what they would do to a group of the viewer's.

    Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    ctx.reach("feed:read")
    if group is not None:
        found = await scope(Group, ctx.me).get_or_none(id=group)
        if found is None:
            raise NotFound("There is no such group.", ["groupId"])
        await ctx.ensure(group_policy.owns, found, FOR_OWNERS)
    else:
        await ctx.ensure(policy.can_make_rules, {}, "try rules out: that is for communicators, HR and administrators")
    return await simulate(ctx, await _permitted(ctx, conditions), group)


async def set_rule(ctx: Context, id: uuid.UUID, conditions: Conditions | None, *, confirmed: bool = False) -> Any:
    """Have a group follow a rule: who meets it is in, who came by it and meets it no more goes; None: no rule any more.

    What was decided by hand stays, and without a rule so does everybody. The group. Members leave only where that is
    `confirmed`. Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    async with acting(ctx, id, group_policy.can_update, FOR_OWNERS):
        bound = await AudienceRule.filter(id=id).select_for_update().first()
        if conditions is None:
            if bound is not None:
                await bound.delete()
                await memberships.keep_those_by_rule(id)
                ctx.emit(AudienceRuleDeleted(id))
                ctx.emit(GroupChanged(id))
        else:
            await _bind(ctx, id, bound, await _permitted(ctx, conditions), confirmed=confirmed)
    return await renewed(ctx, id)


async def set_default(ctx: Context, id: uuid.UUID, *, is_default: bool) -> Any:
    """Have everybody who joins the company from now on come into a group, or not any more. The group.

    Raises `NotFound` or `Forbidden`.
    """
    what = "say into which groups newcomers come: that is for administrators, of groups that they are in"
    async with acting(ctx, id, group_policy.can_welcome, what) as group:
        if group.is_default != is_default:
            group.is_default = is_default
            group.version += 1
            await group.save(update_fields=["is_default", "version"])
            ctx.emit(GroupChanged(id))
    return await renewed(ctx, id)


async def rules_of_groups(ctx: Context, groups: Sequence[Any]) -> list[AudienceRule | None]:
    """The rules that these groups follow; None for one without, and for who does not lead it."""
    leading = await ctx.holds(group_policy.leads, groups)
    ids = [read(group, "id") for group, leads in zip(groups, leading, strict=True) if leads]
    found = {rule.id: rule for rule in await AudienceRule.filter(id__in=ids)} if ids else {}
    return [found.get(read(group, "id")) for group in groups]


async def _bind(
    ctx: Context, group: uuid.UUID, bound: AudienceRule | None, conditions: Conditions, *, confirmed: bool
) -> None:
    simulation = await simulate(ctx, conditions, group)
    leave = f"{simulation.would_leave:,} members would leave the group." if simulation.would_leave else ""
    await confirm(simulation, confirmed=confirmed, besides=leave)
    if bound is None:
        await ensure_room()
        stored: dict[str, Any] = {"conditions": conditions.stored(), "created_by": ctx.me.person_id}
        await AudienceRule.create(id=group, name=None, created_at=ctx.now(), **stored)
        ctx.emit(AudienceRuleCreated(group))
    else:
        bound.conditions = conditions.stored()
        bound.version += 1
        await bound.save(update_fields=["conditions", "version"])
        ctx.emit(AudienceRuleChanged(group))
    await follow(ctx, group)
    ctx.emit(GroupChanged(group))


async def _permitted(ctx: Context, conditions: Conditions) -> Conditions:
    """The conditions as they are stored, if the viewer may make such a rule for a group of theirs."""
    kept = await checked(ctx, conditions)
    if not (await ctx.holds(policy.makes_rules, [{}]))[0]:
        await ensure_within(ctx, kept)
    return kept

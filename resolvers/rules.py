"""Rules: audiences by what HR says of people, tried out, saved, changed and deleted."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import asyncpg
import orjson

from auth.conditions import Params
from auth.policies import audiences as policy
from auth.scope import reached
from execution.paging import Order, Page
from execution.rows import read
from models import belonging, db, simulating
from models import rules as table
from models.errors import ErrorCode, Invalid, NotFound
from models.log import share_stream
from models.people import Person
from models.profiles import BuiltIn
from models.rule_terms import Conditions, conditions
from models.rules import RULE_NAME_MAX, RULES_MAX, AudienceRule, Changes
from models.text import clean_line
from models.timeline import ORG
from resolvers import lists, sight
from resolvers.changes.making import made_id
from resolvers.client_ids import expect
from resolvers.context import Context
from resolvers.lists import Link, PageArgs
from resolvers.people import BY_NAME as PEOPLE_BY_NAME
from resolvers.rule_input import checked
from subscriptions.events import audience_stream
from subscriptions.rules import AudienceRuleChanged, AudienceRuleCreated, AudienceRuleDeleted, memberships_told
from subscriptions.session import RightsChanged

MEMBERS = Link("r.id IN (SELECT m.person_id FROM audience_member m WHERE m.audience_id = parent.id)")
BY_NAME = Order("rules:name", ("lower({}.name) AS name_key", "id"))

FOUND = "INSERT INTO audience (id, kind) VALUES ($1, 'RULE') ON CONFLICT (id) DO NOTHING"
IN_USE = """
SELECT EXISTS (SELECT 1 FROM post WHERE audience_id = $1 AND status <> 'REMOVED')
    OR EXISTS (SELECT 1 FROM survey WHERE target_id = $1 AND status IN ('SCHEDULED', 'OPEN'))
"""
FORGET_MEMBERS = (
    "DELETE FROM audience_member WHERE audience_id = $1 RETURNING person_id, audience_id, false AS is_group"
)
# Of posts that were removed the place is kept, and so is the audience that they were for: nobody is in it any more.
# What those people were asked once is kept, too.
FORGET = """
DELETE FROM audience a WHERE a.id = $1 AND NOT EXISTS (SELECT 1 FROM post p WHERE p.audience_id = a.id)
    AND NOT EXISTS (SELECT 1 FROM survey s WHERE s.target_id = a.id)
    AND NOT EXISTS (SELECT 1 FROM survey_series s WHERE s.target_id = a.id)
"""


class RuleWarningCode(StrEnum):
    """What one should know before saving a rule."""

    NOBODY = "NOBODY"
    ONE_PERSON = "ONE_PERSON"
    EVERYBODY = "EVERYBODY"


SENTENCES: dict[RuleWarningCode, str] = {
    RuleWarningCode.NOBODY: "Nobody meets this rule at the moment.",
    RuleWarningCode.ONE_PERSON: "Only one person meets this rule at the moment.",
    RuleWarningCode.EVERYBODY: "Everybody of the company meets this rule at the moment.",
}
DOUBTFUL = (RuleWarningCode.NOBODY, RuleWarningCode.EVERYBODY)
"""What is most often a slip: saved only when confirmed."""


@dataclass(frozen=True)
class Simulation:
    """Whom a rule would mean, and what it would do to a group (None: no group was asked about)."""

    conditions: Conditions
    person_count: int
    warnings: list[RuleWarningCode]
    would_join: int | None = None
    would_leave: int | None = None
    stay_by_hand: int | None = None
    kept_out_by_hand: int | None = None


async def rule(ctx: Context, id: uuid.UUID | None) -> Any:
    """A rule that the viewer may know of, or None."""
    ctx.reach("feed:read")
    return None if id is None else await ctx.loaders["rules"].load(id)


async def rules(ctx: Context, args: PageArgs) -> Page:
    """The rules that the viewer belongs to, and for who makes rules all, by name."""
    ctx.reach("feed:read")
    return await lists.page(ctx, AudienceRule, BY_NAME, args)


async def create_rule(
    ctx: Context,
    *,
    name: str,
    conditions: Conditions,
    is_snapshot: bool = False,
    confirmed: bool = False,
    client_id: str | None = None,
) -> Any:
    """Make a rule; whoever makes it belongs to it. The same `client_id` again is the same rule.

    A snapshot keeps those who meet it now. Raises `Forbidden`, `Invalid` or `NotFound`.
    """
    await _ensure_maker(ctx)
    name, id = _name(name), made_id(ctx, "AudienceRule", client_id)
    if await AudienceRule.filter(id=id).exists():
        return await ctx.loaders["rules"].load(id)
    conditions = await checked(ctx, conditions)
    async with _changing(ctx, id):
        if not await AudienceRule.filter(id=id).exists():
            await ensure_room()
            await confirm(await simulate(ctx, conditions), confirmed=confirmed)
            await db.execute(FOUND, id)
            stored: dict[str, Any] = {"conditions": conditions.stored(), "is_snapshot": is_snapshot}
            await AudienceRule.create(id=id, name=name, created_by=ctx.me.person_id, created_at=ctx.now(), **stored)
            await follow(ctx, id)
            ctx.emit(AudienceRuleCreated(id))
    return await _renewed(ctx, id)


async def update_rule(
    ctx: Context,
    id: uuid.UUID,
    *,
    name: str | None = None,
    conditions: Conditions | None = None,
    is_snapshot: bool | None = None,
    expected_version: int | None = None,
    confirmed: bool = False,
) -> Any:
    """Change a rule; what is None stays. Who is in a snapshot is found anew only with other conditions.

    Raises `NotFound`, `Forbidden`, `Invalid` or `Conflict`.
    """
    await _known(ctx, id)
    await _ensure_maker(ctx)
    name = None if name is None else _name(name)
    conditions = None if conditions is None else await checked(ctx, conditions)
    async with _changing(ctx, id):
        found = await _known(ctx, id, lock=True)
        expect(found, expected_version)
        if conditions is not None:
            await confirm(await simulate(ctx, conditions), confirmed=confirmed)
            found.conditions = conditions.stored()
        goes_live = found.is_snapshot and is_snapshot is False
        found.name = found.name if name is None else name
        found.is_snapshot = found.is_snapshot if is_snapshot is None else is_snapshot
        found.version += 1
        await found.save(update_fields=["name", "conditions", "is_snapshot", "version"])
        if conditions is not None or goes_live:
            await follow(ctx, id)
        ctx.emit(AudienceRuleChanged(id))
    return await _renewed(ctx, id)


async def delete_rule(ctx: Context, id: uuid.UUID) -> uuid.UUID:
    """Delete a rule that no post is for. Raises `NotFound`, `Forbidden`, or `Invalid` (NOT_EMPTY)."""
    await _known(ctx, id)
    await _ensure_maker(ctx)
    async with _changing(ctx, id):
        await _known(ctx, id, lock=True)
        if await db.value(IN_USE, id):
            message = "Posts or surveys are for the people of this rule. Delete or close them, or change the rule."
            raise Invalid(message, ["ruleId"], code=ErrorCode.NOT_EMPTY)
        await AudienceRule.filter(id=id).delete()
        tell(ctx, await belonging.renewed(await db.rows(FORGET_MEMBERS, id)))
        await db.execute(FORGET, id)
        ctx.emit(AudienceRuleDeleted(id))
    return id


async def simulate(ctx: Context, conditions: Conditions, group: uuid.UUID | None = None) -> Simulation:
    """Whom conditions would mean today, and what would become of a group."""
    found = await simulating.counts(conditions, ctx.today(), group)
    simulation = Simulation(conditions, found["people"], [*_warnings(found)])
    if group is None:
        return simulation
    return replace(
        simulation,
        would_join=found["would_join"],
        would_leave=found["would_leave"],
        stay_by_hand=found["stay"],
        kept_out_by_hand=found["kept_out"],
    )


async def sample(ctx: Context, simulation: Simulation, args: PageArgs) -> Page:
    """Those whom the rule would mean and the viewer sees, by name."""
    said = simulation.conditions
    params = Params([ctx.today(), said.json()])
    where = "r.id IN (SELECT met.person_id FROM met)"
    if said.locations or said.except_locations:  # where somebody works may be hidden from the viewer
        where += f" AND {await sight.seen(ctx, BuiltIn.LOCATION, params)}"
    return await lists.page(ctx, Person, PEOPLE_BY_NAME, args, where=where, params=params, tables=simulating.TRIED)


def members(ctx: Context, rule: Any, args: PageArgs) -> Any:
    """A page of those who belong to a rule, by name."""
    return lists.pages(ctx, Person, MEMBERS, PEOPLE_BY_NAME, args).load(read(rule, "id"))


async def shown_conditions(ctx: Context, rules: Sequence[Any]) -> list[Conditions | None]:
    """Whom these rules mean; None for who may not make rules."""
    held = await ctx.holds(policy.makes_rules, rules)
    return [conditions_of(rule) if may else None for rule, may in zip(rules, held, strict=True)]


def conditions_of(rule: Any) -> Conditions:
    """Whom a rule means, of its row."""
    stored = read(rule, "conditions")
    return conditions(orjson.loads(stored) if isinstance(stored, str) else stored)


async def follow(ctx: Context, rule: uuid.UUID) -> Changes:
    """Make the members of a rule that was saved those who meet it, and tell of them. Wants the transaction."""
    changes = await belonging.renewed(await table.follow_rule(rule, ctx.today(), ctx.now()))
    tell(ctx, changes)
    return changes


def tell(ctx: Context, changes: Sequence[asyncpg.Record]) -> None:
    """Have everybody told whose rights have changed, and groups of who has come and gone."""
    for person in sorted({one["person_id"] for one in changes}):
        ctx.emit(RightsChanged(person))
    for event in memberships_told(changes):
        ctx.emit(event)


async def ensure_room() -> None:
    """Raise `Invalid` where there are as many rules as there may be."""
    if await AudienceRule.all().count() >= RULES_MAX:
        raise Invalid(f"There are {RULES_MAX} rules, the most a company may have. Delete one that nobody needs.")


async def confirm(simulation: Simulation, *, confirmed: bool, besides: str = "") -> None:
    """Raise `Invalid` for what is most often a slip, and for what is said `besides`, unless it is `confirmed`."""
    doubts = [SENTENCES[one] for one in simulation.warnings if one in DOUBTFUL] + ([besides] if besides else [])
    if doubts and not confirmed:
        sentence = f"{' '.join(doubts)} Send it again with `confirmed: true` if that is meant."
        raise Invalid(sentence, ["confirmed"], code=ErrorCode.CONFIRMATION_REQUIRED)


@asynccontextmanager
async def _changing(ctx: Context, id: uuid.UUID) -> AsyncGenerator[None]:
    """A transaction in which nobody else changes this rule, and nobody the org chart."""
    async with ctx.transaction(audience_stream(id)):
        await share_stream(ORG)
        await ctx.renew()
        await _ensure_maker(ctx)
        yield


async def _ensure_maker(ctx: Context) -> None:
    await ctx.ensure(policy.can_make_rules, {}, "make rules: that is for communicators, HR and administrators")


async def _known(ctx: Context, id: uuid.UUID, *, lock: bool = False) -> AudienceRule:
    found = await reached(AudienceRule, ctx.me, id, lock=lock)
    if found is None:
        raise NotFound(path=["ruleId"])
    return found


async def _renewed(ctx: Context, id: uuid.UUID) -> Any:
    await ctx.renew()
    return await ctx.loaders["rules"].load(id)


def _name(name: str) -> str:
    return clean_line(name, most=RULE_NAME_MAX, path=["name"], what="The name of a rule")


def _warnings(found: asyncpg.Record) -> Iterator[RuleWarningCode]:
    people = found["people"]
    if people == 0:
        yield RuleWarningCode.NOBODY
    elif people == found["everybody"]:
        yield RuleWarningCode.EVERYBODY
    if people == 1:
        yield RuleWarningCode.ONE_PERSON

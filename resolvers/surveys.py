"""Surveys: found, read, and held while something about them changes."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from auth.conditions import Column, Condition, Params
from auth.policies import surveys as policy
from auth.scope import reached, scope
from execution.loaders import Loader, settled
from execution.paging import Order, Page
from execution.rows import read
from models import survey_editions
from models.errors import NotFound
from models.questionnaires import Question, Questionnaire, Section
from models.surveys import Survey, SurveyKind, SurveyStatus
from resolvers import lists
from resolvers.context import Context
from resolvers.lists import PageArgs, sought
from resolvers.survey_answering import has_responded
from resolvers.survey_files import write_file
from subscriptions.events import audience_stream

AWAITED_MAX = 500  # open surveys that one person is asked by
NEWEST = Order("surveys:newest", ("created_at", "id"), "DESC")

UNOPENED = (SurveyStatus.DRAFT, SurveyStatus.SCHEDULED)
# What is right in a quiz goes with its questions, and whoever keeps surveys may be asked by it.
can_copy = policy.is_own | policy.keeps & ~Column("kind", SurveyKind.QUIZ)
OVER = "This survey is closed: nothing about it changes any more. Duplicate it to ask again."


@dataclass(frozen=True)
class SurveyFilter:
    """What surveys must have in common; what is None asks nothing, but archived ones have to be asked for."""

    status: SurveyStatus | None = None
    kind: SurveyKind | None = None
    mine: bool | None = None
    awaits: bool | None = None
    text: str | None = None


async def survey(ctx: Context, id: uuid.UUID | None) -> Any:
    """A survey that the viewer may see, or None."""
    ctx.reach("surveys:read")
    return None if id is None else await ctx.loaders["surveys"].load(id)


async def surveys(ctx: Context, asked: SurveyFilter, args: PageArgs) -> Page:
    """The surveys that the viewer may see, the newest first. Raises `Invalid`."""
    ctx.reach("surveys:read")
    params = Params()
    status = f"= {params.add(asked.status.value)}" if asked.status else "<> 'ARCHIVED'"
    parts = [f"r.status {status}"]
    if asked.kind is not None:
        parts.append(f"r.kind = {params.add(asked.kind.value)}")
    if asked.mine is not None:
        parts.append(f"(r.author_id = {params.add(ctx.me.person_id)}) IS {'' if asked.mine else 'NOT '}TRUE")
    if text := sought(asked.text):
        parts.append(f"position(lower({params.add(text)}) IN lower(r.title)) > 0")
    if asked.awaits is not None:
        awaited = f"r.id = ANY({params.add(await _awaiting(ctx))}::uuid[])"
        parts.append(awaited if asked.awaits else f"NOT {awaited}")
    return await lists.page(ctx, Survey, NEWEST, args, where=" AND ".join(parts), params=params)


async def questions(ctx: Context, rows: Sequence[Any]) -> list[tuple[Question, ...]]:
    """What each of these surveys asks now."""
    return [one.questions for one in await _questionnaires(ctx, rows)]


async def sections(ctx: Context, rows: Sequence[Any]) -> list[tuple[Section, ...]]:
    """The sections of what each of these surveys asks now."""
    return [one.sections for one in await _questionnaires(ctx, rows)]


async def audiences(ctx: Context, rows: Sequence[Any]) -> list[Any]:
    """Whom each of these surveys is for; None for who has not made it."""
    own = {read(row, "target_id") for row in rows if read(row, "author_id") == ctx.me.person_id}
    found = dict(zip(own, await ctx.loaders["audiences"].load_many(list(own)), strict=True)) if own else {}
    return [found.get(read(row, "target_id")) if read(row, "author_id") == ctx.me.person_id else None for row in rows]


async def files(ctx: Context, rows: Sequence[Any]) -> list[str | None]:
    """What each of these surveys asks as a file; None for whoever may not copy it."""
    held = await ctx.holds(can_copy, rows)
    asked = await _questionnaires(ctx, rows)
    return [
        write_file(one, title=read(row, "title")).decode() if may and one.questions else None
        for row, one, may in zip(rows, asked, held, strict=True)
    ]


@asynccontextmanager
async def acting(ctx: Context, id: uuid.UUID, may: Condition, what: str) -> AsyncGenerator[Survey]:
    """A transaction in which the viewer, whom `may` allows `what`, changes a survey and nobody else does.

    Submissions wait for its end, and who is asking is looked at anew: they could have lost their role. Raises
    `NotFound` or `Forbidden`.
    """
    ctx.reach("surveys:write")
    await _permitted(ctx, id, may, what)
    async with ctx.transaction(audience_stream(id)):
        await ctx.renew()
        yield await _permitted(ctx, id, may, what, lock=True)


class Questionnaires(Loader[Context, uuid.UUID, Questionnaire]):
    """What surveys ask now. No scope: it is reached only through a survey that the viewer sees."""

    async def batch_load_fn(self, keys: list[uuid.UUID]) -> Sequence[Questionnaire]:
        found = await survey_editions.newest(keys)
        return [found.get(key, NOTHING) for key in keys]


NOTHING = Questionnaire(())
"""What is asked by a survey that has just been deleted."""


async def _questionnaires(ctx: Context, rows: Sequence[Any]) -> list[Questionnaire]:
    loader = ctx.loaders.own(Questionnaires, Questionnaires)
    return settled(await loader.load_batch([read(row, "id") for row in rows]))


async def _permitted(ctx: Context, id: uuid.UUID, may: Condition, what: str, *, lock: bool = False) -> Survey:
    found = await reached(Survey, ctx.me, id, lock=lock)
    if found is None:
        raise NotFound(path=["surveyId"])
    await ctx.ensure(may, found, what)
    return found


async def _awaiting(ctx: Context) -> list[uuid.UUID]:
    """The open surveys that ask the viewer and that they have not answered."""
    asking = (policy.is_asked & policy.is_open).q(ctx.me)
    open_ = await scope(Survey, ctx.me).filter(asking, closes_at__gt=ctx.now()).order_by("id").limit(AWAITED_MAX)
    answered = await has_responded(ctx, open_) if open_ else []
    return [one.id for one, done in zip(open_, answered, strict=True) if not done]

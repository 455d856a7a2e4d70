"""Surveys that posts announce: who is asked answers from there, and nobody else learns of them by the post."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from auth.policies import surveys as policy
from auth.scope import scope
from models import survey_posts as table
from models.errors import Forbidden, Invalid, NotFound
from models.feed import Post, PostKind, PostStatus
from models.surveys import Survey, SurveyStatus
from resolvers.context import Context

IS_POLL = "A post has a poll or a survey, not both. Leave out `surveyId`, or choose another kind, such as ANNOUNCEMENT."
IS_DRAFT = "The survey is still a draft, which nobody can answer. Open or schedule it first."
NOT_RUN = "Only its author, and HR and analysts who answer for these people, announce this survey. Ask one of them."


@dataclass(frozen=True)
class Announced:
    """What a post is to announce from now on; None: no survey."""

    survey: uuid.UUID | None


async def attach(ctx: Context, post: Post, survey: uuid.UUID | None) -> None:
    """Have a post that has just been created announce a survey. Raises `NotFound`, `Forbidden` or `Invalid`."""
    if await change(ctx, post, Announced(survey)):
        await post.save(update_fields=["survey_id"])


async def change(ctx: Context, post: Post, to: Announced | None) -> bool:
    """Have a post announce another survey, or none, once it is saved; whether it did not do so before.

    Wants its transaction. Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    if to is None or to.survey == post.survey_id:
        return False
    if to.survey is not None:
        await _ensure(ctx, post, to.survey)
    post.survey_id = to.survey
    return True


async def complete(post: Post) -> None:
    """Raise `Invalid` where a post that is to be read announces what nobody can answer yet."""
    if post.survey_id is not None and await Survey.filter(id=post.survey_id, status=SurveyStatus.DRAFT).exists():
        raise Invalid(IS_DRAFT, ["postId"])


async def _ensure(ctx: Context, post: Post, id: uuid.UUID) -> None:
    """Raise `NotFound`, `Forbidden` or `Invalid` unless the viewer may have this post announce that survey."""
    if post.kind is PostKind.POLL:
        raise Invalid(IS_POLL, ["surveyId"])
    ctx.reach("surveys:read")
    found = await scope(Survey, ctx.me).get_or_none(id=id)
    status = await table.hold(id) if found else None
    if found is None or status is None:
        raise NotFound(path=["surveyId"])
    if not (await ctx.holds(policy.can_announce, [found]))[0]:
        raise Forbidden(NOT_RUN, ["surveyId"])
    if status is SurveyStatus.DRAFT and post.status is not PostStatus.DRAFT:
        raise Invalid(IS_DRAFT, ["surveyId"])

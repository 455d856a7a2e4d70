"""Counting: what is told of a closed survey is decided once, written down, and the answers are destroyed."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from datetime import datetime

from models import db, survey_editions, survey_tallies
from models.survey_sums import Sums, layout_of, summed
from models.survey_tallies import NONE
from models.surveys import Anonymity, Survey, SurveyStatus

OVER = (SurveyStatus.CLOSED, SurveyStatus.ARCHIVED)


async def count(survey: uuid.UUID, now: datetime) -> None:
    """Write down what is told of a closed survey, and delete the answers to an anonymous one; twice is once.

    All answers are kept by now, and no more come. It is one transaction, of a bounded number of statements of a bounded
    size each.
    """
    async with db.transaction():
        found = await Survey.filter(id=survey, status__in=OVER, counted_at=None).select_for_update().first()
        if found is not None:
            await write_down(found, await sums_of(found), now)


async def sums_of(survey: Survey, besides: Mapping[int, int] = NONE) -> Sums:
    """What is told of a survey by the answers that there are, of each part.

    `besides` are answers that are kept nowhere, as `survey_tallies.rows` takes them.
    """
    questions = await survey_editions.every_question(survey.id)
    layout = layout_of(questions)
    rows = await survey_tallies.rows(survey.id, survey.anonymity, layout, besides)
    segments = await survey_tallies.segments(survey.id)
    is_named = survey.anonymity is Anonymity.NAMED
    least = {"min_group": 0 if is_named else survey.min_group, "min_texts": 0 if is_named else survey.min_texts}
    # In a thread: of thousands of blocks it takes longer than others should wait.
    return await asyncio.to_thread(summed, layout, rows, segments, **least)


async def write_down(survey: Survey, sums: Sums, now: datetime) -> None:
    """Keep what is told of a survey, whose row is locked, and delete the answers to an anonymous one.

    Where fewer than its `min_group` took part nothing is kept: `answered` is null then. Wants the caller's transaction.
    """
    await survey_tallies.tell(survey.id, sums.told)
    await survey_tallies.keep_texts(survey.id, survey.anonymity, sums.pools)
    if survey.anonymity is Anonymity.ANONYMOUS:
        await survey_tallies.destroy_answers(survey.id)
    survey.answered = sums.told[None].took_part if sums.told else None
    survey.counted_at = now
    await survey.save(update_fields=["answered", "counted_at"])

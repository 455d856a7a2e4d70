"""Counting: what is told of a closed survey is decided once, written down, and the answers are destroyed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from models import db, survey_editions, survey_tallies
from models.survey_sums import Sums, layout_of, summed
from models.survey_tallies import NONE
from models.surveys import Anonymity, Survey, SurveyStatus

OVER = (SurveyStatus.CLOSED, SurveyStatus.ARCHIVED)


async def count(survey: uuid.UUID, now: datetime, besides: Mapping[int, int] = NONE) -> None:
    """Write down what is told of a closed survey, and delete the answers to an anonymous one; twice is once.

    All answers are kept by now, or among those `besides` (as `survey_tallies.rows` takes them), and no more come. It is
    one transaction, or part of the caller's, who tells of it. A bounded number of statements of a bounded size each.
    Where fewer than its `min_group` took part nothing is kept: `answered` is null then.
    """
    async with db.transaction():
        found = await Survey.filter(id=survey, status__in=OVER, counted_at=None).select_for_update().first()
        if found is None:
            return
        sums = await sums_of(found, besides)
        await survey_tallies.tell(survey, sums.told)
        await survey_tallies.keep_texts(survey, found.anonymity, sums.pools)
        if found.anonymity is Anonymity.ANONYMOUS:
            await survey_tallies.destroy_answers(survey)
        found.answered = sums.told[None].took_part if sums.told else None
        found.counted_at = now
        await found.save(update_fields=["answered", "counted_at"])


async def sums_of(survey: Survey, besides: Mapping[int, int] = NONE) -> Sums:
    """What is told of a survey by the answers that there are, of each part."""
    questions = await survey_editions.every_question(survey.id)
    layout = layout_of(questions)
    rows = await survey_tallies.rows(survey.id, survey.anonymity, layout, besides)
    is_named = survey.anonymity is Anonymity.NAMED
    return summed(
        layout,
        rows,
        await survey_tallies.segments(survey.id),
        min_group=0 if is_named else survey.min_group,
        min_texts=0 if is_named else survey.min_texts,
    )

"""Surveys as posts announce them."""

from __future__ import annotations

import uuid

from models import db
from models.surveys import SurveyStatus

HOLD = "SELECT status FROM survey WHERE id = $1 FOR KEY SHARE"


async def hold(survey: uuid.UUID) -> SurveyStatus | None:
    """Where a survey is in its life, kept from being deleted until the transaction ends; None where it has just been.

    Not for a post that refers to it and is locked: whoever deletes a survey waits for such posts.
    """
    status = await db.value(HOLD, survey)
    return status and SurveyStatus(status)

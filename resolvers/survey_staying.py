"""Staying in the group or conversation that asks one, for as long as it takes to answer."""

from __future__ import annotations

import uuid

from models import survey_hearing
from models.errors import Forbidden
from models.log import share_stream
from models.timeline import ORG
from resolvers.context import Context
from subscriptions.events import audience_stream

NOT_ASKED = "You are not among those whom this survey asks."


async def stay(ctx: Context, circle: uuid.UUID | None) -> None:
    """Have whoever takes the viewer out of a survey's `models.survey_hearing.circle` wait until the transaction ends.

    None: there is none, and nothing is waited for. Raises `Forbidden` where they are out. To be called first.
    """
    if circle is None:
        return
    # A lock of their row in the audience would do, too, but leaves the number of the transaction there, that is also
    # the ballot's: of an anonymous survey it would tell for good who has answered. These leave nothing.
    await share_stream(audience_stream(circle))
    await share_stream(ORG)  # guests, and who leaves the company, go by this alone
    if not await survey_hearing.is_in(circle, ctx.me.person_id):
        raise Forbidden(NOT_ASKED, ["surveyId"])

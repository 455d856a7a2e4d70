"""Who of those who follow a stream hears of an event: asked at each delivery, of all at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from models import hearing as table
from models import survey_hearing
from models.hearing import People
from subscriptions.chat import MessageEvent
from subscriptions.events import Logged
from subscriptions.feed import FeedEvent
from subscriptions.surveys import SurveyEvent, SurveyReminded

NOBODY: set[uuid.UUID] = set()


async def hearers(people: Collection[uuid.UUID], events: Sequence[Logged]) -> list[set[uuid.UUID]]:
    """For each event those of these people who may hear of it, as things stand now.

    That is who belongs to its audience, or the one whom it is for; of a message who may read it, and of a survey who is
    asked or has written it. A reminder reaches those alone who have not answered.
    """
    audiences = {event.audience for event in events if event.audience and not isinstance(event.event, SurveyEvent)}
    allowed = await table.belonging(audiences, people) if audiences else {}
    if surveys := {event.survey for event in events if isinstance(event.event, SurveyEvent)}:
        allowed |= await survey_hearing.hearing(surveys, people)
    return await _hearers(people, events, allowed)


async def hearers_within(
    audience: uuid.UUID, people: Collection[uuid.UUID], events: Sequence[Logged]
) -> list[set[uuid.UUID]]:
    """As `hearers`, of one audience whose events all those hear of who may read it, without belonging to it, too."""
    return await _hearers(people, events, await table.reading([audience], people))


async def alike(events: Sequence[Logged]) -> list[bool]:
    """For each event whether all who hear of it see the same of what it names.

    A post may have been moved since to an audience in which only some of them are.
    """
    posts = {event.post for event in events if isinstance(event.event, FeedEvent)}
    places = await table.places(posts) if posts else {}
    return [
        not isinstance(event.event, FeedEvent) or places.get(event.post, event.audience) == event.audience
        for event in events
    ]


async def _hearers(people: Collection[uuid.UUID], events: Sequence[Logged], allowed: People) -> list[set[uuid.UUID]]:
    messages = {event.message for event in events if isinstance(event.event, MessageEvent)}
    readers = await table.said_to(messages, people) if messages else {}
    if reminded := {event.survey for event in events if isinstance(event.event, SurveyReminded)}:
        readers |= await survey_hearing.unanswered(reminded, people)
    return [_of_one(people, event, allowed, readers) for event in events]


def _of_one(people: Collection[uuid.UUID], event: Logged, allowed: People, readers: People) -> set[uuid.UUID]:
    if event.event.recipient is not None:
        return {event.event.recipient}.intersection(people)
    heard = allowed.get(event.audience, NOBODY) if event.audience else NOBODY
    match event.event:
        case MessageEvent():
            return heard & readers.get(event.message, NOBODY)
        case SurveyReminded():
            return heard & readers.get(event.survey, NOBODY)
        case _:
            return heard

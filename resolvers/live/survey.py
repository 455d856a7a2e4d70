"""The topic of one survey: told to those who are asked, and to who has written it, for as long as they are."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

from models import survey_hearing
from resolvers.live.hearing import hearers
from resolvers.live.kinds import SURVEY
from resolvers.live.topics import LOSSES
from subscriptions.events import Event, Logged, audience_stream
from subscriptions.surveys import SurveyDeleted


@dataclass(frozen=True)
class OfSurvey:
    """What happens to a survey. `circle`: the group or conversation that it is put to; who leaves that is out of it."""

    survey: uuid.UUID
    circle: uuid.UUID | None = None
    is_passing = False

    @property
    def key(self) -> tuple[Hashable, ...]:
        return ("survey", self.survey)

    @property
    def streams(self) -> Sequence[str] | None:
        return [audience_stream(place) for place in (self.survey, self.circle) if place]

    @property
    def kinds(self) -> tuple[type[Event], ...]:
        return SURVEY

    def wants(self, event: Logged) -> bool:
        if event.stream == audience_stream(self.survey):
            return isinstance(event.event, (*SURVEY, SurveyDeleted))
        return self.ends(event)

    def ends(self, event: Logged) -> bool:
        if isinstance(event.event, SurveyDeleted):
            return event.survey == self.survey
        return bool(self.circle) and event.stream == audience_stream(self.circle) and isinstance(event.event, LOSSES)

    async def hear(self, people: Collection[uuid.UUID], events: Sequence[Logged]) -> list[set[uuid.UUID]]:
        heard = await hearers(people, events)
        return [
            who if isinstance(event.event, SURVEY) else set[uuid.UUID]()
            for event, who in zip(events, heard, strict=True)
        ]

    async def remain(self, people: Collection[uuid.UUID]) -> set[uuid.UUID]:
        return (await survey_hearing.hearing([self.survey], people)).get(self.survey, set[uuid.UUID]())

"""What happens to surveys. Of an answer there is no event: beside its time it would tell who gave it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from subscriptions.events import Event, audience_stream


@dataclass(frozen=True, slots=True)
class OfSurvey(Event):
    """Something about a survey, in the order of its audience; readers inside the house alone hear of it."""

    survey: uuid.UUID

    @property
    def stream(self) -> str:
        return audience_stream(self.survey)

    @property
    def subject(self) -> uuid.UUID:
        return self.survey


@dataclass(frozen=True, slots=True)
class SurveyEvent(OfSurvey):
    """Something about a survey that those who are asked hear of."""

    @property
    def audience(self) -> uuid.UUID:
        return self.survey


@dataclass(frozen=True, slots=True)
class SurveyCreated(OfSurvey):
    """A survey was made; nobody is asked yet."""


@dataclass(frozen=True, slots=True)
class SurveyEdited(OfSurvey):
    """A survey that has not been opened is otherwise, or has another time to open."""


@dataclass(frozen=True, slots=True)
class SurveyDeleted(OfSurvey):
    """A survey that was never opened is gone."""


@dataclass(frozen=True, slots=True)
class SurveyOpened(SurveyEvent):
    """People are asked."""


@dataclass(frozen=True, slots=True)
class SurveyChanged(SurveyEvent):
    """An open survey has other questions or another end, or a closed one has its results or went to the archive."""


@dataclass(frozen=True, slots=True)
class SurveyReminded(SurveyEvent):
    """All who are asked are reminded, also those who have answered: who has not is told to nobody."""


@dataclass(frozen=True, slots=True)
class SurveyClosed(SurveyEvent):
    """Nobody can answer any more; `SurveyCounted` follows once the results stand."""


@dataclass(frozen=True, slots=True)
class SurveyCounted(SurveyEvent):
    """The results of a closed survey stand. Streams tell of it as a `SurveyChanged` that nobody caused."""

    told_as: ClassVar[str] = "SurveyChanged"
    nameless: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class SurveyExported(OfSurvey):
    """Somebody has taken the results out of the house, `raw` with names or not."""

    raw: bool


@dataclass(frozen=True, slots=True)
class SurveySeriesChanged(OfSurvey):
    """A pulse was begun, changed, paused or resumed; `survey` is its template."""

    series: uuid.UUID

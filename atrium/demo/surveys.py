"""The surveys of the demonstration company: what they ask whom, since when, and how many answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from atrium.demo import survey_sheets as sheets
from atrium.demo.company import Company
from atrium.demo.ids import stream
from atrium.demo.places import HEADQUARTERS
from atrium.demo.survey_pen import Sheet
from models.audiences import COMPANY
from models.survey_rounds import SALT, closing, next_round
from models.surveys import Anonymity, Feedback, SegmentKind, Survey, SurveyKind, SurveySeries, SurveyStatus

ZONE = ZoneInfo(HEADQUARTERS.time_zone)
MORNING, EVENING = time(9), time(17)  # by its clocks
CROWD = 2_000  # people who answer a survey that is still open, at most

_RULE, _OPEN_HOURS = "FREQ=WEEKLY;BYDAY=MO", 96  # from Monday to Friday
_TREND = (-0.1, 0.0, -0.45, -0.35, -0.1, 0.2, 0.4, 0.6)  # the mood of each round: a slump, and then up
_SMALL, _LARGE = 40, 1_000  # people: of fewer everybody is asked each week, of up to so many every other week
_ROUND = 2_500  # people who are asked in a round of a large company, about
_ASKED = 8_000  # people whom the large survey asks at most, about


@dataclass(frozen=True)
class Planned:
    """A survey with what it asks; `rate` of those who are asked answer it, in a mood that has this `tilt`."""

    survey: Survey
    sheet: Sheet
    rate: float = 0.0
    tilt: float = 0.0

    @property
    def is_open(self) -> bool:
        return self.survey.status is SurveyStatus.OPEN


class Surveys:
    """The surveys of a company, in the order in which they were made; each walk gives the same."""

    def __init__(self, company: Company) -> None:
        self._company, self._end = company, company.ends_at
        self.admin, self.head, self.member, self.guest = company.people[:4]
        rng = stream(company.seed, "surveys")
        self._ids = {purpose: _random_key(rng) for purpose in _PURPOSES}

    def of_company(self) -> Iterator[Planned]:
        """A large one that is closed, one that is open, a quiz, and what a team asks itself."""
        yield self._engagement()
        yield self._quiz()
        yield self._hybrid()
        yield self._lunch()

    def key(self, purpose: str) -> UUID:
        """The key of the survey with this purpose."""
        return self._ids[purpose]

    def template(self) -> Planned:
        """What every round of the pulse is a copy of."""
        sheet = self._sheet("template")
        return Planned(self._survey("template", "Monday minute", **_PULSE, opens=None, closes=None), sheet)

    def series(self) -> SurveySeries:
        """The pulse, so many rounds of which have begun."""
        people = len(self._company.people)
        first = self._at(self._monday() - timedelta(weeks=len(_TREND) - 1), MORNING)
        made = SurveySeries(
            id=self._ids["pulse"],
            title="Monday minute",
            template_id=self._ids["template"],
            target_id=COMPANY,
            rule=_RULE,
            starts_at=first,
            zone=ZONE.key,
            open_hours=_OPEN_HOURS,
            turns=1 if people < _SMALL else 2 if people < _LARGE else max(4, people // _ROUND),
            salt=stream(self._company.seed, "turns").randbytes(SALT),
            rounds=len(_TREND),
            author_id=self.admin.id,
            created_at=first - timedelta(days=4),
        )
        made.next_at = next_round(made, self._end)
        return made

    def rounds(self, series: SurveySeries) -> Iterator[Planned]:
        """Those that have begun, the first first."""
        moment = next_round(series, series.starts_at - timedelta(seconds=1))
        for number, tilt in enumerate(_TREND, 1):
            assert moment is not None
            times = {"opens": moment, "closes": closing(series, moment), "made": moment}
            survey = self._survey(f"round {number}", series.title, **_PULSE, **times, series_id=series.id, round=number)
            yield Planned(survey, self._sheet(f"round {number}"), 0.66, tilt)
            moment = next_round(series, moment)

    def _engagement(self) -> Planned:
        opens = self._weekday(44)
        survey = self._survey(
            "engagement",
            "How is it to work here?",
            about=(
                "Every autumn and spring we ask everybody the same. It takes **eight minutes**. Results go to all who"
                " were asked, and each division tells by the end of the quarter what it will change."
            ),
            segments=[SegmentKind.ORG_UNIT, SegmentKind.LOCATION],
            sample=max(1, min(100, 100 * _ASKED // len(self._company.people))),
            shared=True,
            opens=self._at(opens, MORNING),
            closes=self._at(opens + timedelta(days=14), EVENING),
        )
        return Planned(survey, self._sheet("engagement"), 0.74)

    def _hybrid(self) -> Planned:
        opens = self._weekday(4)
        survey = self._survey(
            "hybrid",
            "At home, at the office, or both?",
            about="Before we sign the new lease we would like to know where you work best, and what is missing there.",
            segments=[SegmentKind.LOCATION],
            shared=True,
            opens=self._at(opens, MORNING),
            closes=self._at(opens + timedelta(days=16), EVENING),
        )
        return Planned(survey, self._sheet("hybrid"), 0.42, 0.1)

    def _quiz(self) -> Planned:
        opens = self._weekday(9)
        survey = self._survey(
            "quiz",
            "Would you have clicked?",
            about="Seven questions on information security, ten minutes, two attempts: the better one counts.",
            kind=SurveyKind.QUIZ,
            anonymity=Anonymity.CONFIDENTIAL,
            time_limit=600,
            attempts=2,
            feedback=Feedback.AFTER_ATTEMPT,
            opens=self._at(opens, MORNING),
            closes=self._at(opens + timedelta(days=30), EVENING),
        )
        return Planned(survey, self._sheet("quiz"), 0.5)

    def _lunch(self) -> Planned:
        opens = self._weekday(1)
        survey = self._survey(
            "lunch",
            "Team lunch",
            kind=SurveyKind.POLL,
            anonymity=Anonymity.NAMED,
            author_id=self.head.id,
            target_id=self.head.unit_id,
            opens=self._at(opens, MORNING),
            closes=self._at(opens + timedelta(days=6), EVENING),
        )
        return Planned(survey, self._sheet("lunch"), 0.6)

    def _survey(
        self,
        purpose: str,
        title: str,
        *,
        opens: datetime | None,
        closes: datetime | None,
        made: datetime | None = None,
        **more: Any,
    ) -> Survey:
        """A survey as it stands at the end of the talk; without times it is a draft."""
        is_over = closes is not None and closes <= self._end
        values: dict[str, Any] = {
            "kind": SurveyKind.SURVEY,
            "anonymity": Anonymity.ANONYMOUS,
            "author_id": self.admin.id,
            "target_id": COMPANY,
            **more,
        }
        return Survey(
            id=self._ids.get(purpose) or self._id_of(purpose),
            title=title,
            status=SurveyStatus.DRAFT if opens is None else SurveyStatus.CLOSED if is_over else SurveyStatus.OPEN,
            zone=ZONE.key,
            opens_at=opens,
            closes_at=closes,
            opened_at=opens,
            opened_on=opens and opens.date(),
            closed_at=closes if is_over else None,
            version=1 + (opens is not None) + is_over,
            created_at=made or (opens or self._at(self._monday() - timedelta(weeks=len(_TREND)), MORNING)) - _BEFORE,
            **values,
        )

    def _sheet(self, purpose: str) -> Sheet:
        rng = stream(self._company.seed, f"questions/{purpose}")
        return _SHEETS.get(purpose, sheets.pulse)(rng)

    def _weekday(self, ago: int) -> date:
        """The day so long before the end, or the Friday before it."""
        day = self._end.date() - timedelta(days=ago)
        return day - timedelta(days=max(0, day.weekday() - 4))

    def _monday(self) -> date:
        """The last one of the talk."""
        day = self._end.date() - timedelta(days=1)
        return day - timedelta(days=day.weekday())

    @staticmethod
    def _at(day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, ZONE).astimezone(UTC)

    def _id_of(self, purpose: str) -> UUID:
        return _random_key(stream(self._company.seed, f"survey/{purpose}"))


def _random_key(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)


_PURPOSES = ("engagement", "hybrid", "quiz", "lunch", "template", "pulse")
_BEFORE = timedelta(days=3)  # that a survey is written before it opens
_PULSE: dict[str, Any] = {
    "about": "Five questions, one minute, everybody in turn.",
    "segments": [SegmentKind.ORG_UNIT],
}
_SHEETS = {
    "engagement": sheets.engagement,
    "hybrid": sheets.hybrid,
    "quiz": sheets.security,
    "lunch": sheets.lunch,
}

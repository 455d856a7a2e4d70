"""Loading surveys: opened, answered and counted by what does so with any other one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from math import ceil
from random import Random
from secrets import token_bytes
from uuid import UUID, uuid4

from atrium.demo.company import Company
from atrium.demo.ids import stream
from atrium.demo.survey_moods import Moods
from atrium.demo.surveys import CROWD, Planned, Surveys
from auth.vault import Vault
from models import db, survey_ballots, survey_cells, survey_editions, survey_places
from models.audiences import Audience, AudienceKind
from models.questionnaires import Given
from models.survey_cells import Asked
from models.survey_rounds import sampled
from models.survey_scores import score
from models.survey_slips import Slip, packed, room, slips
from models.surveys import Anonymity, SegmentKind, SurveyKey, SurveyKind, SurveySeries
from resolvers.survey_counting import count

KEY = 32  # bytes
AT_ONCE = 2_000  # people whose answers are written together
COUNTED = timedelta(minutes=1)  # after it was closed
SECOND_TRY = 0.3  # of those who took the quiz

# Without it each of those who are asked would be looked for among all people, one by one.
ANALYZE = "ANALYZE person, person_term, position_term, holding, unit_term, unit_closure, audience, audience_member"

# A post stands before the survey that it announces; one that would ask too few is not there.
ANNOUNCED = """
UPDATE post p SET survey_id = s.id FROM unnest($1::uuid[], $2::uuid[]) a(post, survey) JOIN survey s ON s.id = a.survey
WHERE p.id = a.post
"""

Row = tuple[object, ...]
Answered = tuple[Asked, int]
"""Somebody who answers, and their block."""

RESPONSE = (
    *("id", "survey_id", "person_id", "attempt", "edition", "block", "started_at", "due_at", "submitted_at"),
    *("points", "maximum"),
)
ANSWER = ("id", "survey_id", "response_id", "question_id", "block", "slots", "text")


async def load_surveys(company: Company, vault: Vault | None) -> int:
    """Write the surveys of a company whose people are there; how many. Wants no transaction.

    `vault` seals what waits with the ballots of those that are open; without one nobody has answered these yet.
    """
    await db.execute(ANALYZE)
    surveys = Surveys(company)
    loading = _Loading(company, surveys, vault)
    count = 0
    for planned in surveys.of_company():
        count += await loading.survey(planned)
    announced = list(company.stage.announced())
    await db.execute(ANNOUNCED, [post for post, _ in announced], [surveys.key(purpose) for _, purpose in announced])
    series = surveys.series()
    async with db.transaction():
        await loading.survey(surveys.template())
        await series.save(force_create=True)
    for planned in surveys.rounds(series):
        count += await loading.survey(planned, series)
    return count


class _Loading:
    def __init__(self, company: Company, surveys: Surveys, vault: Vault | None) -> None:
        self._company, self._surveys, self._vault = company, surveys, vault
        self._since = {person.id: person.created_at for person in company.people}

    async def survey(self, planned: Planned, series: SurveySeries | None = None) -> bool:
        """Write a survey with what was answered; not one that would ask too few. Whether it was written."""
        survey = planned.survey
        crowd = [] if survey.opened_at is None else await self._crowd(planned, series)
        if survey.opened_at is not None and len(crowd) < survey.min_group:
            return False
        async with db.transaction():
            survey.invited = len(crowd)
            await Audience.create(id=survey.id, kind=AudienceKind.SURVEY)
            await survey.save(force_create=True)
            await survey_editions.keep(survey.id, 1, planned.sheet.questionnaire)
            if crowd:
                await self._answered(planned, crowd, await self._placed(planned, crowd))
        return True

    async def _crowd(self, planned: Planned, series: SurveySeries | None) -> list[Asked]:
        """Whom it asks: those who were there on the day, and whose turn it was; of them as many as are sampled."""
        survey = planned.survey
        assert survey.opened_at
        assert survey.opened_on
        kinds = [SegmentKind(kind) for kind in survey.segments]
        found = await survey_places.crowd(survey.target_id, [], kinds, survey.opened_on)
        there = [one for one in found if self._since[one.id] < survey.opened_at]
        turn = set(sampled(series, survey.round, [one.id for one in there]) if series and survey.round else self._since)
        meant = [one for one in there if one.id in turn]
        count = ceil(len(meant) * survey.sample / 100)
        return sorted(stream(self._company.seed, f"asked/{survey.id}").sample(meant, count), key=lambda one: one.id)

    async def _placed(self, planned: Planned, crowd: Sequence[Asked]) -> list[int]:
        """Ask these people; the block of each."""
        survey = planned.survey
        assert survey.opened_on
        kinds = [SegmentKind(kind) for kind in survey.segments]
        tree = await survey_places.tree(survey.opened_on) if SegmentKind.ORG_UNIT in kinds else {}
        k = 1 if survey.anonymity is Anonymity.NAMED else survey.min_group
        made = survey_cells.cut(crowd, kinds, tree, k)
        await survey_places.place(survey.id, [one.id for one in crowd], made.of_person)
        await survey_places.divide(survey.id, made.segments)
        return made.of_person

    async def _answered(self, planned: Planned, crowd: Sequence[Asked], blocks: Sequence[int]) -> None:
        survey, seed = planned.survey, self._company.seed
        purpose = str(survey.id)
        who = self._answering(stream(seed, f"who/{purpose}"), planned, list(zip(crowd, blocks, strict=True)))
        moods = Moods(seed, planned.sheet, purpose, len(who), planned.tilt)
        if survey.anonymity is not Anonymity.ANONYMOUS:
            await _hand_in(planned, moods, who, stream(seed, f"times/{purpose}"), self._company.ends_at)
        elif planned.is_open:
            await self._drop_in(planned, moods, who)
        else:
            for start in range(0, len(who), AT_ONCE):
                portion = who[start : start + AT_ONCE]
                await survey_ballots.keep(survey.id, [(block, slips(moods.answers(one))) for one, block in portion])
            assert survey.closed_at
            await count(survey.id, survey.closed_at + COUNTED)
            await survey_ballots.destroy(survey.id)

    def _answering(self, rng: Random, planned: Planned, crowd: list[Answered]) -> list[Answered]:
        """Who answers, at random; while it is open not the fixed accounts, but for the head, who has taken the quiz."""
        rate = min(planned.rate, CROWD / len(crowd)) if planned.is_open else planned.rate
        is_quiz = planned.survey.kind is SurveyKind.QUIZ
        four = self._surveys.admin, self._surveys.head, self._surveys.member
        waits = {person.id for person in four} if planned.is_open else set[UUID]()
        head = self._surveys.head.id if is_quiz else None
        drawn = [(one, rng.random() < rate) for one in crowd]
        return [one for one, is_in in drawn if one[0].id == head or (is_in and one[0].id not in waits)]

    async def _drop_in(self, planned: Planned, moods: Moods, who: Sequence[Answered]) -> None:
        """Spend the ballots of an open survey, and move of each block's all but as many as must wait."""
        survey, least, vault = planned.survey, planned.survey.min_group, self._vault
        key, size = token_bytes(KEY), room(planned.sheet.questionnaire)
        await SurveyKey.create(id=survey.id, key=key)
        if vault is None:
            return
        waiting, moved, ballots = list[Row](), list[tuple[int, Sequence[Slip]]](), list[Row]()
        for block, people in _by_block(who):
            left = least if len(people) >= 2 * least else len(people)
            for place, person in enumerate(people):
                given, token = slips(moods.answers(person)), survey_ballots.token(key, person.id)
                if place < left:
                    sealed = vault.seal(key, survey.id.bytes, packed(given, size))
                    waiting.append((uuid4(), survey.id, token, sealed, block, 1, False))
                else:
                    moved.append((block, given))
                    ballots.append((uuid4(), survey.id, token, None, None, None, False))
        await survey_ballots.keep(survey.id, moved)
        # By their random keys, as they would stand if they had been rewritten.
        columns = ("id", "survey_id", "token", "sealed", "block", "edition", "moving")
        await _copy("survey_ballot", columns, sorted(waiting + ballots, key=lambda row: str(row[0])))


async def _hand_in(planned: Planned, moods: Moods, who: Sequence[Answered], rng: Random, end: datetime) -> None:
    """Write down responses with names, and those to a quiz with their scores."""
    survey = planned.survey
    responses, answers = list[Row](), list[Row]()
    for person, block in who:
        skill = rng.betavariate(4, 3)
        tries = 2 if survey.attempts > 1 and rng.random() < SECOND_TRY else 1
        for attempt, (begun, done) in enumerate(_times(planned, rng, tries, end), 1):
            is_quiz = survey.kind is SurveyKind.QUIZ
            given = moods.solutions(skill + 0.15 * (attempt - 1)) if is_quiz else moods.answers(person)
            worth = score(planned.sheet.questionnaire, given) if is_quiz else None
            due = begun + timedelta(seconds=survey.time_limit) if survey.time_limit else None
            id, points = uuid4(), (worth.points, worth.maximum) if worth else (None, None)
            responses.append((id, survey.id, person.id, attempt, 1, block, begun, due, done, *points))
            answers.extend(_rows(survey.id, id, block, given))
    await _copy("survey_response", RESPONSE, responses)
    await _copy("survey_answer", ANSWER, answers)


def _times(planned: Planned, rng: Random, tries: int, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """When attempts were begun and handed in, one after the other, since it opened and before the end."""
    opened, closes = planned.survey.opened_at, planned.survey.closes_at
    assert opened
    assert closes
    long = min(end, closes) - opened - timedelta(hours=1)
    for place in sorted(rng.random() for _ in range(tries)):
        begun = opened + long * place
        yield begun, begun + timedelta(seconds=rng.randrange(70, 560))


def _rows(survey: UUID, response: UUID, block: int, givens: Iterable[Given]) -> Iterator[Row]:
    """The answers of a response, and first that somebody took part."""
    yield uuid4(), survey, response, None, block, [], None
    for given in givens:
        yield uuid4(), survey, response, given.question, block, list(given.slots), given.text


def _by_block(who: Sequence[Answered]) -> Iterator[tuple[int, list[Asked]]]:
    blocks: dict[int, list[Asked]] = {}
    for person, block in who:
        blocks.setdefault(block, []).append(person)
    yield from blocks.items()


async def _copy(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    async with db.connection() as con:
        await con.copy_records_to_table(table, records=rows, columns=list(columns))

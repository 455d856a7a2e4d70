"""How people answer surveys: by a mood that they share with those around them, and by chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from atrium.demo.ids import stream
from atrium.demo.survey_pen import Lean, Phrases, Sheet
from models.questionnaires import Given, Question, QuestionKind
from models.survey_cells import Asked
from models.survey_keys import Key, key_of
from models.survey_paths import path_of
from models.survey_slots import cell_slot, other_slot, rank_slot, slot_count

_NEAR = 0.35  # of a mood is the unit's, and of the place
_SPREAD = 0.24  # of a scale, that a mood of 1 moves an answer by
_OTHERWISE = 0.05  # who says something else
_LONGER = 0.4  # of the texts go on
_WRITERS = 500  # of a survey at most, about: nobody reads more made-up texts
_SINCE = (date(2020, 3, 16), 2_000)  # days that dates are drawn from


class Moods:
    """The moods of one survey: the same people in the same order answer the same."""

    def __init__(self, seed: int, sheet: Sheet, purpose: str, people: int, tilt: float = 0.0) -> None:
        """So many `people` answer; `tilt` is added to the mood of all."""
        self._rng, self._seed, self._sheet, self._tilt = stream(seed, f"answers/{purpose}"), seed, sheet, tilt
        self._writing = min(1.0, _WRITERS / max(people, 1))
        self._around: dict[UUID | str | None, float] = {None: 0.0}
        self._keys: dict[UUID, Key] = {one.id: key_of(one) for one in sheet.questionnaire.questions}

    def answers(self, person: Asked) -> list[Given]:
        """What somebody answers to the questions that they come by."""
        rng, asked = self._rng, self._sheet.questionnaire
        mood = rng.gauss(self._tilt + self._near(person.unit) + self._near(person.location), 0.8)
        found = {question.id: given for question in asked.questions if (given := self._answer(question, mood))}
        return [found[question.id] for question in path_of(asked, found) if question.id in found]

    def solutions(self, skill: float) -> list[Given]:
        """What somebody answers to a quiz who knows so much of it (0 to 1)."""
        return [self._solution(question, skill) for question in self._sheet.questionnaire.questions]

    def _near(self, place: UUID | str | None) -> float:
        """What those of a unit or a place have in common."""
        if place not in self._around:
            self._around[place] = stream(self._seed, f"mood/{place}").gauss(0, _NEAR)
        return self._around[place]

    def _answer(self, question: Question, mood: float) -> Given | None:
        rng, lean = self._rng, self._sheet.leans[question.key]
        is_written = question.kind in (QuestionKind.TEXT, QuestionKind.DATE)
        if not question.required and rng.random() >= lean.share * (self._writing if is_written else 1):
            return None
        match question.kind:
            case QuestionKind.SCALE | QuestionKind.NPS:
                return Given(question.id, (self._number(slot_count(question), lean.centre, mood),))
            case QuestionKind.SINGLE_CHOICE:
                return self._choice(question, lean)
            case QuestionKind.MULTIPLE_CHOICE:
                chosen = self._some(lean.weights, question.most or len(question.options))
                return Given(question.id, chosen)
            case QuestionKind.RANKING:
                order = sorted(range(len(lean.weights)), key=lambda item: rng.gauss(-lean.weights[item], 0.25))
                slots = (rank_slot(question, item, rank) for rank, item in enumerate(order))
                return Given(question.id, tuple(sorted(slots)))
            case QuestionKind.MATRIX:
                return Given(question.id, tuple(self._cells(question, lean.weights, mood)))
            case QuestionKind.TEXT:
                return Given(question.id, text=self._text(lean.said))
            case QuestionKind.DATE:
                first, days = _SINCE
                return Given(question.id, text=(first + timedelta(days=rng.randrange(days))).isoformat())

    def _number(self, count: int, centre: float, mood: float) -> int:
        """A slot of so many, near a centre of 0 to 1 that the mood moves."""
        drawn = centre + mood * _SPREAD + self._rng.gauss(0, 0.1)
        return min(max(round(drawn * (count - 1)), 0), count - 1)

    def _choice(self, question: Question, lean: Lean) -> Given:
        other = other_slot(question)
        if other is not None and self._rng.random() < _OTHERWISE:
            return Given(question.id, (other,), self._text(lean.said))
        return Given(question.id, tuple(self._rng.choices(range(len(lean.weights)), lean.weights)))

    def _some(self, weights: Sequence[float], most: int) -> tuple[int, ...]:
        rng = self._rng
        chosen = [slot for slot, weight in enumerate(weights) if rng.random() < weight] or [rng.randrange(len(weights))]
        return tuple(sorted(rng.sample(chosen, min(most, len(chosen)))))

    def _cells(self, question: Question, rows: Sequence[float], mood: float) -> Iterable[int]:
        for row, centre in enumerate(rows):
            yield cell_slot(question, row, self._number(len(question.options), centre, mood))

    def _text(self, said: Phrases) -> str:
        rng = self._rng
        text = rng.choice(said.first)
        return f"{text} {rng.choice(said.then)}" if said.then and rng.random() < _LONGER else text

    def _solution(self, question: Question, skill: float) -> Given:
        """The right slots as far as they know them, and some others."""
        rng, [part] = self._rng, self._keys[question.id].parts
        if rng.random() < skill:
            return Given(question.id, tuple(part.right))
        if question.scale is not None:
            return Given(question.id, (rng.randrange(slot_count(question)),))
        count = len(part.right) if question.kind is QuestionKind.MULTIPLE_CHOICE else 1
        return Given(question.id, tuple(sorted(rng.sample(range(slot_count(question)), count))))

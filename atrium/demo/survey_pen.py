"""A pen that writes questionnaires: the ids of their questions by chance, and beside each how people lean on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from uuid import UUID

from models.questionnaires import Branch, Option, Question, QuestionKind, Questionnaire, Scale, Section

AGREEMENT = Scale(1, 5, "Strongly disagree", "Strongly agree")


@dataclass(frozen=True)
class Phrases:
    """What people write: a sentence of the one kind, and now and then one of the other behind it."""

    first: Sequence[str]
    then: Sequence[str] = ()


NOTHING = Phrases(())


@dataclass(frozen=True)
class Lean:
    """How people lean on a question: by `weights` of its options or rows, or from 0 to 1 towards its highest number.

    `share` is how many of them answer it at all, where they need not.
    """

    weights: tuple[float, ...] = ()
    centre: float = 0.6
    share: float = 0.9
    said: Phrases = NOTHING


@dataclass(frozen=True)
class Sheet:
    """A questionnaire, with what people lean to by the key of each question."""

    questionnaire: Questionnaire
    leans: Mapping[str, Lean]


class Pen:
    """Writes the questions of one questionnaire, one after the other."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._questions: list[Question] = []
        self._sections: list[Section] = []
        self._leans: dict[str, Lean] = {}

    def sheet(self) -> Sheet:
        """All that was written."""
        return Sheet(Questionnaire(tuple(self._questions), tuple(self._sections)), self._leans)

    def section(self, title: str, description: str = "") -> None:
        """What comes now stands in this section."""
        self._sections.append(Section(self._key(), title, description))

    def scale(self, key: str, prompt: str, centre: float, scale: Scale = AGREEMENT, **more: Any) -> None:
        """A required question that is answered with a number."""
        self._ask(key, QuestionKind.SCALE, prompt, Lean(centre=centre), **{"required": True, "scale": scale, **more})

    def nps(self, key: str, prompt: str, centre: float, **more: Any) -> None:
        """A required question of 0 to 10: how likely somebody recommends something."""
        self._ask(key, QuestionKind.NPS, prompt, Lean(centre=centre), **{"required": True, **more})

    def choice(
        self, key: str, prompt: str, labels: Mapping[str, float], *, said: Phrases = NOTHING, **more: Any
    ) -> None:
        """A required question of one option; the numbers are how many choose each. Who says otherwise says `said`."""
        more = {"required": True, "has_other": bool(said.first), **more}
        self._ask(key, QuestionKind.SINGLE_CHOICE, prompt, _lean(labels, said), options=self._options(labels), **more)

    def several(self, key: str, prompt: str, labels: Mapping[str, float], **more: Any) -> None:
        """A question of several options."""
        self._ask(key, QuestionKind.MULTIPLE_CHOICE, prompt, _lean(labels), options=self._options(labels), **more)

    def ranking(self, key: str, prompt: str, labels: Mapping[str, float], **more: Any) -> None:
        """Options to be brought in an order."""
        self._ask(key, QuestionKind.RANKING, prompt, _lean(labels), options=self._options(labels), **more)

    def matrix(self, key: str, prompt: str, rows: Mapping[str, float], columns: Sequence[str], **more: Any) -> None:
        """One column for each row; the numbers are from 0 to 1 towards the last column."""
        options = self._options(dict.fromkeys(columns, 0.0))
        more = {"options": options, "rows": self._options(rows), **more}
        self._ask(key, QuestionKind.MATRIX, prompt, _lean(rows), **more)

    def text(self, key: str, prompt: str, said: Phrases, share: float, **more: Any) -> None:
        """A question that so many answer in their own words."""
        self._ask(key, QuestionKind.TEXT, prompt, Lean(share=share, said=said), **more)

    def date(self, key: str, prompt: str, share: float) -> None:
        self._ask(key, QuestionKind.DATE, prompt, Lean(share=share))

    def right(self, key: str, prompt: str, points: Mapping[str, float], **more: Any) -> None:
        """A question of a quiz: one option, or several where more than one gives points."""
        kind = (
            QuestionKind.MULTIPLE_CHOICE if sum(one > 0 for one in points.values()) > 1 else QuestionKind.SINGLE_CHOICE
        )
        options = tuple(Option(self._key(), label, worth) for label, worth in points.items())
        self._ask(key, kind, prompt, Lean(), options=options, required=True, shuffled=True, **more)

    def number(self, key: str, prompt: str, scale: Scale, correct: int, points: float) -> None:
        """A question of a quiz whose answer is a number."""
        given = {"required": True, "scale": scale, "correct": str(correct), "points": points}
        self._ask(key, QuestionKind.SCALE, prompt, Lean(), **given)

    def skip(self, key: str, to: str, *, least: int, most: int) -> None:
        """Who answers the question of this key with such a number goes on at another one."""
        known = {question.key: (i, question) for i, question in enumerate(self._questions)}
        place, question = known[key]
        branch = Branch(least=least, most=most, to=known[to][1].id)
        self._questions[place] = replace(question, branches=(*question.branches, branch))

    def _ask(self, key: str, kind: QuestionKind, prompt: str, lean: Lean, **more: Any) -> None:
        section = self._sections[-1].id if self._sections else None
        self._questions.append(Question(self._key(), key, kind, prompt, section=section, **more))
        self._leans[key] = lean

    def _options(self, labels: Mapping[str, float]) -> tuple[Option, ...]:
        return tuple(Option(self._key(), label) for label in labels)

    def _key(self) -> UUID:
        return UUID(int=self._rng.getrandbits(128), version=4)


def _lean(weights: Mapping[str, float], said: Phrases = NOTHING) -> Lean:
    return Lean(tuple(weights.values()), said=said)

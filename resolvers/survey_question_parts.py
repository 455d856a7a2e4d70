"""The parts of a question, each checked by itself: texts, options, scales, and what suits the kind."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from execution.values import InvalidValue, parse_date
from models import survey_keys
from models.errors import Invalid, Path
from models.questionnaires import (
    LABEL_MAX,
    OPTIONS_MAX,
    PROMPT_MAX,
    RANKED_MAX,
    SCALE_SPAN_MAX,
    TEXT_MAX,
    Option,
    Question,
    QuestionKind,
    Scale,
)
from models.survey_slots import CHOICES, NUMBERS, TEXTS, scale_of
from models.text import UNSEEN, clean, clean_optional, line_key, storable
from resolvers.survey_translations import NewTranslation, translations

DESCRIPTION_MAX = 5_000  # characters
KEY_MAX = 60  # characters
POINTS_MAX = 1_000.0  # for one option or answer
SCALE_END_MAX = 1_000_000  # the furthest from 0 that a scale may end

RANKED = frozenset({QuestionKind.RANKING, QuestionKind.MATRIX})
OPTIONED = CHOICES | RANKED
LIMITED = frozenset({QuestionKind.MULTIPLE_CHOICE, QuestionKind.RANKING})

_FOLDED = re.compile(r"[^\S\u00a0\u202f]+")  # white space, but for the kinds that keep words together


@dataclass(frozen=True)
class NewOption:
    """An option, row or column to be."""

    label: str
    points: float = 0.0
    translations: Sequence[NewTranslation] = ()


@dataclass(frozen=True)
class NewScale:
    """A scale to be, both ends included."""

    minimum: int
    maximum: int
    minimum_label: str = ""
    maximum_label: str = ""


def prompt(text: str, path: Path) -> str:
    return clean(text, most=PROMPT_MAX, path=path, what="The prompt of a question")


def description(text: str, path: Path) -> str:
    return clean_optional(text, most=DESCRIPTION_MAX, path=path, what="The description")


def label(text: str, path: Path) -> str:
    """One line, in which spaces that keep words together stay what they are."""
    storable(text, path=path, what="A label")
    return clean(_FOLDED.sub(" ", UNSEEN.sub("", text)), most=LABEL_MAX, path=path, what="A label")


def key(text: str, path: Path) -> str:
    storable(text, path=path, what="A key")
    return clean(_FOLDED.sub(" ", UNSEEN.sub("", text)), most=KEY_MAX, path=path, what="A key")


def derived_key(text: str, taken: Iterable[str]) -> str:
    """A key made of a text, unlike those that are taken: the same text gives the same key in every survey."""
    base = re.sub(r"[\W_]+", "-", line_key(text))[: KEY_MAX - 4].strip("-") or "question"
    others = set(taken)
    number = 1
    while (found := base if number == 1 else f"{base}-{number}") in others:
        number += 1
    return found


def options(given: Sequence[NewOption], path: Path) -> tuple[Option, ...]:
    """Options with ids of their own, no two of which look alike. Raises `Invalid`."""
    if len(given) > OPTIONS_MAX:
        raise Invalid(f"There are {len(given)} of them; at most {OPTIONS_MAX} are allowed. Leave some out.", path)
    made = tuple(_option(new, [*path, i]) for i, new in enumerate(given))
    seen: set[str] = set()
    for i, option in enumerate(made):
        if line_key(option.label) in seen:
            raise Invalid("This label is there already. Write another one.", [*path, i, "label"])
        seen.add(line_key(option.label))
    return made


def scale(given: NewScale | None, path: Path) -> Scale | None:
    """A scale of at least two numbers. Raises `Invalid`."""
    if given is None:
        return None
    for name, end in (("minimum", given.minimum), ("maximum", given.maximum)):
        if abs(end) > SCALE_END_MAX:
            raise Invalid(f"A scale ends within {SCALE_END_MAX:,} of 0. Choose a number nearer to it.", [*path, name])
    if not 1 <= given.maximum - given.minimum <= SCALE_SPAN_MAX:
        sentence = f"`maximum` is 1 to {SCALE_SPAN_MAX} more than `minimum`. Choose another one."
        raise Invalid(sentence, [*path, "maximum"])
    low, high = given.minimum_label.strip(), given.maximum_label.strip()
    return Scale(
        given.minimum,
        given.maximum,
        low and label(low, [*path, "minimumLabel"]),
        high and label(high, [*path, "maximumLabel"]),
    )


def points(given: float, path: Path) -> float:
    if not math.isfinite(given) or abs(given) > POINTS_MAX:
        raise Invalid(f"Points go from -{POINTS_MAX:,.0f} to {POINTS_MAX:,.0f}. Choose fewer.", path)
    return float(given)


def right(question: Question, answer: str | None, given: float | None, path: Path) -> tuple[str | None, float]:
    """The right answer of a quiz's question without options, and its points: 1 unless they are said.

    Raises `Invalid` for an answer that cannot be given, and for points without one.
    """
    if answer is None:
        if given:
            told = "Give points to its options" if question.kind in CHOICES else "Say in `correct` what is right, too"
            raise Invalid(f"Nothing tells which answer these points are for. {told}.", [*path, "points"])
        return None, 0.0
    worth = 1.0 if given is None else points(given, [*path, "points"])
    if worth < 0:
        raise Invalid("A right answer takes no points away. Choose 0 or more.", [*path, "points"])
    return _right_answer(question, answer, [*path, "correct"]), worth


def suits(question: Question, path: Path) -> None:
    """Raise `Invalid` where a question has what its kind does not have, lacks what it needs, or has too much of it."""
    for name, what, has_it, kinds in _TRAITS:
        if has_it(question) and question.kind not in kinds:
            raise Invalid(f"A question of kind {question.kind} has no {what}. Leave out `{name}`.", [*path, name])
    for i, option in enumerate((*question.options, *question.rows)):
        if option.points and (question.kind not in CHOICES):
            where = ("options", i) if i < len(question.options) else ("rows", i - len(question.options))
            raise Invalid(f"Nothing in a question of kind {question.kind} has points.", [*path, *where, "points"])
    if question.kind is QuestionKind.SCALE and question.scale is None:
        raise Invalid("Say in `scale` from which number to which one it goes.", [*path, "scale"])
    _has_enough(question, path)
    _most_is_possible(question, path)


_TRAITS: tuple[tuple[str, str, Callable[[Question], bool], Collection[QuestionKind]], ...] = (
    ("options", "options", lambda question: bool(question.options), OPTIONED),
    ("rows", "rows", lambda question: bool(question.rows), {QuestionKind.MATRIX}),
    ("hasOther", "other answer", lambda question: question.has_other, CHOICES),
    ("mostChoices", "limit of choices", lambda question: question.most is not None, LIMITED),
    ("isMultiple", "rows of several choices", lambda question: question.multiple, {QuestionKind.MATRIX}),
    ("isShuffled", "options to shuffle", lambda question: question.shuffled, OPTIONED),
    ("scale", "scale of its own", lambda question: question.scale is not None, {QuestionKind.SCALE}),
    ("correct", "single right answer", lambda question: question.correct is not None, NUMBERS | TEXTS | RANKED),
)
"""What only some kinds have: the name of the input, what it is, whether a question has it, and which kinds may."""


def _has_enough(question: Question, path: Path) -> None:
    least = {QuestionKind.SINGLE_CHOICE: 2 - question.has_other, QuestionKind.RANKING: 2}.get(question.kind, 1)
    if question.kind in OPTIONED and len(question.options) < least:
        raise Invalid(f"There is too little to choose from. Give it at least {least} of `options`.", [*path, "options"])
    if question.kind is QuestionKind.MATRIX and not question.rows:
        raise Invalid("A matrix has rows: say in `rows` what is asked about.", [*path, "rows"])
    for name, those in (("options", question.options), ("rows", question.rows)):
        if question.kind in RANKED and len(those) > RANKED_MAX:
            sentence = f"A question of kind {question.kind} has at most {RANKED_MAX} `{name}`; these are {len(those)}."
            raise Invalid(f"{sentence} Leave some out, or ask twice.", [*path, name])


def _most_is_possible(question: Question, path: Path) -> None:
    count = len(question.options) + question.has_other
    if question.most is not None and not 1 <= question.most <= count:
        raise Invalid(f"`mostChoices` is 1 to {count} here: there are no more to choose.", [*path, "mostChoices"])


def _option(new: NewOption, path: Path) -> Option:
    return Option(
        uuid.uuid4(),
        label(new.label, [*path, "label"]),
        points(new.points, [*path, "points"]),
        translations(new.translations, label, [*path, "translations"]),
    )


def _right_answer(question: Question, answer: str, path: Path) -> str:
    if question.kind in NUMBERS:
        ends = scale_of(question)
        number = int(answer) if re.fullmatch(r"-?[0-9]{1,7}", answer.strip()) else None
        if number is None or not ends.minimum <= number <= ends.maximum:
            raise Invalid(f"The right answer is a whole number from {ends.minimum} to {ends.maximum}.", path)
        return str(number)
    if question.kind is QuestionKind.DATE:
        try:
            return parse_date(answer.strip()).isoformat()
        except InvalidValue as error:
            raise Invalid(str(error), path) from None
    told = clean(answer, most=TEXT_MAX, path=path, what="The right answer")
    if question.kind in RANKED and (sentence := survey_keys.fault(replace(question, correct=told))):
        raise Invalid(sentence, path)
    return told

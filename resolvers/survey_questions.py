"""Questionnaires as people write them: named by keys until they have ids, checked, and edited once they are answered.

All refusals name the input at fault by its path, such as `["questions", 3, "options", 1, "label"]`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import orjson

from models.errors import Invalid, Path
from models.questionnaires import (
    BRANCHES_MAX,
    QUESTIONS_MAX,
    SECTIONS_MAX,
    Branch,
    Option,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    to_document,
)
from models.survey_paths import faults
from models.survey_slots import indexes
from models.text import line_key
from resolvers import survey_question_parts as parts
from resolvers.survey_question_edits import former_questions, with_former_ids
from resolvers.survey_question_parts import NewOption as NewOption
from resolvers.survey_question_parts import NewScale as NewScale
from resolvers.survey_translations import NewTranslation as NewTranslation
from resolvers.survey_translations import translations

PARTS_MAX = 2_000  # options and rows of all questions of a questionnaire
DOCUMENT_MAX = 1_000_000  # bytes of a questionnaire as it is stored


@dataclass(frozen=True)
class NewBranch:
    """Where to go on: after an option, by its index or its label; after numbers; or in any case.

    `to` is the key of a later question; None ends the questionnaire.
    """

    to: str | None = None
    option_index: int | None = None
    option_label: str | None = None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class NewSection:
    """A section to be; questions name it by its `key`."""

    key: str
    title: str
    description: str = ""
    shuffled: bool = False
    translations: Sequence[NewTranslation] = ()


@dataclass(frozen=True)
class NewQuestion:
    """A question to be, or in an edit one that is there: the one with this `id`, or else with this `key`.

    Without a key it has one made of its prompt. `section` is the key of a section.
    """

    kind: QuestionKind
    prompt: str
    key: str | None = None
    id: uuid.UUID | None = None
    description: str = ""
    required: bool = False
    section: str | None = None
    options: Sequence[NewOption] = ()
    rows: Sequence[NewOption] = ()
    has_other: bool = False
    most: int | None = None
    multiple: bool = False
    shuffled: bool = False
    scale: NewScale | None = None
    branches: Sequence[NewBranch] = ()
    points: float | None = None
    correct: str | None = None
    translations: Sequence[NewTranslation] = ()


def questionnaire(questions: Sequence[NewQuestion], sections: Sequence[NewSection] = ()) -> Questionnaire:
    """A questionnaire with ids of its own. Raises `Invalid` for all that is wrong with it."""
    drafts = _drafts(questions)
    return _joined(questions, _keyed(questions, drafts, [None] * len(drafts)), sections)


def edited(old: Questionnaire, questions: Sequence[NewQuestion], sections: Sequence[NewSection] = ()) -> Questionnaire:
    """What `old`, which may have been answered, becomes.

    A question that asks the same as before keeps its id and those of its options, wherever it stands and leads to. One
    that asks otherwise has new ids and keeps its key, unless another one is given. Raises `Invalid`, and `NotFound` for
    the id of a question that `old` does not have.
    """
    drafts = _drafts(questions)
    former = former_questions(old, [new.id for new in questions], drafts)
    keyed = _keyed(questions, drafts, former)
    made = _joined(questions, keyed, sections)
    return with_former_ids(old, made, former)


def as_new(made: Questionnaire) -> tuple[list[NewQuestion], list[NewSection]]:
    """What would make the same questionnaire with other ids: for copies and files."""
    sections: dict[uuid.UUID, NewSection] = {}
    for section in made.sections:
        key = section.key or parts.derived_key(section.title, (one.key for one in sections.values()))
        sections[section.id] = NewSection(
            key, section.title, section.description, section.shuffled, _as_translations(section.translations)
        )
    questions = [_as_question(made, question, sections) for question in made.questions]
    return questions, list(sections.values())


def _drafts(questions: Sequence[NewQuestion]) -> list[Question]:
    """The questions, each checked by itself, with a key only where one is given, and no section or branches yet."""
    if not 1 <= len(questions) <= QUESTIONS_MAX:
        sentence = f"A questionnaire has 1 to {QUESTIONS_MAX} questions; these are {len(questions)}."
        raise Invalid(sentence, ["questions"])
    if sum(len(new.options) + len(new.rows) for new in questions) > PARTS_MAX:
        sentence = f"All questions together have at most {PARTS_MAX:,} options and rows. Ask less at once."
        raise Invalid(sentence, ["questions"])
    return [_draft(new, ["questions", i]) for i, new in enumerate(questions)]


def _draft(new: NewQuestion, path: Path) -> Question:
    made = Question(
        uuid.uuid4(),
        "" if new.key is None else parts.key(new.key, [*path, "key"]),
        new.kind,
        parts.prompt(new.prompt, [*path, "prompt"]),
        description=parts.description(new.description, [*path, "description"]),
        required=new.required,
        options=parts.options(new.options, [*path, "options"]),
        rows=parts.options(new.rows, [*path, "rows"]),
        has_other=new.has_other,
        most=new.most,
        multiple=new.multiple,
        shuffled=new.shuffled,
        scale=parts.scale(new.scale, [*path, "scale"]),
        correct=new.correct,
        translations=translations(new.translations, parts.prompt, [*path, "translations"]),
    )
    parts.suits(made, path)
    correct, points = parts.right(made, new.correct, new.points, path)
    return replace(made, correct=correct, points=points)


def _keyed(
    questions: Sequence[NewQuestion], drafts: Sequence[Question], former: Sequence[Question | None]
) -> list[Question]:
    """The drafts with a key each: the given one, what it was before, or one made of the prompt."""
    keys = [draft.key or (before.key if before else "") for draft, before in zip(drafts, former, strict=True)]
    for i, key in enumerate(keys):
        if key and key in keys[:i]:
            sentence = f"Another question has the key “{key}” already. Give this one another."
            raise Invalid(sentence, ["questions", i, "key" if questions[i].key is not None else "id"])
    for i, key in enumerate(keys):
        keys[i] = key or parts.derived_key(drafts[i].prompt, keys)
    return [replace(draft, key=key) for draft, key in zip(drafts, keys, strict=True)]


def _joined(
    questions: Sequence[NewQuestion], keyed: Sequence[Question], sections: Sequence[NewSection]
) -> Questionnaire:
    """Questions put together: in their sections, with their branches, and every way through them good."""
    named = _sections(sections)
    by_key = {question.key: question.id for question in keyed}
    joined = [
        replace(
            question,
            section=_section(new.section, named, ["questions", i, "section"]),
            branches=_branches(new.branches, question, by_key, ["questions", i, "branches"]),
        )
        for i, (new, question) in enumerate(zip(questions, keyed, strict=True))
    ]
    made = Questionnaire(tuple(joined), tuple(named.values()))
    for fault in faults(made):
        raise Invalid(fault.sentence, fault.path)
    if len(orjson.dumps(to_document(made))) > DOCUMENT_MAX:
        raise Invalid("All its texts together are too long to keep. Shorten some, or ask less.", ["questions"])
    return made


def _sections(given: Sequence[NewSection]) -> dict[str, Section]:
    """Sections by their keys, in their order."""
    if len(given) > SECTIONS_MAX:
        raise Invalid(f"A questionnaire has at most {SECTIONS_MAX} sections; these are {len(given)}.", ["sections"])
    made: dict[str, Section] = {}
    for i, new in enumerate(given):
        path = ["sections", i]
        key = parts.key(new.key, [*path, "key"])
        if key in made:
            raise Invalid(f"Another section has the key “{key}” already. Give this one another.", [*path, "key"])
        made[key] = Section(
            uuid.uuid4(),
            parts.label(new.title, [*path, "title"]),
            parts.description(new.description, [*path, "description"]),
            new.shuffled,
            translations(new.translations, parts.label, [*path, "translations"]),
            key,
        )
    return made


def _section(key: str | None, named: Mapping[str, Section], path: Path) -> uuid.UUID | None:
    if key is None:
        return None
    found = named.get(parts.key(key, path))
    if found is None:
        raise Invalid(f"There is no section with the key “{key[:60]}”. Name one of `sections`, or none.", path)
    return found.id


def _branches(
    given: Sequence[NewBranch], question: Question, by_key: Mapping[str, uuid.UUID], path: Path
) -> tuple[Branch, ...]:
    if len(given) > BRANCHES_MAX:
        raise Invalid(f"A question has at most {BRANCHES_MAX} branches; these are {len(given)}.", path)
    return tuple(_branch(new, question, by_key, [*path, j]) for j, new in enumerate(given))


def _branch(new: NewBranch, question: Question, by_key: Mapping[str, uuid.UUID], path: Path) -> Branch:
    to = None if new.to is None else by_key.get(parts.key(new.to, [*path, "to"]))
    if new.to is not None and to is None:
        sentence = f"There is no question with the key “{new.to[:60]}”. Name a later one, or none to end here."
        raise Invalid(sentence, [*path, "to"])
    return Branch(_branch_option(new, question, path), new.least, new.most, to)


def _branch_option(new: NewBranch, question: Question, path: Path) -> uuid.UUID | None:
    """The option that a branch names by its index or its label."""
    if new.option_index is not None and new.option_label is not None:
        raise Invalid("Name the option by its index or by its label, not by both.", path)
    if new.option_index is not None:
        if not 0 <= new.option_index < len(question.options):
            sentence = f"The question has {len(question.options)} options, counted from 0. Name one of them."
            raise Invalid(sentence, [*path, "optionIndex"])
        return question.options[new.option_index].id
    if new.option_label is not None:
        wanted = line_key(parts.label(new.option_label, [*path, "optionLabel"]))
        found = next((option.id for option in question.options if line_key(option.label) == wanted), None)
        if found is None:
            raise Invalid("The question has no option with this label. Name one of its own.", [*path, "optionLabel"])
        return found
    return None


def _as_question(made: Questionnaire, question: Question, sections: Mapping[uuid.UUID, NewSection]) -> NewQuestion:
    scale = question.scale
    return NewQuestion(
        question.kind,
        question.prompt,
        key=question.key,
        description=question.description,
        required=question.required,
        section=None if question.section is None else sections[question.section].key,
        options=_as_options(question.options),
        rows=_as_options(question.rows),
        has_other=question.has_other,
        most=question.most,
        multiple=question.multiple,
        shuffled=question.shuffled,
        scale=scale and NewScale(scale.minimum, scale.maximum, scale.minimum_label, scale.maximum_label),
        branches=[_as_branch(made, question, branch) for branch in question.branches],
        points=None if question.correct is None else question.points,
        correct=question.correct,
        translations=_as_translations(question.translations),
    )


def _as_branch(made: Questionnaire, question: Question, branch: Branch) -> NewBranch:
    to = None if branch.to is None else made.by_id[branch.to].key
    index = None if branch.option is None else indexes(question.options)[branch.option]
    return NewBranch(to, index, least=branch.least, most=branch.most)


def _as_options(options: Sequence[Option]) -> list[NewOption]:
    return [NewOption(option.label, option.points, _as_translations(option.translations)) for option in options]


def _as_translations(translations: Mapping[str, str]) -> list[NewTranslation]:
    return [NewTranslation(locale, text) for locale, text in translations.items()]

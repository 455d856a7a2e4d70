"""Questions of surveys: as they are asked, and as they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry
from strawberry import argument

from execution.fields import SHARED, column, computed
from execution.ids import encode_id
from execution.rows import read
from execution.scalars import Locale
from models.questionnaires import BRANCHES_MAX, LOCALES_MAX, OPTIONS_MAX, RANKED_MAX, QuestionKind
from models.survey_slots import NUMBERS, scale_of
from resolvers.survey_questions import NewBranch, NewOption, NewQuestion, NewScale, NewSection, NewTranslation
from resolvers.survey_translations import in_locale
from schema.enums import shown
from schema.nodes import optional_key

shown(
    QuestionKind,
    "How a question is answered.",
    {
        QuestionKind.SINGLE_CHOICE: "By one of its options.",
        QuestionKind.MULTIPLE_CHOICE: "By any of its options.",
        QuestionKind.SCALE: "By a whole number of its scale.",
        QuestionKind.NPS: "By how likely one is to recommend: from 0 to 10.",
        QuestionKind.RANKING: "By its options, put in order.",
        QuestionKind.MATRIX: "By an option for each of its rows.",
        QuestionKind.TEXT: "In one's own words.",
        QuestionKind.DATE: "By a day.",
    },
    name="SurveyQuestionKind",
)

IN = "The wanted language: `de-CH` is answered in it, else in `de`, else as the text was written first; so is null."


@strawberry.type(description="A text in another language.")
class SurveyTranslation:
    locale: Locale = column("The language.")
    text: str = column("The text in it.")


def in_language(name: str, description: str) -> Any:
    """A text that may be asked for in a language."""

    def resolve(root: Any, locale: Annotated[Locale | None, argument(description=IN)] = None) -> str:
        return in_locale(read(root, name), read(root, "translations"), locale)

    return strawberry.field(resolver=resolve, description=description, metadata={SHARED: True})


def _translations(row: Any) -> list[SurveyTranslation]:
    texts: Mapping[str, str] = read(row, "translations")
    return [SurveyTranslation(locale=Locale(locale), text=text) for locale, text in texts.items()]


def in_other_languages() -> Any:
    """All translations of a text."""
    return computed(_translations, description="It in other languages; at most 30.", most=LOCALES_MAX, usual=2)


@strawberry.type(description="What can be chosen or ranked, or a row of a matrix.")
class SurveyOption:
    id: strawberry.ID = computed(
        lambda option: encode_id("SurveyOption", read(option, "id")), description="For answers."
    )
    label: str = in_language("label", "One line of at most 300 characters.")
    translations: list[SurveyTranslation] = in_other_languages()


@strawberry.type(description="Whole numbers from one end to the other, both included.")
class SurveyScale:
    minimum: int = column("The smallest.")
    maximum: int = column("The largest.")
    minimum_label: str = column("What the smallest means; empty if not said.")
    maximum_label: str = column("What the largest means; empty if not said.")


@strawberry.type(
    description="Where to go on after a question: the first of its branches that fits the answer says. One with neither"
    " an option nor numbers fits always, also where the question was left out."
)
class SurveyBranch:
    option_id: strawberry.ID | None = computed(
        lambda branch: _optional_id("SurveyOption", read(branch, "option")), description="Once this option is chosen."
    )
    least: int | None = column("For numbers from this one on.")
    most: int | None = column("For numbers up to this one.")
    to_question_id: strawberry.ID | None = computed(
        lambda branch: _optional_id("SurveyQuestion", read(branch, "to")),
        description="The question to go on with, always a later one; null: the questionnaire ends.",
    )


@strawberry.type(description="Questions that belong together.")
class SurveySection:
    id: strawberry.ID = computed(
        lambda section: encode_id("SurveySection", read(section, "id")), description="As `SurveyQuestion.sectionId`."
    )
    title: str = in_language("title", "One line of at most 300 characters.")
    description: str = column("What to know before one answers; at most 5,000 characters, empty if not said.")
    is_shuffled: bool = column("Whether everybody is shown its questions in another order.", source="shuffled")
    translations: list[SurveyTranslation] = in_other_languages()


@strawberry.type(description="A question of a survey. What is right in a quiz is told elsewhere.")
class SurveyQuestion:
    id: strawberry.ID = computed(
        lambda question: encode_id("SurveyQuestion", read(question, "id")),
        description="For answers; another one once it is asked otherwise than before.",
    )
    key: str = column("The same wherever it is asked again: in a later edition, round or survey.")
    kind: QuestionKind = column("How it is answered.")
    prompt: str = in_language("prompt", "What is asked; at most 1,000 characters.")
    description: str = column("What to know before one answers; at most 5,000 characters, empty if not said.")
    is_required: bool = column("Whether who comes by it must answer it.", source="required")
    section_id: strawberry.ID | None = computed(
        lambda question: _optional_id("SurveySection", read(question, "section")),
        description="The section that it stands in; null for none.",
    )
    options: list[SurveyOption] = column(
        "What is chosen or ranked, or the columns of a matrix; at most 100.", most=OPTIONS_MAX, usual=6
    )
    rows: list[SurveyOption] = column("The rows of a matrix; at most 20.", most=RANKED_MAX, usual=2)
    has_other: bool = column("Whether one may answer in one's own words instead of, or besides, its options.")
    most_choices: int | None = column(
        "How many options can be chosen at most, and how many are ranked; null: all.", source="most"
    )
    is_multiple: bool = column("Whether several options can be chosen in each row of a matrix.", source="multiple")
    is_shuffled: bool = column(
        "Whether everybody is shown its options, or the rows of a matrix, in another order.", source="shuffled"
    )
    scale: SurveyScale | None = computed(
        lambda question: scale_of(question) if question.kind in NUMBERS else None,
        description="The numbers that it is answered with; null for other kinds than SCALE and NPS.",
    )
    branches: list[SurveyBranch] = column(
        "Where to go on after it; without one that fits: to the next question.", most=BRANCHES_MAX, usual=1
    )
    translations: list[SurveyTranslation] = in_other_languages()


@strawberry.input(description="A text in another language.")
class SurveyTranslationInput:
    locale: Locale = strawberry.field(description="The language, each at most once.")
    text: str = strawberry.field(description="The text in it, as long as the first one may be.")


@strawberry.input(description="What can be chosen or ranked, or a row of a matrix.")
class SurveyOptionInput:
    label: str = strawberry.field(description="One line of 1 to 300 characters; no two alike but for case.")
    points: float = strawberry.field(
        default=0.0, description="For a quiz: what choosing it is worth, from -1,000 to 1,000."
    )
    translations: list[SurveyTranslationInput] | None = strawberry.field(
        default=None, description="It in other languages; at most 30."
    )


@strawberry.input(description="Whole numbers from one end to the other, both included.")
class SurveyScaleInput:
    minimum: int = strawberry.field(description="The smallest.")
    maximum: int = strawberry.field(description="The largest: 1 to 100 more than the smallest.")
    minimum_label: str | None = strawberry.field(default=None, description="What the smallest means.")
    maximum_label: str | None = strawberry.field(default=None, description="What the largest means.")


@strawberry.input(
    description="Where to go on after a question: for an option, or for numbers; for neither, in any case, also where"
    " the question is left out. The first branch that fits is taken."
)
class SurveyBranchInput:
    to: str | None = strawberry.field(
        default=None, description="The key of a later question; absent or null: the questionnaire ends."
    )
    option_index: int | None = strawberry.field(default=None, description="Once this option is chosen, counted from 0.")
    option_label: str | None = strawberry.field(default=None, description="Once the option with this label is chosen.")
    least: int | None = strawberry.field(default=None, description="For numbers from this one on.")
    most: int | None = strawberry.field(default=None, description="For numbers up to this one.")


@strawberry.input(description="Questions that belong together; they stand one after the other.")
class SurveySectionInput:
    key: str = strawberry.field(description="What questions name it by, here; 1 to 60 characters.")
    title: str = strawberry.field(description="One line of 1 to 300 characters.")
    description: str | None = strawberry.field(default=None, description="At most 5,000 characters.")
    is_shuffled: bool = strawberry.field(
        default=False, description="Whether everybody is shown its questions in another order; these cannot branch."
    )
    translations: list[SurveyTranslationInput] | None = strawberry.field(
        default=None, description="The title in other languages; at most 30."
    )


@strawberry.input(description="A question of a survey.")
class SurveyQuestionInput:
    kind: QuestionKind = strawberry.field(description="How it is answered.")
    prompt: str = strawberry.field(description="What is asked; 1 to 1,000 characters.")
    id: strawberry.ID | None = strawberry.field(
        default=None, description="In an edit: which of the survey's questions it is, if it is one; or name its key."
    )
    key: str | None = strawberry.field(
        default=None,
        description="What it is known by wherever it is asked again, and named by in branches; 1 to 60 characters, each"
        " once. Absent or null: made of the prompt.",
    )
    description: str | None = strawberry.field(default=None, description="At most 5,000 characters.")
    is_required: bool = strawberry.field(default=False, description="Whether who comes by it must answer it.")
    section: str | None = strawberry.field(default=None, description="The key of the section that it stands in.")
    options: list[SurveyOptionInput] | None = strawberry.field(
        default=None,
        description="What is chosen, at most 100, or ranked, at most 20, or the columns of a matrix, at most 20.",
    )
    rows: list[SurveyOptionInput] | None = strawberry.field(default=None, description="Of a matrix: 1 to 20.")
    has_other: bool = strawberry.field(
        default=False, description="Of a choice: whether one may answer in one's own words, too."
    )
    most_choices: int | None = strawberry.field(
        default=None,
        description="How many options of a MULTIPLE_CHOICE can be chosen at most, or how many of a RANKING are ranked.",
    )
    is_multiple: bool = strawberry.field(
        default=False, description="Of a matrix: whether several options can be chosen in each row."
    )
    is_shuffled: bool = strawberry.field(
        default=False, description="Whether everybody is shown its options, or a matrix's rows, in another order."
    )
    scale: SurveyScaleInput | None = strawberry.field(default=None, description="Of a SCALE, which needs it.")
    branches: list[SurveyBranchInput] | None = strawberry.field(
        default=None, description="Where to go on after it, other than to the next question; at most 50."
    )
    points: float | None = strawberry.field(
        default=None, description="For a quiz: what the answer that is `correct` is worth, to 1,000; 1 if not said."
    )
    correct: str | None = strawberry.field(
        default=None,
        description="For a quiz: the right answer of a SCALE or NPS (a number), TEXT, or DATE (such as 2026-12-24).",
    )
    translations: list[SurveyTranslationInput] | None = strawberry.field(
        default=None, description="The prompt in other languages; at most 30."
    )


def new_questions(given: Sequence[SurveyQuestionInput]) -> list[NewQuestion]:
    """The questions that inputs describe. Raises `NotFound` for the id of something else."""
    return [_new_question(question, i) for i, question in enumerate(given)]


def new_sections(given: Sequence[SurveySectionInput] | None) -> list[NewSection]:
    """The sections that inputs describe."""
    return [
        NewSection(
            section.key,
            section.title,
            section.description or "",
            section.is_shuffled,
            _new_translations(section.translations),
        )
        for section in given or ()
    ]


def _new_question(given: SurveyQuestionInput, at: int) -> NewQuestion:
    return NewQuestion(
        given.kind,
        given.prompt,
        key=given.key,
        id=optional_key("SurveyQuestion", given.id, ["questions", at, "id"]),
        description=given.description or "",
        required=given.is_required,
        section=given.section,
        options=_new_options(given.options),
        rows=_new_options(given.rows),
        has_other=given.has_other,
        most=given.most_choices,
        multiple=given.is_multiple,
        shuffled=given.is_shuffled,
        scale=given.scale and _new_scale(given.scale),
        branches=[NewBranch(b.to, b.option_index, b.option_label, b.least, b.most) for b in given.branches or ()],
        points=given.points,
        correct=given.correct,
        translations=_new_translations(given.translations),
    )


def _new_options(given: Sequence[SurveyOptionInput] | None) -> list[NewOption]:
    return [NewOption(option.label, option.points, _new_translations(option.translations)) for option in given or ()]


def _new_scale(given: SurveyScaleInput) -> NewScale:
    return NewScale(given.minimum, given.maximum, given.minimum_label or "", given.maximum_label or "")


def _new_translations(given: Sequence[SurveyTranslationInput] | None) -> list[NewTranslation]:
    return [NewTranslation(one.locale, one.text) for one in given or ()]


def _optional_id(type_name: str, id: Any) -> strawberry.ID | None:
    return None if id is None else strawberry.ID(encode_id(type_name, id))

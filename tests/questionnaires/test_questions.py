"""Questionnaires as people write them: what is taken, and what is refused where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models.errors import Invalid
from models.questionnaires import QuestionKind, Questionnaire, Scale
from resolvers.survey_questions import (
    NewBranch,
    NewOption,
    NewQuestion,
    NewScale,
    NewSection,
    NewTranslation,
    questionnaire,
)
from resolvers.survey_translations import in_locale

KIND = QuestionKind


def ask(kind: QuestionKind = KIND.TEXT, prompt: str = "Why?", **more: Any) -> NewQuestion:
    return NewQuestion(kind, prompt, **more)


def named(*labels: str) -> list[NewOption]:
    return [NewOption(label) for label in labels]


AB = named("A", "B")
SINGLE = ask(KIND.SINGLE_CHOICE, options=AB)
MATRIX = ask(KIND.MATRIX, options=AB, rows=AB)
SCALE = ask(KIND.SCALE, scale=NewScale(1, 5))


def refused(*questions: NewQuestion, sections: list[NewSection] | None = None) -> tuple[str, ...]:
    """Where a questionnaire is refused, with a sentence that ends as one."""
    with pytest.raises(Invalid) as error:
        questionnaire(questions, sections or [])
    assert error.value.message.endswith(".")
    return error.value.path


def at(*path: str | int) -> tuple[str, ...]:
    return tuple(str(step) for step in ("questions", 0, *path))


def test_texts_are_trimmed_and_spaces_that_keep_words_together_kept() -> None:
    asked = ask(KIND.SINGLE_CHOICE, " Which \r\n one? ", options=named("  20\u00a0hours \t a week ", "𝔘nusual 🌱"))

    made = questionnaire([asked]).questions[0]

    assert made.prompt == "Which \n one?"
    assert [option.label for option in made.options] == ["20\u00a0hours a week", "𝔘nusual 🌱"]


def test_keys_are_made_of_prompts_so_that_the_same_question_has_the_same_one_everywhere() -> None:
    made = questionnaire([ask(prompt="Was läuft gut?"), ask(prompt="was läuft gut!"), ask(prompt="???"), ask(key="k")])

    assert [question.key for question in made.questions] == ["was-läuft-gut", "was-läuft-gut-2", "question", "k"]


def test_branches_name_options_by_index_or_label_and_questions_by_key() -> None:
    branches = [NewBranch("last", option_index=0), NewBranch(option_label=" b ")]

    made = questionnaire([replace(SINGLE, branches=branches), ask(), ask(key="last")])

    first = made.questions[0]
    assert [(branch.option, branch.to) for branch in first.branches] == [
        (first.options[0].id, made.questions[2].id),
        (first.options[1].id, None),
    ]


def test_sections_are_named_by_their_keys() -> None:
    made = questionnaire([ask(section="s"), ask()], [NewSection("s", "To begin with", shuffled=True)])

    assert made.questions[0].section == made.sections[0].id and made.questions[1].section is None


def test_every_kind_has_its_own_parts() -> None:
    most = questionnaire(
        [
            replace(SINGLE, has_other=True, shuffled=True),
            ask(KIND.MULTIPLE_CHOICE, options=AB, most=3, has_other=True),
            ask(KIND.SCALE, scale=NewScale(-3, 3, " bad ", "good"), points=2, correct=" 3 "),
            ask(KIND.NPS, correct="10"),
            ask(KIND.RANKING, options=AB, most=1),
            replace(MATRIX, multiple=True, shuffled=True),
            ask(KIND.RANKING, options=AB, correct="2,1", points=2),
            ask(KIND.TEXT, correct="Ada Lovelace"),
            ask(KIND.DATE, correct="1815-12-10", points=0),
        ]
    )

    scale, nps = most.questions[2], most.questions[3]
    assert scale.scale == Scale(-3, 3, "bad", "good")
    assert (scale.correct, scale.points, nps.points, most.questions[8].points) == ("3", 2.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("new", "path"),
    [
        (ask(prompt=" "), ["prompt"]),
        (ask(prompt="x" * 1_001), ["prompt"]),
        (ask(prompt="a\0b"), ["prompt"]),
        (ask(description="x" * 5_001), ["description"]),
        (ask(key=" "), ["key"]),
        (ask(key="x" * 61), ["key"]),
        (ask(section="none"), ["section"]),
        (ask(options=AB), ["options"]),
        (ask(rows=AB), ["rows"]),
        (ask(has_other=True), ["hasOther"]),
        (ask(most=1), ["mostChoices"]),
        (ask(multiple=True), ["isMultiple"]),
        (ask(shuffled=True), ["isShuffled"]),
        (ask(scale=NewScale(1, 5)), ["scale"]),
        (ask(points=1), ["points"]),
        (replace(SINGLE, points=1), ["points"]),
        (replace(SINGLE, correct="A"), ["correct"]),
        (ask(KIND.RANKING, options=AB, correct="B, A"), ["correct"]),
        (replace(MATRIX, correct="9"), ["correct"]),
        (replace(SINGLE, rows=AB), ["rows"]),
        (replace(SINGLE, most=1), ["mostChoices"]),
        (replace(SINGLE, options=named("A")), ["options"]),
        (replace(SINGLE, options=named(*map(str, range(101)))), ["options"]),
        (replace(SINGLE, options=named("A", "B", "ａ")), ["options", 2, "label"]),
        (replace(SINGLE, options=named("A", "\u200b")), ["options", 1, "label"]),
        (replace(SINGLE, options=named("A", "x" * 301)), ["options", 1, "label"]),
        (replace(SINGLE, options=[*AB, NewOption("C", 1_001)]), ["options", 2, "points"]),
        (replace(SINGLE, options=[*AB, NewOption("C", float("nan"))]), ["options", 2, "points"]),
        (ask(KIND.MULTIPLE_CHOICE), ["options"]),
        (ask(KIND.MULTIPLE_CHOICE, options=AB, most=0), ["mostChoices"]),
        (ask(KIND.MULTIPLE_CHOICE, options=AB, most=3), ["mostChoices"]),
        (ask(KIND.RANKING, options=named("A")), ["options"]),
        (ask(KIND.RANKING, options=named(*map(str, range(21)))), ["options"]),
        (ask(KIND.RANKING, options=[NewOption("A", 1), *named("B")]), ["options", 0, "points"]),
        (ask(KIND.MATRIX, options=AB), ["rows"]),
        (ask(KIND.MATRIX, rows=AB), ["options"]),
        (replace(MATRIX, rows=named(*map(str, range(21)))), ["rows"]),
        (replace(MATRIX, rows=[NewOption("A", 1)]), ["rows", 0, "points"]),
        (ask(KIND.SCALE), ["scale"]),
        (ask(KIND.SCALE, scale=NewScale(5, 5)), ["scale", "maximum"]),
        (ask(KIND.SCALE, scale=NewScale(0, 101)), ["scale", "maximum"]),
        (ask(KIND.SCALE, scale=NewScale(10**9, 10**9 + 1)), ["scale", "minimum"]),
        (ask(KIND.SCALE, scale=NewScale(1, 5, "x" * 301)), ["scale", "minimumLabel"]),
        (replace(SCALE, correct="6"), ["correct"]),
        (replace(SCALE, correct="3.5"), ["correct"]),
        (replace(SCALE, correct="3", points=-1), ["points"]),
        (replace(SCALE, correct="3", points=float("inf")), ["points"]),
        (ask(KIND.DATE, correct="24.12.2026"), ["correct"]),
        (
            ask(translations=[NewTranslation("German", "Warum?"), NewTranslation("x", "Y")]),
            ["translations", 1, "locale"],
        ),
        (ask(translations=[NewTranslation("de", "A"), NewTranslation("DE", "B")]), ["translations", 1, "locale"]),
        (ask(translations=[NewTranslation("de", "")]), ["translations", 0, "text"]),
        (ask(branches=[NewBranch("nowhere")]), ["branches", 0, "to"]),
        (ask(branches=[NewBranch()] * 51), ["branches"]),
        (replace(SINGLE, branches=[NewBranch(option_index=2)]), ["branches", 0, "optionIndex"]),
        (replace(SINGLE, branches=[NewBranch(option_index=-1)]), ["branches", 0, "optionIndex"]),
        (replace(SINGLE, branches=[NewBranch(option_label="C")]), ["branches", 0, "optionLabel"]),
        (replace(SINGLE, branches=[NewBranch(option_index=0, option_label="A")]), ["branches", 0]),
    ],
)
def test_what_a_question_cannot_have_is_refused_where_it_stands(new: NewQuestion, path: list[str | int]) -> None:
    assert refused(new) == at(*path)


def test_questions_sections_and_keys_are_counted() -> None:
    assert refused() == ("questions",)
    assert refused(*[ask()] * 201) == ("questions",)
    assert refused(*[replace(SINGLE, options=named(*map(str, range(100))))] * 21) == ("questions",)
    assert refused(ask(key="k"), ask(key="k")) == ("questions", "1", "key")
    assert refused(ask(), sections=[NewSection(str(i), "S") for i in range(51)]) == ("sections",)
    assert refused(ask(), sections=[NewSection("s", "S"), NewSection("s", "S")]) == ("sections", "1", "key")
    assert refused(ask(), sections=[NewSection("s", " ")]) == ("sections", "0", "title")
    assert refused(ask(), sections=[NewSection("s", "S")]) == ("sections", "0")


def test_all_texts_together_are_bounded() -> None:
    long = [NewTranslation(f"de-x-{i}", "ß" * 1_000) for i in range(30)]

    assert refused(*[ask(translations=long)] * 20) == ("questions",)


def test_branches_that_loop_or_leave_a_question_out_for_all_are_refused() -> None:
    assert refused(ask(key="a"), ask(branches=[NewBranch("a")])) == ("questions", "1", "branches", "0", "to")
    assert refused(ask(branches=[NewBranch("c")]), ask(), ask(key="c")) == ("questions", "1")


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        (None, "Colour"),
        ("de-CH-x-private", "Farb"),
        ("de-CH", "Farb"),
        ("de-AT", "Farbe"),
        ("de", "Farbe"),
        ("fr", "Colour"),
        ("zh-Hant-TW", "顏色"),
        ("zh", "Colour"),
    ],
)
def test_a_text_is_told_in_the_nearest_language(locale: str | None, told: str) -> None:
    assert in_locale("Colour", {"de": "Farbe", "de-CH": "Farb", "zh-Hant": "顏色"}, locale) == told


LARGE: list[Callable[[], Questionnaire]] = [
    lambda: questionnaire([replace(ask(), key=f"q{i}") for i in range(200)]),
    lambda: questionnaire([replace(SINGLE, key=f"q{i}", options=named(*map(str, range(10)))) for i in range(200)]),
]


@pytest.mark.parametrize("make", LARGE)
def test_the_largest_are_taken(make: Callable[[], Questionnaire]) -> None:
    assert len(make().questions) == 200

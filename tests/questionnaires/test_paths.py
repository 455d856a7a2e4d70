"""Ways through a questionnaire: which questions one comes by, and what is wrong with its branches and sections."""

from __future__ import annotations

import uuid
from dataclasses import replace
from time import perf_counter

import pytest

from models.questionnaires import Branch, Given, Option, Question, QuestionKind, Questionnaire, Scale, Section
from models.survey_paths import Fault, faults, path_of


def asked(kind: QuestionKind = QuestionKind.TEXT, *branches: Branch, **more: object) -> Question:
    made = Question(uuid.uuid4(), "key", kind, "Why?", branches=branches)
    return replace(made, **more)  # pyright: ignore[reportArgumentType]  # fields by name


def choice(*labels: str, **more: object) -> Question:
    return asked(QuestionKind.SINGLE_CHOICE, options=tuple(Option(uuid.uuid4(), label) for label in labels), **more)


def branching(question: Question, *branches: Branch) -> Question:
    return replace(question, branches=branches)


def found(*questions: Question, sections: tuple[Section, ...] = ()) -> list[tuple[str | int, ...]]:
    return [fault.path for fault in faults(Questionnaire(questions, sections))]


def way(questions: list[Question], *answers: Given) -> list[int]:
    made = Questionnaire(tuple(questions))
    return [made.place[q.id] for q in path_of(made, {answer.question: answer for answer in answers})]


class TestTheWay:
    def test_goes_by_the_answer(self) -> None:
        yes_or_no, why, last = choice("Yes", "No"), asked(), asked()
        first = branching(yes_or_no, Branch(option=yes_or_no.options[1].id, to=last.id))

        assert way([first, why, last], Given(first.id, (0,))) == [0, 1, 2]
        assert way([first, why, last], Given(first.id, (1,))) == [0, 2]
        assert way([first, why, last]) == [0, 1, 2]

    def test_takes_the_first_branch_that_fits(self) -> None:
        middle, last = asked(), asked()
        first = asked(
            QuestionKind.SCALE,
            Branch(most=2, to=None),
            Branch(least=2, most=3, to=last.id),
            scale=Scale(1, 5),
        )

        ways = [way([first, middle, last], Given(first.id, (number - 1,))) for number in range(1, 6)]

        assert ways == [[0], [0], [0, 2], [0, 1, 2], [0, 1, 2]]

    def test_of_a_branch_without_a_condition_is_also_for_who_leaves_the_question_out(self) -> None:
        last = asked()
        first, skipped = asked(QuestionKind.TEXT, Branch(to=last.id)), asked()

        assert way([first, skipped, last]) == way([first, skipped, last], Given(first.id, text="x")) == [0, 2]

    def test_can_end_early(self) -> None:
        assert way([asked(QuestionKind.TEXT, Branch()), asked()]) == [0]


class TestFaults:
    def test_there_are_none_in_a_good_questionnaire(self) -> None:
        last = asked()
        first = choice("Yes", "No")
        assert found(branching(first, Branch(option=first.options[0].id, to=last.id)), asked(), last) == []

    def test_a_branch_back_or_to_itself_is_a_loop(self) -> None:
        first, second = choice("Yes", "No"), choice("Yes", "No")
        back = branching(second, Branch(option=second.options[0].id, to=first.id))
        itself = branching(second, Branch(option=second.options[0].id, to=second.id))

        assert found(first, back) == found(first, itself) == [("questions", 1, "branches", 0, "to")]

    def test_a_branch_leads_to_a_question_that_is_there(self) -> None:
        first = asked(QuestionKind.TEXT, Branch(to=uuid.uuid4()))

        assert found(first, asked()) == [("questions", 0, "branches", 0, "to")]

    def test_nobody_reaches_what_every_answer_leaps_over(self) -> None:
        last = asked()
        one = choice("Yes", "No", required=True)
        leaping = branching(one, *(Branch(option=option.id, to=last.id) for option in one.options))

        assert found(leaping, asked(), last) == [("questions", 1)]
        assert found(replace(leaping, required=False), asked(), last) == []
        assert found(replace(leaping, has_other=True), asked(), last) == []

    def test_what_ends_the_questionnaire_cuts_off_the_rest(self) -> None:
        nps = asked(QuestionKind.NPS, Branch(most=6), Branch(least=7), required=True)

        assert found(nps, asked(), asked()) == [("questions", 1), ("questions", 2)]

    def test_a_branch_behind_one_that_takes_all_is_never_taken(self) -> None:
        last = asked()
        one = choice("Yes", "No")
        both = branching(one, Branch(to=last.id), Branch(option=one.options[0].id))
        twice = branching(one, Branch(option=one.options[0].id, to=last.id), Branch(option=one.options[0].id))

        assert found(both, last) == found(twice, last) == [("questions", 0, "branches", 1)]

    @pytest.mark.parametrize(
        ("question", "branch", "where"),
        [
            (asked(), Branch(option=uuid.uuid4()), ("option",)),
            (choice("Yes", "No"), Branch(option=uuid.uuid4()), ("option",)),
            (choice("Yes", "No"), Branch(least=1), ()),
            (choice("Yes", "No"), Branch(option=uuid.uuid4(), most=1), ()),
            (asked(QuestionKind.NPS), Branch(least=11), ("least",)),
            (asked(QuestionKind.NPS), Branch(most=-1), ("most",)),
            (asked(QuestionKind.NPS), Branch(least=6, most=5), ("least",)),
        ],
    )
    def test_a_condition_suits_its_question(self, question: Question, branch: Branch, where: tuple[str, ...]) -> None:
        assert found(branching(question, branch), asked()) == [("questions", 0, "branches", 0, *where)]

    def test_the_questions_of_a_shuffled_section_do_not_branch(self) -> None:
        section = Section(uuid.uuid4(), "Any order", shuffled=True)
        last = asked()
        inside = [replace(asked(), section=section.id) for _ in range(3)]
        out = branching(inside[0], Branch(to=last.id))
        into = asked(QuestionKind.NPS, Branch(most=3, to=inside[1].id))
        before = asked(QuestionKind.NPS, Branch(most=3, to=inside[0].id))

        assert ("questions", 0, "branches") in found(out, *inside[1:], last, sections=(section,))
        assert found(into, *inside, sections=(section,)) == [("questions", 0, "branches", 0, "to")]
        assert found(before, asked(), *inside, sections=(section,)) == []

    def test_the_questions_of_a_section_stand_together(self) -> None:
        section = Section(uuid.uuid4(), "Together")
        one, other = (replace(asked(), section=section.id) for _ in range(2))

        assert found(one, asked(), other, sections=(section,)) == [("questions", 2, "section")]
        assert found(asked(), one, other, sections=(section,)) == []

    def test_sections_are_there_and_have_questions(self) -> None:
        assert found(asked(), sections=(Section(uuid.uuid4(), "Empty"),)) == [("sections", 0)]
        assert found(replace(asked(), section=uuid.uuid4())) == [("questions", 0, "section")]

    def test_each_says_what_to_do(self) -> None:
        one = asked(QuestionKind.TEXT, Branch())
        sentence = "Nobody can reach the question “Why?”. Let an answer before it lead there, or leave it out."

        assert faults(Questionnaire((one, asked()))) == [Fault(("questions", 1), sentence)]

    def test_are_found_in_the_largest_questionnaire_at_once(self) -> None:
        last = asked()
        labels = [str(i) for i in range(100)]
        many = [choice(*labels) for _ in range(199)]
        wide = [branching(one, *(Branch(option=option.id, to=last.id) for option in one.options[:50])) for one in many]

        began = perf_counter()
        assert found(*wide, last) == []
        assert perf_counter() - began < 5  # seconds; some tenths of one on a quiet machine

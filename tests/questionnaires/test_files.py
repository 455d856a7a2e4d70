"""Questionnaires as files: read back as they were written, and without anything about people."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from models.errors import Invalid
from models.questionnaires import QuestionKind, Scale
from resolvers.survey_file_fields import QUESTIONS, SECTIONS
from resolvers.survey_files import FILE_MAX, KNOWN, QuestionnaireFile, read_file, write_file
from resolvers.survey_questions import as_new

DATA = Path(__file__).parents[1] / "data" / "questionnaires"
PAGE = Path(__file__).parents[2] / "docs" / "questionnaires.md"
REAL = (DATA / "work_and_wellbeing.json").read_bytes()

ONE = {"kind": "TEXT", "prompt": "Why?"}
CHOICE = {"kind": "SINGLE_CHOICE", "prompt": "Which?", "options": [{"label": "A"}, {"label": "B"}]}


def a_file(*questions: Any, **more: Any) -> str:
    return json.dumps({"format": "atrium-questionnaire", "version": 1, "questions": questions or [ONE], **more})


def a_record(*questions: Any, **more: Any) -> str:
    return json.dumps({"type": "survey", "id": "s1", "title": "Pulse", "questions": questions, **more})


def refusal(content: bytes | str) -> Invalid:
    with pytest.raises(Invalid) as error:
        read_file(content)
    assert error.value.message.endswith(".")
    return error.value


class TestARealQuestionnaire:
    read = read_file(REAL)

    def test_is_expressed_whole(self) -> None:
        kinds = Counter(question.kind for question in self.read.questionnaire.questions)

        assert kinds == {
            QuestionKind.SINGLE_CHOICE: 13,
            QuestionKind.MULTIPLE_CHOICE: 3,
            QuestionKind.MATRIX: 3,
            QuestionKind.RANKING: 1,
            QuestionKind.TEXT: 2,
        }
        assert (self.read.title, self.read.notes) == ("Work and well-being", [])

    def test_is_written_as_it_was_read_byte_for_byte(self) -> None:
        assert write_file(self.read.questionnaire, title=self.read.title) == REAL

    def test_keeps_what_each_field_of_the_file_says(self) -> None:
        file = json.loads(REAL)
        new, sections = as_new(self.read.questionnaire)

        assert [question.prompt for question in new] == [one["prompt"] for one in file["questions"]]
        assert [[option.label for option in question.options] for question in new] == [
            [option["label"] for option in one.get("options", [])] for one in file["questions"]
        ]
        assert [question.required for question in new] == [one.get("isRequired", False) for one in file["questions"]]
        assert [branch.to for question in new for branch in question.branches] == ["clarity", "breaks"]
        assert [section.title for section in sections] == [one["title"] for one in file["sections"]]
        assert "Up to 20\u00a0hours" in {option.label for question in new for option in question.options}


EXAMPLES = re.findall(r"(?<!^```\n)^```json\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
"""The files that the page shows; what follows a request is its answer."""


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_page_are_read_whole(example: str) -> None:
    assert read_file(example).notes == []


def test_the_page_names_every_field() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE.read_text("utf-8")))

    assert {*KNOWN, *QUESTIONS.record.fields, *SECTIONS.record.fields} <= named


def test_ids_are_new_each_time() -> None:
    once, again = read_file(REAL).questionnaire, read_file(REAL).questionnaire

    assert not once.by_id.keys() & again.by_id.keys()
    assert as_new(once) == as_new(again)


def test_a_file_may_begin_with_a_byte_order_mark_and_say_null() -> None:
    text = a_file({**ONE, "key": None, "options": None, "description": None}, sections=None, title=None)

    assert read_file(b"\xef\xbb\xbf" + text.encode()).questionnaire.questions[0].prompt == "Why?"


def test_sections_keep_their_keys() -> None:
    sections = [{"key": "work", "title": "You and your work"}, {"key": "you", "title": "You"}]
    text = a_file({**ONE, "section": "you"}, {**CHOICE, "section": "work"}, sections=sections)

    written = json.loads(write_file(read_file(text).questionnaire))

    assert written["sections"] == sections
    assert [question["section"] for question in written["questions"]] == ["you", "work"]


class TestData:
    """What a file holds of people is dropped, and said without being repeated."""

    content = a_file(
        {**CHOICE, "responses": [{"who": "Ann", "choice": 0}]},
        ONE,
        respondents=[{"name": "Ann", "email": "ann@example.com", "ip_address": "192.0.2.17"}],
        log=["2001:db8::17 answered", {"from": "192.0.2.18"}],
        meta={"contact": "Write to bob@example.com"},
        created="2026-11-22T12:30:00Z",
    )

    def test_is_dropped_and_said(self) -> None:
        read = read_file(self.content)

        nothing = "A questionnaire says nothing of people."
        assert read.notes == [
            f"respondents held IP addresses and data of respondents and e-mail addresses: dropped. {nothing}",
            f"log held IP addresses: dropped. {nothing}",
            f"meta held e-mail addresses: dropped. {nothing}",
            "created is no field of a questionnaire: left out.",
            f"questions[0].responses held data of respondents: dropped. {nothing}",
        ]

    def test_is_nowhere_in_what_was_read(self) -> None:
        read = read_file(self.content)

        kept = write_file(read.questionnaire, title=read.title).decode() + " ".join(read.notes)
        for secret in ("Ann", "ann@", "bob@", "192.0.2", "2001:db8", "2026-11"):
            assert secret not in kept

    def test_is_not_repeated_where_it_names_a_field_or_a_record(self) -> None:
        answers = {"ann@example.com": 4, "192.0.2.17": 5, "Ann Example": [{"192.0.2.18": 1}]}
        others = [{"type": "bob@example.com"}, {"type": {"name": "Ann"}}, {"type": 7}]

        notes = [
            *read_file(a_file({**ONE, **answers})).notes,
            *read_file("\n".join([a_record({"kind": "open", "title": "Why?"}), *map(json.dumps, others)])).notes,
        ]

        nothing = "A questionnaire says nothing of people."
        assert notes == [
            f"questions[0].… held e-mail addresses: dropped. {nothing}",
            f"questions[0].… held IP addresses: dropped. {nothing}",
            f"questions[0].… held IP addresses: dropped. {nothing}",
            "3 records of the type … were dropped: only the questionnaire is taken.",
        ]

    def test_of_many_fields_makes_few_notes(self) -> None:
        read = read_file(a_file(**{f"field{i}" * 40: i for i in range(500)}))

        assert len(read.notes) == 51 and max(map(len, read.notes)) < 200


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (a_file({"kind": "TEXT"}), "questions[0].prompt"),
        (a_file({**ONE, "kind": "ESSAY"}), "questions[0].kind"),
        (a_file({**ONE, "kind": "text"}), "questions[0].kind"),
        (a_file({**ONE, "prompt": 3}), "questions[0].prompt"),
        (a_file(ONE, "Why?"), "questions[1]"),
        (a_file({**ONE, "isRequired": "yes"}), "questions[0].isRequired"),
        (a_file({**ONE, "isRequired": 1}), "questions[0].isRequired"),
        (a_file({**CHOICE, "options": {"label": "A"}}), "questions[0].options"),
        (a_file({**CHOICE, "options": [{"label": "A"}] * 101}), "questions[0].options"),
        (a_file(ONE, {**CHOICE, "options": [{"label": "A"}, {"label": "a "}]}), "questions[1].options[1].label"),
        (a_file({**CHOICE, "options": [{"label": "A", "points": True}]}), "questions[0].options[0].points"),
        (a_file({**CHOICE, "translations": [{"text": "A"}]}), "questions[0].translations[0].locale"),
        (a_file({**ONE, "kind": "SCALE", "scale": {"minimum": 1}}), "questions[0].scale.maximum"),
        (a_file({**ONE, "kind": "SCALE", "scale": {"minimum": 1.5}}), "questions[0].scale.minimum"),
        (a_file({**ONE, "key": "a"}, {**ONE, "branches": [{"to": "a"}]}), "questions[1].branches[0].to"),
        (a_file({**ONE, "section": "s"}), "questions[0].section"),
        (a_file(sections=[{"key": "s"}]), "sections[0].title"),
        (a_file(title=["x"]), "title"),
        (a_file(questions=[]), "questions"),
        (a_file(questions=None), "questions"),
        (a_file(format="lime"), "format"),
        (a_file(version=2), "version"),
        ("{}", "format"),
    ],
)  # fmt: skip
def test_every_refusal_names_the_place(content: str, place: str) -> None:
    error = refusal(content)

    assert error.message.startswith(f"{place}: ")
    assert error.path == tuple(place.replace("]", "").replace("[", ".").split("."))


def test_what_is_no_json_is_refused_with_line_and_column() -> None:
    assert "line 2, column 3" in refusal('{"format":\n  oops}').message
    assert "line 1" in refusal("").message
    assert "line 1" in refusal(b'{"a": "\xff"}').message
    assert "line 1" in refusal('{"a": "\ud800"}').message
    assert "line 1" in refusal('{"a": NaN}').message
    assert refusal("[]").message == "This is no object. Write one, in { and }."
    assert refusal("7").message == "This is no object. Write one, in { and }."


def test_sizes_and_nesting_are_bounded() -> None:
    began = perf_counter()
    for depth in (25, 900, 100_000):
        refusal(a_file(deep=0).replace("0}", "[" * depth + "]" * depth + "}"))
    assert f"{FILE_MAX:,}" in refusal(b" " * (FILE_MAX + 1)).message
    assert "more than 20 deep" in refusal(a_file(deep=[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]])).message
    assert refusal(a_file(*[ONE] * 201)).path == ("questions",)
    assert perf_counter() - began < 5  # seconds


class TestRecords:
    """Surveys as other networks' records."""

    content = a_record(
        {"id": "q1", "kind": "single", "title": "Where?", "options": ["20\u00a0km away", "Here"], "allows_other": True},
        {"id": 2, "kind": "multi", "title": "Which?", "options": [{"id": "x", "label": "A"}, {"title": "B"}, 3]},
        {"id": "q3", "kind": "matrix", "title": "How?", "options": ["Bad", "Good"], "rows": ["Pay", "Food"]},
        {"id": "q4", "kind": "ranking", "title": "What first?", "options": ["A", "B"]},
        {"id": "q5", "kind": "open", "title": "Else?", "required": True},
        {"id": "q6", "kind": "scale", "title": "Sure?", "options": ["0", "1", "2", "3"]},
        {"id": "q7", "kind": "scale", "title": "Glad?", "options": ["No", "So so", "Yes"]},
        {"id": "q8", "kind": "scale", "title": "Well?"},
        anonymous=True,
        updated_at=3,
    )

    def check(self, read: QuestionnaireFile) -> None:
        questions = read.questionnaire.questions
        assert (read.title, read.is_anonymous) == ("Pulse", True)
        assert [question.key for question in questions] == ["q1", "2", "q3", "q4", "q5", "q6", "q7", "q8"]
        assert [question.kind for question in questions[:5]] == [
            QuestionKind.SINGLE_CHOICE,
            QuestionKind.MULTIPLE_CHOICE,
            QuestionKind.MATRIX,
            QuestionKind.RANKING,
            QuestionKind.TEXT,
        ]
        assert [[option.label for option in question.options] for question in questions[:3]] == [
            ["20\u00a0km away", "Here"],
            ["A", "B", "3"],
            ["Bad", "Good"],
        ]
        assert [row.label for row in questions[2].rows] == ["Pay", "Food"]
        assert questions[0].has_other and questions[4].required
        assert [question.scale for question in questions[5:]] == [Scale(0, 3), Scale(1, 3, "No", "Yes"), Scale(1, 5)]

    def test_are_read(self) -> None:
        read = read_file(self.content)

        self.check(read)
        assert read.notes == [
            "questions[6] names the numbers between the ends of its scale: these names are left out.",
            "questions[7] does not say its scale: it is taken to go from 1 to 5.",
        ]

    def test_among_others_are_read_and_the_others_dropped(self) -> None:
        header = json.dumps({"type": "header", "version": 1, "source": "acme"})
        response = json.dumps({"type": "survey_response", "survey": "s1", "person": "ann@example.com", "answers": []})

        read = read_file("\n".join([header, self.content, "", response, response]))

        self.check(read)
        assert "2 records of the type survey_response were dropped: only the questionnaire is taken." in read.notes

    def test_of_several_surveys_or_none_are_refused(self) -> None:
        assert "2 surveys" in refusal(f"{self.content}\n{self.content}").message
        assert "0 surveys" in refusal('{"type": "post"}\n{"type": "post"}').message
        assert "Line 2" in refusal(f"{self.content}\nnothing").message

    @pytest.mark.parametrize(
        ("question", "place"),
        [
            ({"kind": "essay", "title": "Why?"}, "questions[0].kind"),
            ({"kind": "open", "title": ""}, "questions[0].title"),
            ({"kind": "open"}, "questions[0].title"),
            ({"kind": "single", "title": "Which?", "options": ["A", None]}, "questions[0].options[1].label"),
            ({"kind": "open", "title": "Why?", "allows_other": True}, "questions[0].allows_other"),
            ({"kind": "scale", "title": "Why?", "options": "many"}, "questions[0].options"),
            ({"kind": "scale", "title": "Why?", "options": ["A", None]}, "questions[0].options[1].label"),
            ("Why?", "questions[0]"),
        ],
    )
    def test_are_refused_by_their_own_names(self, question: Any, place: str) -> None:
        assert refusal(a_record(question)).message.startswith(f"{place}: ")

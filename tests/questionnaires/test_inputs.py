"""Questions and answers as clients send and see them."""

from __future__ import annotations

from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from execution.ids import encode_id
from execution.rows import read
from execution.scalars import SCALARS
from models.errors import DomainError
from models.questionnaires import Question
from resolvers.survey_given import given
from resolvers.survey_questions import questionnaire
from schema.survey_answer_values import SurveyAnswerInput, new_answers
from schema.survey_questions import (
    SurveyQuestion,
    SurveyQuestionInput,
    SurveySection,
    SurveySectionInput,
    new_questions,
    new_sections,
)
from tests.questionnaires.making import ASKED


@strawberry.type
class Shown:
    questions: list[SurveyQuestion]
    sections: list[SurveySection]


@strawberry.type
class Query:
    """What inputs make, shown at once; nothing is stored."""

    @strawberry.field
    def asked(self, questions: list[SurveyQuestionInput], sections: list[SurveySectionInput] | None = None) -> Shown:
        made = questionnaire(new_questions(questions), new_sections(sections))
        return Shown(questions=list(made.questions), sections=list(made.sections))  # pyright: ignore[reportArgumentType]

    @strawberry.field
    def kept(self, answers: list[SurveyAnswerInput]) -> list[str]:
        try:
            return [f"{list(one.slots)} {one.text}" for one in given(ASKED, new_answers(answers))]
        except DomainError as error:
            return ["/".join((error.code, *error.path))]


SCHEMA = strawberry.Schema(Query, config=StrawberryConfig(default_resolver=read, scalar_map=SCALARS))

ASK = """
query Asked($questions: [SurveyQuestionInput!]!, $sections: [SurveySectionInput!], $locale: Locale) {
  asked(questions: $questions, sections: $sections) {
    questions {
      id key kind prompt(locale: $locale) description isRequired sectionId hasOther mostChoices isMultiple isShuffled
      options { id label(locale: $locale) }
      rows { label }
      scale { minimum maximum minimumLabel maximumLabel }
      branches { optionId least most toQuestionId }
      translations { locale text }
    }
    sections { id title(locale: $locale) description isShuffled translations { locale } }
  }
}
"""
KEEP = "query Kept($answers: [SurveyAnswerInput!]!) { kept(answers: $answers) }"

WHERE: dict[str, Any] = {
    "kind": "SINGLE_CHOICE",
    "prompt": "Where do you work?",
    "key": "where",
    "description": "Most of the time.",
    "section": "you",
    "hasOther": True,
    "isShuffled": True,
    "options": [
        {"label": "Home", "points": 1, "translations": [{"locale": "de", "text": "Daheim"}]},
        {"label": "Office"},
    ],
    "branches": [{"optionLabel": "Office", "to": "sure"}],
    "translations": [{"locale": "de-ch", "text": "Wo arbeitet Ihr?"}],
}
SURE = {"kind": "SCALE", "prompt": "Sure?", "key": "sure", "isRequired": True, "scale": {"minimum": 1, "maximum": 5}}
LIKED = {"kind": "NPS", "prompt": "Would you recommend us?", "correct": "10", "points": 2}
YOU = {"key": "you", "title": "You", "translations": [{"locale": "de", "text": "Sie"}]}


def run(document: str, **variables: Any) -> Any:
    answer = SCHEMA.execute_sync(document, variables)
    return answer.data if answer.errors is None else [error.message for error in answer.errors]


def asked(*questions: dict[str, Any], locale: str | None = None) -> Any:
    return run(ASK, questions=questions, sections=[YOU] if WHERE in questions else None, locale=locale)["asked"]


def kept(at: int, **value: Any) -> Any:
    answer = {"questionId": encode_id("SurveyQuestion", ASKED.questions[at].id), "value": value}
    return run(KEEP, answers=[answer])


def options(question: Question) -> list[str]:
    return [encode_id("SurveyOption", option.id) for option in question.options]


def test_a_question_is_shown_as_it_was_written() -> None:
    shown = asked(WHERE, LIKED, SURE)

    where, liked, sure = shown["questions"]
    (section,) = shown["sections"]
    home, office = (option["id"] for option in where["options"])
    assert where == {
        "id": where["id"],
        "key": "where",
        "kind": "SINGLE_CHOICE",
        "prompt": "Where do you work?",
        "description": "Most of the time.",
        "isRequired": False,
        "sectionId": section["id"],
        "hasOther": True,
        "mostChoices": None,
        "isMultiple": False,
        "isShuffled": True,
        "options": [{"id": home, "label": "Home"}, {"id": office, "label": "Office"}],
        "rows": [],
        "scale": None,
        "branches": [{"optionId": office, "least": None, "most": None, "toQuestionId": sure["id"]}],
        "translations": [{"locale": "de-CH", "text": "Wo arbeitet Ihr?"}],
    }
    assert section == {
        "id": section["id"],
        "title": "You",
        "description": "",
        "isShuffled": False,
        "translations": [{"locale": "de"}],
    }
    assert sure["isRequired"] and sure["scale"] == {"minimum": 1, "maximum": 5, "minimumLabel": "", "maximumLabel": ""}
    assert (liked["scale"]["minimum"], liked["scale"]["maximum"]) == (0, 10)


def test_texts_are_shown_in_the_language_that_is_asked_for() -> None:
    shown = asked(WHERE, LIKED, SURE, locale="de-CH")

    assert shown["questions"][0]["prompt"] == "Wo arbeitet Ihr?"
    assert [option["label"] for option in shown["questions"][0]["options"]] == ["Daheim", "Office"]
    assert shown["sections"][0]["title"] == "Sie"
    assert shown["questions"][1]["prompt"] == "Would you recommend us?"


def test_what_is_right_in_a_quiz_is_in_no_type_that_is_shown() -> None:
    sdl = SCHEMA.as_str()

    shown = [part for part in sdl.split("\n\n") if "type SurveyQuestion " in part or "type SurveyOption " in part]
    assert len(shown) == 2
    assert not any(word in part for part in shown for word in ("points:", "correct:"))


def test_an_answer_comes_in_the_member_of_its_kind() -> None:
    one, some, rank, grid = (ASKED.questions[i] for i in (0, 1, 4, 5))
    cells = [{"rowId": encode_id("SurveyOption", grid.rows[1].id), "optionId": options(grid)[0]}]

    assert kept(0, choice={"optionId": options(one)[2]}) == {"kept": ["[2] None"]}
    assert kept(0, choice={"otherText": "Train"}) == {"kept": ["[3] Train"]}
    assert kept(1, choices={"optionIds": options(some)[1:2], "otherText": "Train"}) == {"kept": ["[1, 3] Train"]}
    assert kept(1, choices={"otherText": "Train"}) == {"kept": ["[3] Train"]}
    assert kept(2, number=0) == {"kept": ["[2] None"]}
    assert kept(4, ranking=options(rank)[::-1]) == {"kept": ["[2, 4, 6] None"]}
    assert kept(5, cells=cells) == {"kept": ["[2] None"]}
    assert kept(6, text="Well") == {"kept": ["[] Well"]}
    assert kept(7, date="2026-12-24") == {"kept": ["[] 2026-12-24"]}


def test_ids_of_something_else_are_not_found() -> None:
    person = encode_id("Person", ASKED.questions[0].options[0].id)
    stranger = options(ASKED.questions[1])[0]

    assert kept(0, choice={"optionId": person}) == {"kept": ["NOT_FOUND/answers/0/value/choice/optionId"]}
    assert kept(0, choice={"optionId": stranger}) == {"kept": ["NOT_FOUND/answers/0/value/choice/optionId"]}
    assert kept(0, choice={"optionId": "nonsense"}) == {"kept": ["NOT_FOUND/answers/0/value/choice/optionId"]}
    assert kept(1, choices={"optionIds": [stranger, person]}) == {
        "kept": ["NOT_FOUND/answers/0/value/choices/optionIds/1"]
    }
    assert kept(4, ranking=[person]) == {"kept": ["NOT_FOUND/answers/0/value/ranking/0"]}
    assert kept(5, cells=[{"rowId": person, "optionId": stranger}]) == {
        "kept": ["NOT_FOUND/answers/0/value/cells/0/rowId"]
    }


@pytest.mark.parametrize(
    "value", [{}, {"number": 1, "text": "x"}, {"number": None}, {"number": 1.5}, {"number": 2**31}, {"date": "24.12."}]
)
def test_a_value_of_no_kind_or_two_is_no_input(value: dict[str, Any]) -> None:
    refused = kept(2, **value)

    assert isinstance(refused, list) and refused

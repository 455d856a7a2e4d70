"""A real questionnaire of 22 questions, answered by 211 people over the API: its shares are those counted by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

from execution.ids import encode_id
from models.people import Person
from models.questionnaires import Option, Question, QuestionKind, Questionnaire
from models.surveys import Survey
from resolvers.survey_files import read_file
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.surveys import a_survey
from tests.survey_gate.asked import told
from tests.survey_gate.filled import an_analyst

REAL = Path(__file__).parents[1] / "data" / "questionnaires" / "work_and_wellbeing.json"
PEOPLE = 211
LEFT_OUT = 0.15  # of the questions that need no answer

Answer = dict[str, Any]
"""What somebody chose, by what it is called: `chosen` labels, `ranked` labels, `cells` of labels, a `text`."""


async def test_shares_are_those_counted_by_hand(ask: Ask) -> None:
    asked = read_file(REAL.read_bytes()).questionnaire
    random = Random(211)
    answered = [dict(answers(asked, random)) for _ in range(PEOPLE)]
    ana, people = await an_analyst(), [await a_person(f"Person {i}") for i in range(PEOPLE)]
    survey = await a_survey(ana, *asked.questions, asked=people, at=ask.services.clock.now())

    for person, answer in zip(people, answered, strict=True):
        await submit(ask, survey, person, asked, answer)
    closed = (await ask(ana, "survey_life/close_survey", survey_id=global_id(survey)))["closeSurvey"]
    assert closed["errors"] == []
    found = await told(ask, ana, survey)
    figures = await told(ask, ana, survey, "survey_figures", texts=100)

    assert (found["responseCount"], found["participationRate"]) == (PEOPLE, 1.0)
    kinds = Counter(question.kind for question in asked.questions)
    assert sorted(kinds.values()) == [1, 2, 3, 3, 13] and len(found["results"]) == 22
    for question, result, figure in zip(asked.questions, found["results"], figures["results"], strict=True):
        given = [answer[question.key] for answer in answered if question.key in answer]
        assert result["question"]["prompt"] == question.prompt
        assert result["responseCount"] == len(given) > 0
        assert {one["option"]["label"]: one["share"] for one in result["options"]} == by_hand(question, given)
        names = {identity(option): option.label for option in (*question.options, *question.rows)}
        assert ranks(figure, names) == ranks_by_hand(question, given)
        assert cells(figure, names) == cells_by_hand(question, given)
        texts = [answer["text"] for answer in given if answer.get("text")]
        assert figure["texts"]["totalCount"] == (len(texts) if len(texts) >= 10 else 0)
        if question.has_other:
            assert figure["otherCount"] == len(texts)


def by_hand(question: Question, given: list[Answer]) -> dict[str, float]:
    if question.kind not in (QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE):
        return {}
    chosen = Counter(label for answer in given for label in answer["chosen"])
    return {option.label: chosen[option.label] / len(given) for option in question.options}


def ranks_by_hand(question: Question, given: list[Answer]) -> dict[str, float]:
    if question.kind is not QuestionKind.RANKING:
        return {}
    labels = [option.label for option in question.options]
    return {label: sum(answer["ranked"].index(label) + 1 for answer in given) / len(given) for label in labels}


def cells_by_hand(question: Question, given: list[Answer]) -> dict[tuple[str, str], float]:
    if question.kind is not QuestionKind.MATRIX:
        return {}
    chosen = Counter(cell for answer in given for cell in answer["cells"])
    rows = Counter(row for answer in given for row in {row for row, _ in answer["cells"]})
    return {
        (row.label, option.label): chosen[row.label, option.label]
        / (len(given) if question.multiple else rows[row.label])
        for row in question.rows
        for option in question.options
    }


def ranks(figure: dict[str, Any], names: Mapping[str, str]) -> dict[str, float]:
    return {names[one["option"]["id"]]: one["averageRank"] for one in figure["ranking"]}


def cells(figure: dict[str, Any], names: Mapping[str, str]) -> dict[tuple[str, str], float]:
    return {(names[one["row"]["id"]], names[one["option"]["id"]]): one["share"] for one in figure["cells"]}


def answers(asked: Questionnaire, random: Random) -> Iterator[tuple[str, Answer]]:
    """What somebody answers on their way through, by the keys of the questions."""
    place = 0
    while place < len(asked.questions):
        question = asked.questions[place]
        answer = an_answer(question, random) if question.required or random.random() > LEFT_OUT else None
        if answer is not None:
            yield question.key, answer
        place = behind(asked, question, answer)


def behind(asked: Questionnaire, question: Question, answer: Answer | None) -> int:
    """Where one goes on."""
    labels = {option.id: option.label for option in question.options}
    for branch in question.branches:
        if branch.option is None or (answer and labels[branch.option] in answer["chosen"]):
            return asked.place[branch.to] if branch.to else len(asked.questions)
    return asked.place[question.id] + 1


def an_answer(question: Question, random: Random) -> Answer:
    labels = [option.label for option in question.options]
    # Some options are liked more than others.
    weights = [1 / (1 + i) for i in range(len(labels))]
    match question.kind:
        case QuestionKind.SINGLE_CHOICE if question.has_other and random.random() < 0.2:
            return {"chosen": [], "text": f"Something else, {random.random()}"}
        case QuestionKind.SINGLE_CHOICE:
            return {"chosen": random.choices(labels, weights)}
        case QuestionKind.MULTIPLE_CHOICE:
            most = (question.most or len(labels)) - question.has_other
            chosen = random.sample(labels, random.randint(1, most))
            return {"chosen": chosen, "text": "And more" if question.has_other and random.random() < 0.3 else None}
        case QuestionKind.RANKING:
            return {"ranked": random.sample(labels, len(labels))}
        case QuestionKind.MATRIX:
            rows = [row.label for row in question.rows if question.required or random.random() > LEFT_OUT]
            rows = rows or [question.rows[0].label]
            many = random.randint(1, len(labels)) if question.multiple else 1
            return {"cells": [(row, label) for row in rows for label in random.sample(labels, many)]}
        case _:
            return {"text": f"I think that {random.random()}"}


async def submit(ask: Ask, survey: Survey, person: Person, asked: Questionnaire, answer: dict[str, Answer]) -> None:
    by_key = {question.key: question for question in asked.questions}
    given = [
        {"questionId": encode_id("SurveyQuestion", by_key[key].id), "value": value(by_key[key], one)}
        for key, one in answer.items()
    ]
    variables = {"survey_id": global_id(survey), "answers": given}
    found = (await ask(person, "survey_answering/submit_survey_response", **variables))["submitSurveyResponse"]
    assert found["errors"] == []


def value(question: Question, answer: Answer) -> dict[str, Any]:
    ids = {option.label: identity(option) for option in question.options}
    rows = {row.label: identity(row) for row in question.rows}
    match question.kind:
        case QuestionKind.SINGLE_CHOICE if answer.get("text"):
            return {"choice": {"otherText": answer["text"]}}
        case QuestionKind.SINGLE_CHOICE:
            return {"choice": {"optionId": ids[answer["chosen"][0]]}}
        case QuestionKind.MULTIPLE_CHOICE:
            return {"choices": {"optionIds": [ids[label] for label in answer["chosen"]], "otherText": answer["text"]}}
        case QuestionKind.RANKING:
            return {"ranking": [ids[label] for label in answer["ranked"]]}
        case QuestionKind.MATRIX:
            return {"cells": [{"rowId": rows[row], "optionId": ids[label]} for row, label in answer["cells"]]}
        case _:
            return {"text": answer["text"]}


def identity(option: Option) -> str:
    return encode_id("SurveyOption", option.id)

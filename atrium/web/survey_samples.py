"""Answers that fit a survey's questions, and a survey to be: what GraphiQL's tabs hand in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from execution.ids import encode_id
from models.questionnaires import Question, QuestionKind
from models.survey_slots import scale_of

EVERYBODY = {"company": True}

_PLAIN = {"isRequired": False, "hasOther": False, "isMultiple": False, "isShuffled": False}
# GraphiQL marks a required field as missing also where the schema has a default: hence all of them, spelled out.


def answers_to(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """What must be answered, in the middle or with what comes first; where nothing must be, the first question."""
    required = [question for question in questions if question.required]
    return [_answer(question) for question in required or questions[:1]]


def draft(audience: dict[str, Any]) -> dict[str, Any]:
    """A survey of three questions for an audience, as `createSurvey` takes it."""
    places = [{"label": label, "points": 0} for label in ("At home", "At the office", "Both alike")]
    return {
        "kind": "SURVEY",
        "title": "After the move",
        "description": "Two minutes, and it is **anonymous**.",
        "anonymity": "ANONYMOUS",
        "audience": audience,
        "segments": ["ORG_UNIT"],
        "isShared": True,
        "questions": [
            {
                "kind": "SCALE",
                "prompt": "The office is quiet enough",
                "scale": {"minimum": 1, "maximum": 5, "minimumLabel": "Not at all", "maximumLabel": "Quite"},
                **_PLAIN,
                "isRequired": True,
            },
            {"kind": "SINGLE_CHOICE", "prompt": "Where do you work best?", "options": places, **_PLAIN},
            {"kind": "TEXT", "prompt": "What else should we know?", **_PLAIN},
        ],
    }


def _answer(question: Question) -> dict[str, Any]:
    return {"questionId": encode_id("SurveyQuestion", question.id), "value": _value(question)}


def _value(question: Question) -> dict[str, Any]:
    options = [encode_id("SurveyOption", option.id) for option in question.options]
    match question.kind:
        case QuestionKind.SINGLE_CHOICE:
            return {"choice": {"optionId": options[0]} if options else {"otherText": "It depends"}}
        case QuestionKind.MULTIPLE_CHOICE:
            return {"choices": {"optionIds": options[:1]}}
        case QuestionKind.SCALE | QuestionKind.NPS:
            scale = scale_of(question)
            return {"number": (scale.minimum + scale.maximum + 1) // 2}
        case QuestionKind.RANKING:
            return {"ranking": options[: question.most]}
        case QuestionKind.MATRIX:
            rows = [encode_id("SurveyOption", row.id) for row in question.rows]
            return {"cells": [{"rowId": row, "optionId": options[0]} for row in rows]}
        case QuestionKind.TEXT:
            return {"text": "Well said."}
        case QuestionKind.DATE:
            return {"date": "2026-01-15"}

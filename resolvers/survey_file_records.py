"""Surveys as records that other networks are brought over by: `{"type": "survey", "title": …, "questions": […]}`.

A question there is `{"id", "kind", "title", "options", "allows_other"}`, of the kind `single`, `multi`, `matrix`,
`ranking`, `open` or `scale`; options are texts, or objects with a `label` or `title`. A matrix may have `rows`, and a
scale `scale`, or options that name its numbers; `required` is true or false.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import cast

from models.errors import Invalid
from models.questionnaires import QuestionKind
from resolvers.survey_file_fields import TEXT, UNNAMED, Place, as_object, shown, told

KINDS = {
    "single": QuestionKind.SINGLE_CHOICE,
    "multi": QuestionKind.MULTIPLE_CHOICE,
    "matrix": QuestionKind.MATRIX,
    "ranking": QuestionKind.RANKING,
    "open": QuestionKind.TEXT,
    "scale": QuestionKind.SCALE,
}
NAMES = {"id": "key", "title": "prompt", "allows_other": "hasOther", "required": "isRequired"}
"""What fields of a record's question are called in our own files."""

STEPS = {ours: theirs for theirs, ours in NAMES.items()}


def is_survey(record: Mapping[str, object]) -> bool:
    return record.get("type") == "survey"


def only_survey(records: Sequence[Mapping[str, object]], place: Place) -> Mapping[str, object]:
    """The one survey among records; the others are left out, and noted. Raises `Invalid`."""
    surveys = [record for record in records if is_survey(record)]
    if len(surveys) != 1:
        raise Invalid(f"The file holds {len(surveys)} surveys. Leave the record of one in it.")
    others = Counter(_type(record) for record in records if not is_survey(record))
    others.pop("header", None)
    for kind, count in others.items():
        place.note(f"{count:,} records of the type {kind} were dropped: only the questionnaire is taken.")
    return surveys[0]


def as_questionnaire(record: Mapping[str, object], place: Place) -> dict[str, object]:
    """A record as a questionnaire's file would say it, each value at the same place. Raises `Invalid`."""
    document = {name: value for name, value in record.items() if name not in ("type", "id", "updated_at")}
    given = document.get("questions")
    if isinstance(given, list):
        questions = enumerate(cast("list[object]", given))
        document["questions"] = [_question(question, place.at("questions").at(i)) for i, question in questions]
    return document


def _type(record: Mapping[str, object]) -> str:
    kind = record.get("type")
    return shown(kind) if isinstance(kind, str) else UNNAMED


def _question(value: object, place: Place) -> dict[str, object]:
    given = as_object(value, place)
    question = {NAMES.get(name, name): value for name, value in given.items()}
    kind = KINDS.get(str(given.get("kind")))
    if kind is None:
        place.at("kind").refuse(f"There is no such kind. Write one of {', '.join(KINDS)}.")
    question["kind"] = kind.value
    if "key" in question:
        question["key"] = str(question["key"])
    for name in ("options", "rows"):
        if isinstance(those := question.get(name), list):
            question[name] = [_option(one) for one in cast("list[object]", those)]
    if kind is QuestionKind.SCALE and "scale" not in question and isinstance(question.get("options", []), list):
        question["scale"] = _scale(question.pop("options", []), place)
    return question


def _option(value: object) -> object:
    if isinstance(value, dict):
        given = cast("dict[str, object]", value)
        return {"label" if name == "title" else name: value for name, value in given.items() if name != "id"}
    return {"label": str(value) if isinstance(value, int | float) else value}


def _scale(options: object, place: Place) -> dict[str, object]:
    """The scale that options stand for: the numbers that they name, or else from 1 on, with what its ends mean."""
    given = enumerate(cast("list[dict[str, object]]", options))
    labels: list[str] = [TEXT.read(one.get("label"), place.at("options").at(i).at("label")) for i, one in given]
    numbers = [int(label) for label in labels if re.fullmatch(r"-?[0-9]{1,7}", label)]
    if not labels:
        place.note(f"{told(place.path)} does not say its scale: it is taken to go from 1 to 5.")
        return {"minimum": 1, "maximum": 5}
    if len(numbers) == len(labels):
        return {"minimum": min(numbers), "maximum": max(numbers)}
    if len(labels) > 2:
        place.note(f"{told(place.path)} names the numbers between the ends of its scale: these names are left out.")
    return {"minimum": 1, "maximum": len(labels), "minimumLabel": labels[0], "maximumLabel": labels[-1]}

"""Questionnaires as files: written and read again with nothing lost but ids, and read from other networks' records.

The file is JSON: `{"format": "atrium-questionnaire", "version": 1, "title": …, "questions": […], "sections": […]}` with
questions and sections as the inputs of the API have them; `docs/questionnaires.md` lists all fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson

from models.errors import Invalid
from models.questionnaires import Questionnaire
from models.surveys import Anonymity
from resolvers.survey_file_fields import QUESTIONS, SECTIONS, TEXT, Place, as_object, note_unknown, told
from resolvers.survey_file_records import STEPS, as_questionnaire, is_survey, only_survey
from resolvers.survey_questions import as_new, questionnaire

FORMAT, VERSION = "atrium-questionnaire", 1
FILE_MAX = 4_000_000  # bytes
NESTING_MAX = 20  # objects and lists in one another

KNOWN = ("format", "version", "title", "anonymous", "questions", "sections")


@dataclass(frozen=True)
class QuestionnaireFile:
    """What a file asks, and what it calls itself; `notes` are sentences on what was left out of it."""

    questionnaire: Questionnaire
    title: str
    notes: list[str]
    is_anonymous: bool | None = None  # where the file says so

    def notes_for(self, anonymity: Anonymity | None) -> list[str]:
        """The notes for a survey of this anonymity, which the file does not decide; None where that is not said."""
        if anonymity is None or self.is_anonymous in (None, anonymity is Anonymity.ANONYMOUS):
            return self.notes
        called = "anonymous" if self.is_anonymous else "not anonymous"
        return [f"The file calls itself {called}. The survey is {anonymity}, as `anonymity` says.", *self.notes]


def write_file(written: Questionnaire, *, title: str = "") -> bytes:
    """A questionnaire as a file, with what is right in a quiz: for whoever may edit it. Ids are not in it."""
    questions, sections = as_new(written)
    document: dict[str, Any] = {"format": FORMAT, "version": VERSION, "title": title}
    document["questions"] = QUESTIONS.write(questions)
    if sections:
        document["sections"] = SECTIONS.write(sections)
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read_file(content: bytes | str) -> QuestionnaireFile:
    """What a file asks, with ids of its own; all of it or nothing.

    It may also be the record of a survey, or lines of records with one survey among them. Raises `Invalid` with a
    sentence that names the place, and a path that leads there from the top of the file.
    """
    place = Place()
    records = _records(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    document = records[0] if len(records) == 1 else only_survey(records, place)
    try:
        return _read(as_questionnaire(document, place) if is_survey(document) else _known(document), place)
    except Invalid as error:
        path = [STEPS.get(step, step) if is_survey(document) else step for step in error.path]
        raise Invalid(f"{told(path)}: {error.message}", path) from None


def _known(document: Mapping[str, object]) -> Mapping[str, object]:
    if document.get("format") != FORMAT:
        raise Invalid(f"This is no questionnaire that is known here. Write “{FORMAT}”.", ["format"])
    if document.get("version") != VERSION:
        raise Invalid(f"Only version {VERSION} is known here. Write the file in that.", ["version"])
    return document


def _read(document: Mapping[str, object], place: Place) -> QuestionnaireFile:
    note_unknown(document, KNOWN, place)
    title = TEXT.read(document.get("title") or "", place.at("title"))
    questions = QUESTIONS.read(document.get("questions"), place.at("questions"))
    sections = SECTIONS.read(document.get("sections") or [], place.at("sections"))
    anonymous = document.get("anonymous")
    return QuestionnaireFile(
        questionnaire(questions, sections), title, place.notes, anonymous if isinstance(anonymous, bool) else None
    )


def _records(content: bytes) -> list[dict[str, object]]:
    """The object that the file is, or those on its lines."""
    if len(content) > FILE_MAX:
        raise Invalid(f"The file has {len(content):,} bytes; at most {FILE_MAX:,} are allowed. Leave something out.")
    text = content.removeprefix(b"\xef\xbb\xbf").strip()
    try:
        return [_record(text)]
    except orjson.JSONDecodeError as error:
        sentence = f"The file is no JSON at line {error.lineno}, column {error.colno}. Mend it there."
    records: list[dict[str, object]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            records += [_record(line)] if line.strip() else []
        except orjson.JSONDecodeError:
            # Where a line or more has been read, this is not one object on several lines.
            raise Invalid(f"Line {number} of the file is no JSON. Mend it there." if records else sentence) from None
    if not records:
        raise Invalid(sentence)
    return records


def _record(text: bytes) -> dict[str, object]:
    value: object = orjson.loads(text)
    level, depth = [value], 0
    while level := [below for one in level for below in _within(one)]:
        depth += 1
        if depth > NESTING_MAX:
            raise Invalid(f"The file nests values more than {NESTING_MAX} deep. No questionnaire does.")
    return as_object(value, Place())


def _within(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return cast("dict[str, object]", value).values()
    return cast("list[object]", value) if isinstance(value, list) else ()

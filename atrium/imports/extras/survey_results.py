"""Who was asked, what was answered with names and what is told of surveys, as our own exports hold it."""

from __future__ import annotations

from atrium.imports.extras.declaring import PERSON, Column, Extra, Given, ref, text
from atrium.imports.extras.surveys import STAY_WITH, STAYING, keep_with_survey
from models import db
from models.questionnaires import TEXT_MAX
from models.surveys import SegmentKind

OF_RESPONSE = "(SELECT r.survey_id FROM survey_response r WHERE r.id = e.ref_response)"


def numbers(name: str, kind: str = "integer", empty: str = "NULL") -> Column:
    """A column that holds a list of numbers, of which some may be null."""
    element = f"CASE WHEN pg_input_is_valid(x, '{kind}') THEN x::{kind} END"
    listed = f"ARRAY(SELECT {element} FROM jsonb_array_elements_text(e.f->'{name}') WITH ORDINALITY y(x, n) ORDER BY n)"
    return Column(name, sql=f"CASE jsonb_typeof(e.f->'{name}') WHEN 'array' THEN {listed} ELSE {empty} END")


async def _keep_answers(_: Given) -> None:
    await db.execute(STAYING)
    await db.execute(STAY_WITH.format(of=OF_RESPONSE))


SURVEY_REF = ref("survey_id", "survey", "survey", needed=True)
NONE = "'{}'"

SURVEY_SEGMENT = Extra(
    "survey_segment",
    (
        SURVEY_REF,
        Column("kind", one_of=tuple(SegmentKind), needed=True),
        text("value", 200, needed=True),
        Column("other_kind", one_of=tuple(SegmentKind)),
        text("other_value", 200),
        text("label", 200, needed=True),
        text("parent", 200),
        Column("population", "integer", needed=True),
        numbers("blocks"),
    ),
    own_only=True,
    before=keep_with_survey,
)
SURVEY_PLACE = Extra(
    "survey_place",
    (SURVEY_REF, ref("person_id", "person", *PERSON, needed=True), Column("block", "integer", needed=True)),
    natural=("survey_id", "person_id"),
    keyless=True,
    own_only=True,
    before=keep_with_survey,
)
SURVEY_RESPONSE = Extra(
    "survey_response",
    (
        SURVEY_REF,
        ref("person_id", "person", *PERSON, needed=True),
        Column("attempt", "smallint", default="1"),
        Column("edition", "integer", default="1"),
        Column("block", "integer", default="0"),
        Column("started_at", "timestamptz", default="e.now"),
        Column("due_at", "timestamptz"),
        Column("submitted_at", "timestamptz"),
        Column("points", "double precision"),
        Column("maximum", "double precision"),
    ),
    natural=("survey_id", "person_id", "attempt"),
    own_only=True,
    before=keep_with_survey,
)
SURVEY_ANSWER = Extra(
    "survey_answer",
    (
        ref("response_id", "response", "survey_response", needed=True),
        Column("survey_id", sql=OF_RESPONSE),
        Column("block", sql="(SELECT r.block FROM survey_response r WHERE r.id = e.ref_response)"),
        Column("question_id", "uuid", "question"),
        numbers("slots", "smallint", NONE),
        text("text", TEXT_MAX),
    ),
    own_only=True,
    before=_keep_answers,
)
SURVEY_TALLY = Extra(
    "survey_tally",
    (
        SURVEY_REF,
        ref("segment_id", "segment", "survey_segment", strict=True),
        Column("took_part", "integer", needed=True),
        numbers("questions", "uuid", NONE),
        numbers("answered", empty=NONE),
        numbers("counts", empty=NONE),
        numbers("written", empty=NONE),
        numbers("pools", empty=NONE),
    ),
    own_only=True,
    before=keep_with_survey,
)
SURVEY_TEXT = Extra(
    "survey_text",
    (
        SURVEY_REF,
        Column("question_id", "uuid", "question", needed=True),
        Column("pool", "integer", needed=True),
        text("text", TEXT_MAX, needed=True),
    ),
    own_only=True,
    before=keep_with_survey,
)

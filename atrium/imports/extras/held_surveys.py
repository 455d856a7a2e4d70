"""Surveys that another system has held: they come in closed, and are counted at once with the responses of the file.

One that was brought in stays as it is, whatever a file says later. It is anonymous unless the file says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg
import orjson

from atrium.imports.extras.declaring import CREATED, PERSON, Column, Extra, Given, ref, text
from atrium.imports.extras.feed import ADD_LOCATIONS, GROUP, PLACE, UNIT
from atrium.imports.extras.surveys import ADD_AUDIENCES
from atrium.imports.extras.telling import tell
from atrium.imports.report import Code
from models import db, survey_editions
from models.audiences import COMPANY
from models.errors import Invalid
from models.surveys import (
    ABOUT_MAX,
    MIN_GROUP,
    MIN_TEXTS,
    TITLE_MAX,
    Anonymity,
    Feedback,
    Scoring,
    SurveyKind,
    SurveyStatus,
)
from models.text import clean_line, clean_optional
from resolvers.survey_file_answers import held_survey
from subscriptions.surveys import SurveyCreated

TYPE = "survey"

STAY = "UPDATE extra e SET is_same = TRUE FROM survey t WHERE t.id = e.known AND NOT e.deleted"
NEW = "SELECT line, external_id, f::text AS said FROM extra WHERE NOT is_same AND NOT deleted ORDER BY line"
SAY = "UPDATE extra SET f = f || $2::text::jsonb WHERE external_id = $1"
DROP = "DELETE FROM extra WHERE external_id = $1"
WRITTEN = "SELECT id, f::text AS said FROM extra WHERE is_new AND NOT deleted ORDER BY line"
# A survey goes with the audience that has its key.
END = "DELETE FROM audience a USING extra e WHERE a.id = e.id AND a.kind = 'SURVEY' AND e.deleted"

TARGET = f"""CASE
    WHEN e.f->>'org_unit' IS NOT NULL THEN e.ref_org_unit WHEN e.f->>'group' IS NOT NULL THEN e.ref_group
    WHEN e.f->>'location' IS NOT NULL THEN (SELECT a.id FROM audience a WHERE a.location = e.f->>'location')
    ELSE '{COMPANY}'::uuid END"""
OPENED = "coalesce((e.f->>'opened_at')::timestamptz, (e.f->>'created_at')::timestamptz, e.now)"
CLOSED = f"greatest({OPENED}, coalesce((e.f->>'closed_at')::timestamptz, {OPENED}))"
ANONYMITY = f"CASE e.f->'anonymous' WHEN 'false' THEN '{Anonymity.NAMED}' ELSE '{Anonymity.ANONYMOUS}' END"


async def _judge(given: Given) -> None:
    """Leave alone what has been brought in before, and leave out what asks nothing that can be read."""
    await db.execute(STAY)
    for row in await db.rows(NEW):
        try:
            await db.execute(SAY, row["external_id"], orjson.dumps(_judged(row, given)).decode())
        except Invalid as refused:
            field, message = str(refused.path[0]) if refused.path else "questions", refused.message
            given.report.error(row["line"], row["external_id"], Code.BAD_VALUE, field, message, type=TYPE)
            await db.execute(DROP, row["external_id"])


def _judged(row: asyncpg.Record, given: Given) -> Mapping[str, str]:
    """The texts of a survey as they are stored. Raises `Invalid`."""
    said = orjson.loads(row["said"])
    if said.get("anonymous") not in (None, True, False):
        raise Invalid("It is anonymous, or it is not. Write true or false.", ["anonymous"])
    held = held_survey(said)
    for note in held.notes:
        given.report.warn(row["line"], row["external_id"], Code.UNKNOWN_FIELD, "questions", note, type=TYPE)
    title = clean_line(held.title, most=TITLE_MAX, path=["title"], what="The title of a survey")
    about = said.get("description") or ""
    if not isinstance(about, str):
        raise Invalid("The description is no text. Write one.", ["description"])
    return {"title": title, "description": clean_optional(about, most=ABOUT_MAX, path=["description"])}


async def _make_ready(_: Given) -> None:
    for statement in (ADD_LOCATIONS, ADD_AUDIENCES):
        await db.execute(statement)


async def _after(given: Given) -> None:
    await db.execute(END)
    written = await db.rows(WRITTEN)
    for row in written:
        await survey_editions.keep(row["id"], 1, held_survey(orjson.loads(row["said"])).questionnaire)
    await tell([SurveyCreated(row["id"]) for row in written], given)


def _always(name: str, value: str) -> Column:
    return Column(name, sql=value)


SURVEY = Extra(
    TYPE,
    (
        _always("kind", f"'{SurveyKind.SURVEY}'"),
        text("title", TITLE_MAX, needed=True),
        Column("about", field="description", default="''"),
        _always("status", f"'{SurveyStatus.CLOSED}'"),
        _always("anonymity", ANONYMITY),
        ref("author_id", "author", *PERSON),
        UNIT,
        GROUP,
        PLACE,
        _always("target_id", TARGET),
        Column("", "integer", "invited"),
        _always("invited", "greatest(0, coalesce((e.f->>'invited')::int, 0))"),
        CREATED,
        *(Column("", "timestamptz", name) for name in ("opened_at", "closed_at")),
        *(_always(name, OPENED) for name in ("opens_at", "opened_at")),
        _always("opened_on", f"({OPENED})::date"),
        *(_always(name, CLOSED) for name in ("closes_at", "closed_at")),
        *(_always(name, "'{}'") for name in ("excluded", "segments")),
        _always("sample", "100"),
        _always("min_group", str(MIN_GROUP)),
        _always("min_texts", str(MIN_TEXTS)),
        _always("shared", "false"),
        *(_always(name, "1") for name in ("edition", "attempts", "version")),
        _always("zone", "'UTC'"),
        _always("scoring", f"'{Scoring.BEST}'"),
        _always("feedback", f"'{Feedback.NEVER}'"),
    ),
    key="coalesce(e.known, gen_random_uuid())",
    before=_judge,
    ready=_make_ready,
    after=_after,
)

"""Surveys, pulses and what they ask, as our own exports hold them.

One that was opened here stays as it is, whatever a file says: what has been answered since is not in the file. So does
a pulse that is here. What hangs on them is in `survey_results`.
"""

from __future__ import annotations

from pydantic import ValidationError

from atrium.imports.extras.audiences import ADD_MEMBERS
from atrium.imports.extras.declaring import CREATED, PERSON, Column, Extra, Given, found, listed, ref, text
from atrium.imports.extras.feed import ADD_LOCATIONS, GROUP, LIST, PLACE, UNIT
from atrium.imports.extras.telling import tell
from atrium.imports.report import Code
from models import db
from models.audiences import COMPANY
from models.questionnaires import from_document
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
from subscriptions.surveys import SurveyCreated, SurveyEdited, SurveySeriesChanged

CONVERSATION = ref("", "conversation", "conversation", strict=True)
TARGET = f"""CASE
    WHEN e.f->>'org_unit' IS NOT NULL THEN e.ref_org_unit WHEN e.f->>'group' IS NOT NULL THEN e.ref_group
    WHEN e.f->>'conversation' IS NOT NULL THEN e.ref_conversation WHEN e.f->>'audience' IS NOT NULL THEN e.ref_audience
    WHEN e.f->>'location' IS NOT NULL THEN (SELECT a.id FROM audience a WHERE a.location = e.f->>'location')
    ELSE '{COMPANY}'::uuid END"""
TARGETS = (UNIT, GROUP, CONVERSATION, LIST, PLACE, Column("target_id", sql=TARGET))

# Told apart by their keys alone: also in a dry run it is known which surveys stay as they are.
STAYING = "CREATE TEMPORARY TABLE IF NOT EXISTS extra_staying (id uuid) ON COMMIT DROP"
OWN_ID = "coalesce(e.known, CASE WHEN pg_input_is_valid(e.external_id, 'uuid') THEN e.external_id::uuid END)"
STAY = f"""
WITH staying AS (
    UPDATE extra e SET is_same = TRUE, known = t.id FROM {{table}} t WHERE t.id = {OWN_ID} AND {{stays}} RETURNING t.id
)
INSERT INTO extra_staying SELECT id FROM staying
"""
STAY_WITH = "UPDATE extra e SET is_same = TRUE WHERE {of} IN (SELECT id FROM extra_staying)"

# A survey is of one piece with its times, and no anonymous one comes in before it is counted.
FIT = (
    """
UPDATE extra SET f = f || jsonb_build_object('status', 'DRAFT', 'invited', 0, 'people', '[]'::jsonb)
    - '{opened_at,opened_on,closed_at,counted_at,answered,reminded_at}'::text[]
WHERE NOT deleted AND ((coalesce(f->>'status', 'DRAFT') IN ('DRAFT', 'SCHEDULED')) <> (f->>'opened_at' IS NULL)
    OR (coalesce(f->>'status', '') IN ('CLOSED', 'ARCHIVED')) <> (f->>'closed_at' IS NOT NULL)
    OR f->>'anonymity' = 'ANONYMOUS' AND f->>'opened_at' IS NOT NULL AND f->>'counted_at' IS NULL)
""",
    """
UPDATE extra SET f = f || '{"anonymity": "CONFIDENTIAL"}' WHERE f->>'kind' = 'QUIZ' AND f->>'anonymity' = 'ANONYMOUS'
""",
    """
UPDATE extra SET f = f || jsonb_build_object('min_group', least_group, 'min_texts', greatest(least_group, least_texts))
FROM (
    SELECT external_id AS of, greatest(3, (f->>'min_group')::int) AS least_group, (f->>'min_texts')::int AS least_texts
    FROM extra WHERE NOT deleted AND id IS NOT NULL
) x WHERE x.of = external_id
""",
    "UPDATE extra SET f = f - 'sample' WHERE id IS NOT NULL AND (f->>'sample')::int NOT BETWEEN 1 AND 100",
    "UPDATE extra SET f = f - 'attempts' WHERE id IS NOT NULL AND (f->>'attempts')::int NOT BETWEEN 1 AND 100",
    "UPDATE extra SET f = f - 'time_limit' WHERE id IS NOT NULL AND (f->>'time_limit')::int <= 0",
)
ADD_AUDIENCES = """
INSERT INTO audience (id, kind) SELECT id, 'SURVEY' FROM extra WHERE is_new AND NOT deleted ON CONFLICT (id) DO NOTHING
"""
# Where who or what was left out is not here, it has nobody to leave out.
EXCLUDE = f"""
UPDATE survey s SET excluded = ARRAY(
    SELECT k.id FROM jsonb_array_elements(e.f->'excluded') WITH ORDINALITY x(said, place)
    CROSS JOIN LATERAL (SELECT x.said->>'of' AS of, x.said->>'id' AS id) y
    CROSS JOIN LATERAL (SELECT CASE y.of
        WHEN 'company' THEN '{COMPANY}'::uuid WHEN 'location' THEN (SELECT a.id FROM audience a WHERE a.location = y.id)
        WHEN 'person' THEN coalesce({found("y.id", *PERSON)}, (SELECT p.id FROM person p WHERE p.id::text = y.id))
        ELSE coalesce({found("y.id", "org_unit", "group", "conversation", "audience", "audience_rule")},
                      (SELECT a.id FROM audience a WHERE a.id::text = y.id)) END AS id) k
    WHERE k.id IS NOT NULL ORDER BY x.place)
FROM extra e WHERE s.id = e.id AND NOT e.deleted AND jsonb_typeof(e.f->'excluded') = 'array'
"""


async def _keep_surveys(_: Given) -> None:
    await db.execute(STAYING)
    await db.execute(STAY.format(table="survey", stays="t.opened_at IS NOT NULL"))


async def _keep_series(_: Given) -> None:
    await db.execute(STAYING)
    await db.execute(STAY.format(table="survey_series", stays="TRUE"))


async def keep_with_survey(_: Given) -> None:
    """Leave alone what hangs on surveys that stay as they are."""
    await db.execute(STAYING)
    await db.execute(STAY_WITH.format(of="e.ref_survey"))


async def _keep_editions(given: Given) -> None:
    await keep_with_survey(given)
    for row in await db.rows(
        "SELECT line, external_id, f->>'questionnaire' AS said FROM extra WHERE NOT is_same AND NOT deleted"
        " AND f->>'questionnaire' IS NOT NULL"
    ):
        try:
            from_document(row["said"])
        except ValidationError:
            message = "Nobody can read this questionnaire: the record was left out. Export it again."
            given.report.error(row["line"], row["external_id"], Code.BAD_VALUE, "questionnaire", message, type=EDITION)
            await db.execute("DELETE FROM extra WHERE external_id = $1", row["external_id"])


async def _make_ready(_: Given) -> None:
    for statement in (*FIT, ADD_LOCATIONS, ADD_AUDIENCES, "ANALYZE person, audience"):  # whose size nobody knows yet
        await db.execute(statement)


async def _add_locations(_: Given) -> None:
    await db.execute(ADD_LOCATIONS)


async def _after_surveys(given: Given) -> None:
    await db.execute(EXCLUDE, given.source)
    await db.execute(ADD_MEMBERS.format(listed="true"), given.source)
    rows = await db.rows("SELECT id, is_new FROM extra WHERE id IS NOT NULL AND NOT deleted ORDER BY id")
    await tell([SurveyCreated(row["id"]) if row["is_new"] else SurveyEdited(row["id"]) for row in rows], given)


async def _after_series(given: Given) -> None:
    rows = await db.rows("SELECT r.template_id, r.id FROM extra e JOIN survey_series r ON r.id = e.id ORDER BY r.id")
    await tell([SurveySeriesChanged(*row) for row in rows], given)


EDITION = "survey_edition"

SURVEY = Extra(
    "survey",
    (
        Column("kind", one_of=tuple(SurveyKind), needed=True),
        text("title", TITLE_MAX, needed=True),
        text("about", ABOUT_MAX, default="''"),
        Column("status", one_of=tuple(SurveyStatus), default=f"'{SurveyStatus.DRAFT}'"),
        Column("anonymity", one_of=tuple(Anonymity), needed=True),
        ref("author_id", "author", *PERSON),
        *TARGETS,
        Column("excluded", sql="'{}'::uuid[]"),
        Column("sample", "smallint", default="100"),
        listed("segments"),
        Column("min_group", "smallint", default=str(MIN_GROUP)),
        Column("min_texts", "smallint", default=str(MIN_TEXTS)),
        Column("shared", "boolean", default="false"),
        Column("edition", "integer", default="1"),
        text("zone", 60, default="'UTC'"),
        *(Column(name, "timestamptz") for name in ("opens_at", "closes_at", "opened_at", "closed_at", "counted_at")),
        Column("opened_on", "date"),
        Column("reminded_at", "timestamptz"),
        Column("refusal"),
        Column("invited", "integer", default="0"),
        Column("answered", "integer"),
        Column("time_limit", "integer"),
        Column("attempts", "smallint", default="1"),
        Column("scoring", one_of=tuple(Scoring), default=f"'{Scoring.BEST}'"),
        Column("feedback", one_of=tuple(Feedback), default=f"'{Feedback.AFTER_CLOSE}'"),
        text("client_id", 100),
        Column("version", "integer", default="1"),
        CREATED,
    ),
    natural=("author_id", "client_id"),
    own_only=True,
    before=_keep_surveys,
    ready=_make_ready,
    after=_after_surveys,
)
SURVEY_EDITION = Extra(
    EDITION,
    (
        ref("survey_id", "survey", "survey", needed=True),
        Column("edition", "integer", needed=True),
        Column("questionnaire", "jsonb", needed=True),
    ),
    natural=("survey_id", "edition"),
    own_only=True,
    before=_keep_editions,
)
SALT = """CASE WHEN e.f->>'salt' ~ '^([0-9a-f]{2})+$' THEN decode(e.f->>'salt', 'hex')
    ELSE sha256(uuid_send(e.id)) END"""
SURVEY_SERIES = Extra(
    "survey_series",
    (
        text("title", TITLE_MAX, needed=True),
        ref("template_id", "template", "survey", needed=True),
        *TARGETS,
        text("rule", 500, needed=True),
        Column("starts_at", "timestamptz", needed=True),
        text("zone", 60, default="'UTC'"),
        Column("open_hours", "integer", default="24"),
        Column("turns", "smallint", default="1"),
        Column("salt", sql=SALT),
        Column("rounds", "integer", default="0"),
        Column("paused", "boolean", default="false"),
        Column("next_at", "timestamptz"),
        Column("ended_at", "timestamptz"),
        Column("refusal"),
        ref("author_id", "author", *PERSON),
        text("client_id", 100),
        Column("version", "integer", default="1"),
        CREATED,
    ),
    natural=("author_id", "client_id"),
    own_only=True,
    before=_keep_series,
    ready=_add_locations,
    after=_after_series,
)
SURVEY_ROUND = Extra(
    "survey_round",
    (
        ref("id", "survey", "survey", needed=True),
        ref("series_id", "series", "survey_series", needed=True),
        Column("round", "integer", needed=True),
    ),
    own_only=True,
    updates_only=True,
    kept_in="survey",
    key="e.ref_survey",
    before=keep_with_survey,
)

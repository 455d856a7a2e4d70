"""Surveys, what was answered to those with names and what is told of all, as an export says it.

Of an anonymous survey whose answers are still sealed there is only what it asks, as a draft: ballots and their key
never leave the installation. Of one that is counted there is nothing left but what is told.
"""

from __future__ import annotations

from atrium.exports.sql import handle, listed
from models.audiences import COMPANY

STAYS = "It was open when it was exported. Who had answered it, and what, stays where it was. Open it here to ask anew."
"""What is said of an anonymous survey that became a draft by being exported."""

SEALED = "s.anonymity = 'ANONYMOUS' AND s.opened_at IS NOT NULL AND s.counted_at IS NULL"
_OPENED = ", ".join(
    f"CASE WHEN NOT ({SEALED}) THEN s.{name} END AS {name}"
    for name in ("opens_at", "closes_at", "opened_at", "opened_on", "closed_at", "reminded_at", "answered")
)
_TARGET = """CASE WHEN t.kind = 'UNIT' THEN t.id END AS org_unit, t.location,
       CASE WHEN t.kind = 'GROUP' THEN t.id END AS group,
       CASE WHEN t.kind = 'CONVERSATION' THEN t.id END AS conversation,
       CASE WHEN t.kind IN ('PEOPLE', 'RULE') THEN t.id END AS audience"""

# Who or what is left out: locations by their name, as their keys are made anew.
EXCLUDED = f"""
SELECT CASE WHEN x.id = '{COMPANY}' THEN 'company' WHEN a.kind IS NULL THEN 'person'
           WHEN a.kind = 'UNIT' THEN 'org_unit'
           WHEN a.kind IN ('LOCATION', 'GROUP', 'CONVERSATION') THEN lower(a.kind) ELSE 'audience' END AS of,
       coalesce(a.location, x.id::text) AS id
FROM unnest(s.excluded) WITH ORDINALITY x(id, place) LEFT JOIN audience a ON a.id = x.id ORDER BY x.place
"""
SURVEYS = f"""
SELECT s.id, s.kind, s.title, s.about, CASE WHEN {SEALED} THEN 'DRAFT' ELSE s.status END AS status, s.anonymity,
       s.author_id AS author, {_TARGET}, {listed(EXCLUDED)} AS excluded, s.sample, s.segments, s.min_group, s.min_texts,
       s.shared, s.edition, s.zone, {_OPENED},
       s.counted_at, CASE WHEN {SEALED} THEN '{STAYS}' ELSE s.refusal END AS refusal,
       CASE WHEN {SEALED} THEN 0 ELSE s.invited END AS invited, s.time_limit, s.attempts, s.scoring, s.feedback,
       s.client_id, s.created_at,
       ARRAY(SELECT m.person_id FROM audience_member m WHERE m.audience_id = s.id AND NOT ({SEALED})
             ORDER BY m.person_id) AS people
FROM survey s JOIN audience t ON t.id = s.target_id ORDER BY s.id
"""
SURVEY_EDITIONS = f"""
SELECT e.id, e.survey_id AS survey, e.edition, e.questionnaire FROM survey_edition e JOIN survey s ON s.id = e.survey_id
WHERE NOT ({SEALED}) OR e.edition = s.edition ORDER BY e.id
"""
SURVEY_SERIES = f"""
SELECT r.id, r.title, r.template_id AS template, {_TARGET}, r.rule, r.starts_at, r.zone, r.open_hours, r.turns,
       encode(r.salt, 'hex') AS salt, r.rounds, r.paused, r.next_at, r.ended_at, r.refusal, r.author_id AS author,
       r.client_id, r.created_at
FROM survey_series r JOIN audience t ON t.id = r.target_id ORDER BY r.id
"""
SURVEY_ROUNDS = """
SELECT s.id, s.id AS survey, s.series_id AS series, s.round FROM survey s WHERE s.series_id IS NOT NULL ORDER BY s.id
"""
SURVEY_SEGMENTS = f"""
SELECT g.id, g.survey_id AS survey, g.kind, g.value, g.other_kind, g.other_value, g.label, g.parent, g.population,
       g.blocks
FROM survey_segment g JOIN survey s ON s.id = g.survey_id WHERE NOT ({SEALED}) ORDER BY g.id
"""

# These are of no anonymous survey: the first has places only while it is open, the others never.
_NAMED = "s.anonymity <> 'ANONYMOUS'"
SURVEY_PLACES = f"""
SELECT {handle("p.survey_id", "p.person_id")} AS id, p.survey_id AS survey, p.person_id AS person, p.block
FROM survey_place p JOIN survey s ON s.id = p.survey_id WHERE {_NAMED} ORDER BY p.survey_id, p.person_id
"""
SURVEY_RESPONSES = f"""
SELECT r.id, r.survey_id AS survey, r.person_id AS person, r.attempt, r.edition, r.block, r.started_at, r.due_at,
       r.submitted_at, r.points, r.maximum
FROM survey_response r JOIN survey s ON s.id = r.survey_id WHERE {_NAMED} ORDER BY r.id
"""
SURVEY_ANSWERS = f"""
SELECT a.id, a.response_id AS response, a.question_id AS question, a.slots, a.text
FROM survey_answer a JOIN survey_response r ON r.id = a.response_id JOIN survey s ON s.id = r.survey_id
WHERE {_NAMED} ORDER BY a.id
"""

SURVEY_TALLIES = """
SELECT y.id, y.survey_id AS survey, y.segment_id AS segment, y.took_part, y.questions, y.answered, y.counts, y.written,
       y.pools
FROM survey_tally y ORDER BY y.id
"""
SURVEY_TEXTS = """
SELECT x.id, x.survey_id AS survey, x.question_id AS question, x.pool, x.text FROM survey_text x ORDER BY x.id
"""

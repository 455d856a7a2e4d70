"""What people's rows hold beside facts with days: what a file may change of it, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping

OWN = frozenset({"pronouns", "bio", "skills", "links", "languages", "interests", "phone", "photo"})
"""What people write of themselves: their edit outlives the nightly import, until their row says something new."""


def _said(field: str, value: str) -> str:
    own = " AND NOT r.is_same" if field in OWN else ""
    return f"CASE WHEN r.said ? '{field}'{own} THEN {value} ELSE p.{field} END"


def _list(field: str) -> str:
    given = f"CASE jsonb_typeof(r.said->'{field}') WHEN 'array' THEN r.said->'{field}' ELSE '[]' END"
    return _said(field, f"ARRAY(SELECT jsonb_array_elements_text({given}))")


NEW_VALUES: Mapping[str, str] = {
    # The name of whoever belongs to the company is a fact with days, and follows from it.
    "name": "CASE WHEN NOT r.is_member AND r.is_fact AND r.said ? 'name' THEN r.said->>'name' ELSE p.name END",
    **{field: _said(field, f"r.said->>'{field}'") for field in ("email", "employee_id", "location", "time_zone")},
    **{field: _said(field, f"r.said->>'{field}'") for field in ("pronouns", "phone", "photo")},
    "bio": _said("bio", "coalesce(r.said->>'bio', '')"),
    **{field: _list(field) for field in ("links", "languages", "interests")},
}
"""What each column of a person `p` becomes by their record `r`."""

DIFFERS = (
    f"ROW({', '.join(f'p.{column}' for column in NEW_VALUES)}) IS DISTINCT FROM ROW({', '.join(NEW_VALUES.values())})"
)

# A file of an earlier day than the last one, or of a day to come, says nothing of today's rows; those of new people
# have nothing else.
APPLIES = "(r.is_new OR NOT r.is_old AND (SELECT effective_on FROM import_run WHERE id = $1) <= $2)"
"""A condition: what a record says beside facts with days holds today, $2."""

LACKS_SKILLS = """(r.said ? 'skills' AND NOT r.is_same AND EXISTS (
    SELECT 1 FROM jsonb_array_elements(CASE jsonb_typeof(r.said->'skills') WHEN 'array' THEN r.said->'skills' ELSE '[]'
        END) k
    WHERE NOT EXISTS (
        SELECT 1 FROM person_skill h JOIN (
            SELECT id, key FROM skill UNION ALL SELECT skill_id, key FROM skill_synonym
        ) s ON s.id = h.skill_id
        WHERE h.person_id = r.subject_id AND s.key = k->>'key')))"""
"""A condition: the record `r` names a skill that the person does not have."""

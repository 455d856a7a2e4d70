"""What people say of themselves, and the fields that a company has for it, as an export says them."""

from atrium.exports.sql import listed

PROFILE_FIELDS = """
SELECT f.id, f.name, f.key, f.kind, f.builtin, f.choices, f.visibility, f.is_required, f.is_locked, f.rank,
       f.created_at, f.deleted_at
FROM profile_field f ORDER BY f.id
"""

# Whoever holds nothing today keeps the last title and unit: no fact says them any more.
VALUES = """
SELECT v.field_id AS field, v.text, trim_scale(v.number)::text AS number, v.day, v.person_ref_id AS person, v.source,
       v.updated_at
FROM profile_value v WHERE v.person_id = p.id ORDER BY v.field_id
"""
PROFILES = f"""
SELECT p.id, p.id AS person, p.working_style, p.works_from, p.works_to, p.shows_reading, p.shows_presence, p.suggested,
       p.created_at, p.updated_at AS changed_at,
       CASE WHEN p.position_id IS NULL THEN p.title END AS last_title,
       CASE WHEN p.position_id IS NULL THEN p.unit_id END AS last_unit, {listed(VALUES)} AS values
FROM person p ORDER BY p.id
"""
